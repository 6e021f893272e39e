"""Pieces of the page: text that stays text, tables, and bars drawn to scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["Markup", "bar", "count_of", "item_list", "key", "percent", "table", "text"]

#: The most characters of any cell, header or message of the input that the page repeats.
LONGEST = 200
#: What HTML does not hold, and what turns the direction of the text around it.
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")


class Markup(str):
    """HTML of this module's making; any other string is text."""

    __slots__ = ()


def text(given: object, most: int = LONGEST) -> Markup:
    """Return anything as text of the page: escaped, and not at any length."""
    if isinstance(given, Markup):
        return given
    said = str(given).translate(_UNPRINTABLE)
    return Markup(escape(said if len(said) <= most else f"{said[:most]}…").encode("utf-8", "replace").decode())


def table(
    caption: str, headers: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[int] = (), kind: str = "", keys: Sequence[str] = ()
) -> Markup:
    """Return a table; the first cell of a row is its header, the columns `numbers` hold numbers, and the last ones have colors as `keys`.

    On a narrow screen every cell stands under the one before, with its column's header beside it; the roles keep it a table then.
    """
    kinds = [' class="number"' if place in numbers else "" for place in range(len(headers))]
    marks = ["" for _ in headers[len(keys) :]] + [str(key(each)) for each in keys]
    columns = zip(headers, kinds, marks, strict=True)
    head = "".join(f'<th scope="col" role="columnheader"{align}>{mark}{text(header)}</th>' for header, align, mark in columns)
    lines = []
    for row in rows:
        first, *rest = (text(cell) for cell in row)
        cells = f'<th scope="row" role="rowheader" data-label="{text(headers[0])}">{first}</th>'
        for cell, header, align in zip(rest, headers[1:], kinds[1:], strict=True):
            label = f' data-label="{text(header)}"' if cell else ""
            cells += f'<td role="cell"{align}{label}>{cell}</td>'
        lines.append(f'<tr role="row">{cells}</tr>')
    body = "\n".join(lines)
    return Markup(
        f'<table role="table" class="{kind}"><caption>{text(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'\n<tbody role="rowgroup">\n{body}\n</tbody></table>'
    )


def key(kind: str) -> Markup:
    """Return the color of a class, before the word that it stands for."""
    return Markup(f'<i class="key {kind}" aria-hidden="true"></i>')


def bar(parts: Iterable[tuple[str, int]], whole: int) -> Markup:
    """Return a bar of parts, each a class and a number, to scale: as wide as the column where they are the whole. The numbers stand beside."""
    start, drawn = 0.0, ""
    for kind, count in parts:
        width = 100 * count / max(whole, 1)
        if count:
            drawn += f'<rect class="{kind}" x="{start:.2f}" width="{max(width, 0.4):.2f}" height="10"/>'
        start += width
    return Markup(f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{drawn}</svg>')


def item_list(items: Iterable[object], kind: str = "") -> Markup:
    """Return a list, nothing where there are no items."""
    lines = "".join(f"<li>{text(item)}</li>" for item in items)
    return Markup(f'<ul class="{kind}">{lines}</ul>' if lines else "")


def count_of(count: int, what: str) -> str:
    """Return `1 row`, `1,000 rows`."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def percent(count: int, whole: int) -> str:
    """Return a share, never 0 % of what is there and never 100 % of what is not all."""
    share = 100 * count / whole if whole else 0.0
    if 0 < share < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if 99.9 < share < 100 else f"{share:.1f} %"
