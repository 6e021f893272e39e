"""Write the generated pages and pictures: `python -m site_pages docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from site_pages.contents import generated


def main(folder: Path) -> None:
    """Write every generated file into the folder of the documentation."""
    for name, text in generated().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
