"""The style sheet of notebooks: without addresses, for light and dark, narrow and wide, and paper."""

from __future__ import annotations

from dataclasses import fields

from b12labs.display.markup import Markup
from b12labs.display.palette import DARK, LIGHT, Theme

__all__ = ["style"]

#: Notebooks state their theme; elsewhere the reader's system does.
_DARK_NOTEBOOKS = '[data-jp-theme-light="false"] .b12labs,.vscode-dark .b12labs,html[theme="dark"] .b12labs'
_LIGHT_NOTEBOOKS = '[data-jp-theme-light="true"] .b12labs,.vscode-light .b12labs,html[theme="light"] .b12labs'

_RULES = """
.b12labs{container-type:inline-size;box-sizing:border-box;max-width:64rem;padding:1rem 1.2rem;border:1px solid var(--b12-line);border-radius:8px;
background:var(--b12-background);color:var(--b12-text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
.b12labs *{box-sizing:border-box}
.b12labs p,.b12labs ul,.b12labs figure{margin:.35rem 0}
.b12labs ul{padding-left:1.2rem}
.b12labs pre{margin:.4rem 0;padding:.5rem .7rem;border:1px solid var(--b12-line);border-radius:4px;background:none;color:inherit;font-size:.9em;
white-space:pre-wrap;user-select:all}
.b12labs ul.b12-sources{padding:0;list-style:none;color:var(--b12-muted)}
.b12labs h3,.b12labs h4{margin:0;color:inherit;font-weight:600}
.b12labs h3{font-size:1.45rem;line-height:1.2}
.b12labs h4{margin-top:1.1rem;padding-bottom:.2rem;border-bottom:1px solid var(--b12-line);font-size:1rem}
.b12labs small,.b12labs .b12-muted{color:var(--b12-muted);font-weight:400;font-size:.86em}
.b12labs .b12-verdict{display:flex;gap:.8rem;align-items:center}
.b12labs .b12-verdict :is(svg,img){flex:none}
.b12labs .b12-verdict p{margin:.3rem 0 0}
.b12labs .b12-urgency{padding:.1rem .5rem;border:2px solid currentColor;border-radius:4px;color:var(--b12-text);font-weight:600}
.b12labs .b12-lead{margin-top:.7rem;font-size:1.08em;font-weight:600}
.b12labs .b12-result{display:grid;grid-template-columns:minmax(7rem,10rem) minmax(16rem,26rem) minmax(9rem,1fr);gap:.1rem 1rem;align-items:center;
margin:0;padding:.4rem 0;break-inside:avoid}
.b12labs .b12-result+.b12-result{border-top:1px dotted var(--b12-line)}
.b12labs .b12-name{font-weight:600}
.b12labs .b12-given-text{display:block;font-size:1.12em}
.b12labs figcaption small{display:block;line-height:1.3}
.b12labs .b12-place{display:inline-block;padding:0 .45rem;border:1px solid var(--b12-muted);border-radius:4px;font-weight:600;white-space:nowrap}
.b12labs .b12-place.b12-is-low,.b12labs .b12-place.b12-is-high{background:var(--b12-beyond)}
.b12labs .b12-place.b12-is-adequate,.b12labs .b12-place.b12-is-within{background:var(--b12-band)}
.b12labs .b12-against p{margin:.2rem 0 0;line-height:1.3}
.b12labs .b12-strip{display:block;width:100%;height:auto}
.b12labs table{width:100%;margin:.4rem 0;border-collapse:collapse;background:none;color:inherit;font-size:1em}
.b12labs th,.b12labs td{padding:.25rem .7rem .25rem 0;border:0;border-bottom:1px solid var(--b12-line);background:none;color:inherit;text-align:left;
vertical-align:top}
.b12labs td.b12-count,.b12labs th.b12-count{text-align:right}
.b12labs td.b12-bar{width:45%;white-space:nowrap}
.b12labs td.b12-bar :is(svg,img){display:inline-block;width:65%;height:14px;vertical-align:-2px}
.b12labs table.b12-few{width:auto}
.b12labs th,.b12labs .b12-whole{overflow-wrap:normal}
.b12labs .b12-whole{white-space:nowrap}
.b12labs td :is(svg,img){vertical-align:-3px}
.b12labs details{margin-top:.6rem}
.b12labs summary{cursor:pointer;font-weight:600}
.b12labs summary:focus-visible{outline:2px solid var(--b12-text);outline-offset:2px}
.b12labs .b12-problems{margin-top:.8rem;padding:.4rem .8rem;border:2px solid var(--b12-text);border-radius:4px}
.b12labs svg text{font-family:inherit}
.b12-low,.b12-high{fill:var(--b12-beyond)}
.b12-adequate,.b12-within{fill:var(--b12-band)}
.b12-grey,.b12-open,.b12-ground{fill:var(--b12-background)}
.b12-frame{fill:none;stroke:var(--b12-line)}
.b12-tick{stroke:var(--b12-text)}
.b12-hatch,.b12-laboratory{stroke:var(--b12-muted)}
.b12-words{fill:var(--b12-muted)}
.b12-number{fill:var(--b12-text)}
.b12-value{fill:var(--b12-text);stroke:var(--b12-background)}
.b12-given{fill:var(--b12-background);stroke:var(--b12-text)}
@container (max-width:44rem){.b12labs .b12-result{grid-template-columns:1fr auto}.b12labs .b12-drawing{grid-column:1/-1;grid-row:2;max-width:26rem}
.b12labs .b12-against{display:contents}.b12labs .b12-against>*{grid-column:1/-1}.b12labs .b12-against>.b12-place{grid-column:2;grid-row:1;
align-self:start}}
@container (max-width:34rem){.b12labs .b12-wide,.b12labs .b12-wide tbody,.b12labs .b12-wide tr,.b12labs .b12-wide td{display:block}
.b12labs .b12-wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.b12labs .b12-wide tr{padding:.3rem 0;border-bottom:1px solid var(--b12-line)}.b12labs .b12-wide td{padding:0;border:0}
.b12labs .b12-wide td::before{content:attr(data-label)": ";color:var(--b12-muted)}.b12labs td.b12-bar :is(svg,img){width:45%}}
@media print{.b12labs{border:0;padding:0;max-width:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.b12labs summary,.b12labs h4{break-after:avoid}.b12labs details::details-content{content-visibility:visible;block-size:auto}}
"""


def _variables(theme: Theme) -> str:
    return "".join(f"--b12-{part.name}:{getattr(theme, part.name)};" for part in fields(theme))


def style() -> Markup:
    """Return the style element."""
    light, dark = _variables(LIGHT), _variables(DARK)
    themes = (
        f".b12labs{{{light}color-scheme:light}}"
        f"@media (prefers-color-scheme:dark){{.b12labs{{{dark}color-scheme:dark}}}}"
        f"{_LIGHT_NOTEBOOKS}{{{light}color-scheme:light}}{_DARK_NOTEBOOKS}{{{dark}color-scheme:dark}}"
        f"@media print{{.b12labs.b12labs.b12labs{{{light}color-scheme:light}}}}"
    )
    return Markup(f"<style>{themes}{_RULES.strip()}</style>")
