"""Writes the pictures of what a notebook shows to docs/images: `python -m tests.pictures`, or `make pictures`."""

import io
import sys
from pathlib import Path

import pandas as pd
from PIL import Image

from b12labs import interpret_frame, summarize
from tests.display.browsing import browser, page_of
from tests.display.patients import interpreted

ROOT = Path(__file__).parents[1]
#: What is in each picture, and how wide it is.
PICTURES = {"notebook": ("readme", 900), "notebook-censored": ("censored", 400), "notebook-table": ("table", 900)}


def content(name):
    if name == "table":
        return summarize(interpret_frame(pd.read_csv(ROOT / "examples/labs.csv", dtype=str)))._repr_html_()
    return interpreted(name)._repr_html_()


def main(folder):
    with browser() as chromium:
        for picture, (name, width) in PICTURES.items():
            for scheme in ("light", "dark"):
                with page_of(chromium, content(name), scheme, width) as page:
                    shot = Image.open(io.BytesIO(page.locator(".b12labs").screenshot()))
                    shot.convert("RGB").quantize(64).save(folder / f"{picture}-{scheme}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
