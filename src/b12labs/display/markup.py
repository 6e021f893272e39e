"""HTML and SVG elements with escaped text: nothing from outside becomes markup.

The parts of a page are texts of bounded length, tables, and bars drawn to scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from b12labs.text import printable, shortened

__all__ = ["Markup", "bar", "element", "item_list", "joined", "key", "table", "text"]

#: The most characters of a cell, header or message of the input on a page.
LONGEST = 200

_VOID = frozenset({"br", "col", "hr", "img", "meta"})


class Markup(str):
    """Text that is markup already; only `element`, `joined` and drawings make it."""

    __slots__ = ()


def element(name: str, *parts: str, **attributes: str) -> Markup:
    """Return an element; attributes, and parts that are not `Markup`, are escaped.

    `class_` means `class`, and `_` in names means `-`.
    """
    named = "".join(f' {key.rstrip("_").replace("_", "-")}="{joined(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{named}>" if name in _VOID else f"<{name}{named}>{joined(*parts)}</{name}>")


def joined(*parts: str) -> Markup:
    """Return the joined parts; those that are not `Markup` are escaped, without unprintable characters."""
    return Markup("".join(part if isinstance(part, Markup) else escape(printable(part)) for part in parts))


def text(given: object, most: int = LONGEST) -> Markup:
    """Return any value as text of the page, of bounded length."""
    if isinstance(given, Markup):
        return given
    return joined(shortened(str(given), most))


def table(
    caption: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Sequence[int] = (),
    kind: str = "",
    keys: Sequence[str] = (),
) -> Markup:
    """Return a table whose rows start with their header; columns `numbers` hold numbers, the last ones colors (`keys`).

    On a narrow screen every cell is below the one before, with its column's header and color beside it. The roles keep
    it a table for screen readers.
    """
    kinds = [{"class_": "number"} if place in numbers else {} for place in range(len(headers))]
    marks = [Markup()] * (len(headers) - len(keys)) + [key(each) for each in keys]
    columns = zip(headers, kinds, marks, strict=True)
    head = (
        element("th", mark, text(header), scope="col", role="columnheader", **align) for header, align, mark in columns
    )
    lines = []
    for row in rows:
        first, *rest = map(text, row)
        cells = [element("th", first, scope="row", role="rowheader", data_label=headers[0])]
        for cell, header, align, mark in zip(rest, headers[1:], kinds[1:], marks[1:], strict=True):
            cells.append(element("td", mark, cell, role="cell", **align, **({"data_label": header} if cell else {})))
        lines.append(element("tr", *cells, role="row"))
    return element(
        "table",
        element("caption", text(caption)),
        element("thead", element("tr", *head, role="row"), role="rowgroup"),
        element("tbody", *lines, role="rowgroup"),
        role="table",
        **({"class_": kind} if kind else {}),
    )


def key(kind: str) -> Markup:
    """Return the color key of a class, which is shown before its word."""
    return element("i", class_=f"key {kind}", aria_hidden="true")


def bar(parts: Iterable[tuple[str, int]], whole: int) -> Markup:
    """Return a bar of parts, each a class and a number, to scale.

    If the parts are the whole, it fills the column. The numbers are beside it.
    """
    start, drawn = 0.0, []
    for kind, count in parts:
        width = 100 * count / max(whole, 1)
        if count:
            drawn.append(element("rect", class_=kind, x=f"{start:.2f}", width=f"{max(width, 0.4):.2f}", height="10"))
        start += width
    return element(
        "svg",
        *drawn,
        class_="bar",
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def item_list(items: Iterable[object], kind: str = "") -> Markup:
    """Return a list; empty if there are no items."""
    lines = [element("li", text(item)) for item in items]
    return element("ul", *lines, class_=kind) if lines else Markup()
