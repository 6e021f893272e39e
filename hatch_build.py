"""Makes the reference data ready for a wheel, so that its users do not read them anew at every start."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


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
