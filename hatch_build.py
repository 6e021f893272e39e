"""What a build adds: reference data ready for use, and the links of the package's page."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

#: A link or picture of Markdown whose target is a file of the repository.
_RELATIVE = re.compile(r"(!?\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)")
#: The same in HTML, in which a picture is light or dark.
_RELATIVE_PICTURE = re.compile(r'\b(src|srcset)="(?!https?:)([^"\s]+)"')


class ReadyData(BuildHookInterface):  # type: ignore[type-arg]  # of any builder
    """Puts the file of `b12labs.reference.ready` beside its module."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file; an editable install makes its own at first use."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        sys.dont_write_bytecode = True
        from b12labs.reference.every_file import contents
        from b12labs.reference.ready import FILE, as_lines

        path = Path(mkdtemp()) / FILE
        path.write_bytes(as_lines(contents()))
        build_data["force_include"][str(path)] = f"b12labs/reference/{FILE}"


class PackagePage(MetadataHookInterface):
    """Makes the links of the package's page from the address of the repository, which stands once."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the addresses, and the README with links that work outside the repository."""
        root = Path(self.root)
        repository = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["b12labs"]["repository"]
        metadata["urls"] = {
            "Repository": repository,
            "Documentation": f"{repository}/blob/main/docs/index.md",
            "Changelog": f"{repository}/blob/main/CHANGELOG.md",
            "Issues": f"{repository}/issues",
        }
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": absolute((root / "README.md").read_text("utf-8"), repository),
        }


def absolute(page: str, repository: str) -> str:
    """Return a page of Markdown whose links to files lead to the repository."""
    page = _RELATIVE_PICTURE.sub(rf'\1="{repository}/raw/main/\2"', page)
    return _RELATIVE.sub(
        lambda link: f"{link[1]}({repository}/{'raw' if link[1][0] == '!' else 'blob'}/main/{link[2]})", page
    )
