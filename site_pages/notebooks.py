"""Pages of the documentation that show the notebooks with their output. `make notebooks` runs them and writes the pages.

A page is the prose and the code of its notebook, and between two marks the output of each cell. Without the outputs it
can be compared with its notebook, and nothing needs to be run for that.
"""

from __future__ import annotations

import base64
import functools
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import jupytext
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from PIL import Image

__all__ = ["draw_in_both_themes", "notebooks", "page", "without_outputs"]

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: Data that is not part of the project: the notebook that needs it, and the variable that names its file.
NHANES, VARIABLE = "nhanes", "B12LABS_NHANES"
BEGIN, END = "<!-- output -->", "<!-- end of output -->"
#: The kinds of output of a chart, drawn light and dark.
LIGHT, DARK = "image/png", "image/png;theme=dark"
_SETUP = "from site_pages.notebooks import draw_in_both_themes; draw_in_both_themes()"


def notebooks() -> list[Path]:
    """Return the notebooks; other files beside them are scripts."""
    return [path for path in sorted((ROOT / "notebooks").glob("*.py")) if "\n# %%" in path.read_text(encoding="utf-8")]


def page(notebook: NotebookNode, name: str, folder: Path = DOCS) -> str:
    """Return the page of a notebook with its outputs, and write its pictures below `folder`."""
    pictures = folder / "images/notebooks" / name
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            if len(parts) == 1:
                parts.append(
                    f"In the repository it is `notebooks/{name}.py`. This page is that notebook with its output."
                )
            continue
        parts.append(f"```python\n{cell.source}\n```")
        shown = list(_shown(cell.get("outputs", []), pictures))
        parts += [BEGIN, *shown, END] if shown else []
    return "\n\n".join(parts) + "\n"


def without_outputs(text: str) -> str:
    """Return a page without the outputs of its cells."""
    return re.sub(rf"\n\n{BEGIN}.*?{END}", "", text, flags=re.DOTALL)


def _shown(outputs: list[NotebookNode], pictures: Path) -> Iterator[str]:
    for output in outputs:
        if output.output_type == "stream":
            if output.name != "stdout":
                raise ValueError(f"{pictures.name}: expected no warnings, got {output.text}")
            yield f"```text\n{output.text.rstrip()}\n```"
        elif DARK in output.data:
            yield _picture(output.data, pictures)
        elif "text/html" in output.data:
            html = output.data["text/html"]
            yield _table(html) if 'class="dataframe"' in html else html
        else:
            yield f"```text\n{output.data['text/plain']}\n```"


def _table(html: str) -> str:
    """Return a table of pandas without its own style, so that the site's style sheet applies."""
    html = re.sub(r"<style scoped>.*?</style>\s*", "", html, flags=re.DOTALL)
    html = re.sub(r"<td>(?=[^<]{40})", '<td class="long">', html.replace(' border="1" class="dataframe"', ""))
    return html.replace("<div>", '<div class="frame">', 1)


def _picture(data: dict[str, str], pictures: Path) -> str:
    """Write a chart, light and dark, and return the element that shows the one of the reader's theme."""
    pictures.mkdir(parents=True, exist_ok=True)
    number = len(list(pictures.glob("*-dark.png"))) + 1
    for kind, name in ((LIGHT, f"{number}.png"), (DARK, f"{number}-dark.png")):
        drawn = Image.open(io.BytesIO(base64.b64decode(data[kind]))).convert("RGB")
        drawn.quantize(255, dither=Image.Dither.NONE).save(pictures / name, optimize=True)
    at = f"../images/notebooks/{pictures.name}/{number}"
    return (
        f'<a href="{at}.png"><picture>\n  <source media="(prefers-color-scheme: dark)" srcset="{at}-dark.png">\n'
        f'  <img src="{at}.png" alt="{escape(data["text/plain"])}">\n</picture></a>'
    )


# In the kernel


class _BothThemes:
    """A chart, drawn light and dark."""

    def __init__(self, light: Any, dark: Any) -> None:
        self._light, self._dark = light, dark

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        drawn = {"text/plain": self._light.description}
        for kind, chart in ((LIGHT, self._light), (DARK, self._dark)):
            written = io.BytesIO()
            chart.save(written, format="png", scale_factor=1.5)
            drawn[kind] = base64.b64encode(written.getvalue()).decode()
        return drawn


def draw_in_both_themes() -> None:
    """Make each function of `b12labs.plots` draw its chart light and dark."""
    from b12labs import plots

    def both(draw: Callable[..., Any]) -> Callable[..., _BothThemes]:
        @functools.wraps(draw)
        def drawn(*table: Any, **options: Any) -> _BothThemes:
            return _BothThemes(draw(*table, **options), draw(*table, **options, dark=True))

        return drawn

    for name in plots.__all__:
        setattr(plots, name, both(getattr(plots, name)))


# Running them


def _executed(path: Path, environment: dict[str, str]) -> NotebookNode:
    notebook: NotebookNode = jupytext.read(path)
    notebook.cells.insert(0, new_code_cell(_SETUP))  # type: ignore[no-untyped-call]  # nbformat has no types there
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        coalesce_streams=True,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute(env={**environment, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))})
    notebook.cells.pop(0)
    return notebook


def main() -> None:
    """Run every notebook whose data is available, and write its page and its pictures."""
    survey = Path(os.environ.get(VARIABLE, ROOT / "notebooks/nhanes_1999_2002.csv.gz")).resolve()
    for path in notebooks():
        if path.stem == NHANES and not survey.is_file():
            sys.stdout.write(f"docs/notebooks/{NHANES}.md is left as it is: set {VARIABLE} to the path of its data.\n")
            continue
        notebook = _executed(path, {**os.environ, VARIABLE: str(survey)})
        shutil.rmtree(DOCS / "images/notebooks" / path.stem, ignore_errors=True)
        target = DOCS / "notebooks" / f"{path.stem}.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(page(notebook, path.stem), encoding="utf-8", newline="\n")
        sys.stdout.write(f"docs/notebooks/{path.stem}.md is written.\n")


if __name__ == "__main__":
    main()
