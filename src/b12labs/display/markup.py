"""HTML and SVG elements whose text is escaped unless it was made here: nothing from outside becomes markup."""

from __future__ import annotations

from html import escape

from b12labs.text import printable

__all__ = ["Markup", "element", "joined"]

_VOID = frozenset({"br", "col", "hr", "img", "meta"})


class Markup(str):
    """Text that is markup already; only `element`, `joined` and drawings make it."""

    __slots__ = ()


def element(name: str, *parts: str, **attributes: str) -> Markup:
    """Return an element; parts that are no `Markup` and attributes are escaped.

    `class_` stands for `class`, `_` in names for `-`.
    """
    named = "".join(f' {key.rstrip("_").replace("_", "-")}="{joined(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{named}>" if name in _VOID else f"<{name}{named}>{joined(*parts)}</{name}>")


def joined(*parts: str) -> Markup:
    """Return the parts one after the other, escaped and without what is no text where they are no `Markup`."""
    return Markup("".join(part if isinstance(part, Markup) else escape(printable(part)) for part in parts))
