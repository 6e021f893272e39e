"""The pictures of a page: inline, or as images with their data, which survive where inline SVG is removed."""

from __future__ import annotations

import base64
import re
from html import unescape

from b12labs.display.markup import element
from b12labs.errors import checked_word
from b12labs.inputs.options import Images

__all__ = ["with_images"]

_PICTURE = re.compile(r"<svg\b([^>]*)>.*?</svg>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?<![\w-])([\w-]+)="([^"]*)"')
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def with_images(html: str, images: Images) -> str:
    """Return a page with its pictures inline, or as images; raise `PanelError` for another word.

    Mail programs, Streamlit and other places that sanitize HTML remove inline SVG. An image keeps the colors of the
    light theme and the picture's text for screen readers.
    """
    return html if checked_word("images", images, Images) == "inline" else _PICTURE.sub(_as_image, html)


def _as_image(picture: re.Match[str]) -> str:
    said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(picture[1])}
    _, _, width, height = said["viewBox"].split()
    size = "" if "width" in said else f" width={width!r} height={height!r}"
    own = picture[0].replace("<svg", f"<svg {_NAMESPACE}{size}", 1)
    data = base64.b64encode(own.encode()).decode()
    kind = {"class_": said["class"]} if "class" in said else {}
    return element(
        "img",
        src=f"data:image/svg+xml;base64,{data}",
        alt=said.get("aria-label", ""),
        width=said.get("width", width),
        height=said.get("height", height),
        **kind,
    )
