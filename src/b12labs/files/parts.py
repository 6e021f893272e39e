"""The finished parts of a long run, in a folder beside its output: each file is complete or does not exist.

`.OUT.part/` holds `manifest.json` (the input and arguments of the parts) and, for every part, its rows, its problems
and, written last, its counts: a part is done when its counts exist. Parts are cut by the number of rows. A run that was
stopped therefore continues after the last complete part, and writes the same bytes as an uninterrupted run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from b12labs.errors import B12LabsError
from b12labs.record import as_json
from b12labs.tables.counts.totals import Totals

__all__ = ["Parts"]

MANIFEST = "manifest.json"


class Parts:
    """The parts of one run. Only one run at a time may hold them."""

    def __init__(self, target: Path, manifest: dict[str, Any]) -> None:
        self.folder = target.with_name(f".{target.name}.part")
        self._lock = _locked(self.folder, target)
        self.done: list[Totals] = []
        #: Whether parts of another input or of other arguments were found and discarded.
        self.discarded = False
        try:
            known = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            known = None
        manifest = json.loads(json.dumps(manifest, default=str))
        if known == manifest:
            while (counts := self.path(len(self.done), "counts.json")).exists():
                self.done.append(Totals.model_validate_json(counts.read_bytes()))
        else:
            self.discarded = known is not None
            self._empty()
            self.put(MANIFEST, json.dumps(manifest, indent=1).encode())

    def _empty(self) -> None:
        (self.folder / MANIFEST).unlink(missing_ok=True)  # first, so that the remains of a crash are never used
        for path in self.folder.iterdir():
            if path.name != "lock":
                path.unlink()

    def path(self, part: int, kind: str) -> Path:
        """Return the path of a part's rows, problems or counts."""
        return self.folder / f"{part:06}.{kind}"

    def put(self, name: str, content: bytes) -> None:
        """Write a file of the folder whole, or not at all.

        It is written under another name, synced to the disk, and then renamed.
        """
        unfinished = self.folder / f"{name}.tmp"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
        _sync_folder(self.folder)

    def finish(self, totals: Totals, contents: dict[str, bytes]) -> None:
        """Write a part, its counts last."""
        number = len(self.done)
        for kind, content in contents.items():
            self.put(self.path(number, kind).name, content)
        self.put(self.path(number, "counts.json").name, as_json(totals).encode())
        self.done.append(totals)

    @contextmanager
    def whole(self, target: Path) -> Iterator[IO[bytes]]:
        """Yield a file to write, and move it to its place when it is complete."""
        unfinished = self.folder / f"whole-{target.name}"
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        _sync_folder(target.parent)

    def paths(self, kind: str) -> list[Path]:
        """Return the files of one kind of all parts, in order."""
        return [self.path(number, kind) for number in range(len(self.done))]

    def remove(self) -> None:
        """Remove the folder, and only then release its lock to other runs."""
        self._empty()
        if os.name == "nt":  # Windows cannot remove an open file, and has no lock
            self.close()
        shutil.rmtree(self.folder)
        self.close()

    def close(self) -> None:
        """Release the parts to other runs."""
        self._lock.close()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(folder: Path, target: Path) -> IO[bytes]:
    """Make the folder, and return its lock, held. Raises `B12LabsError` if another run holds it."""
    while True:
        folder.mkdir(exist_ok=True)
        try:
            lock = (folder / "lock").open("ab")
        except FileNotFoundError:  # a finished run removed the folder in between
            continue
        _hold(lock, target)
        if _is_in_place(lock, folder / "lock"):
            return lock
        lock.close()


def _hold(lock: IO[bytes], target: Path) -> None:
    try:
        import fcntl
    except ImportError:  # on Windows, the user must avoid two runs into one file
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise B12LabsError(
            f"{target}: another run is writing this file. Wait for it, or name another file", code="output_in_use"
        ) from None


def _is_in_place(lock: IO[bytes], path: Path) -> bool:
    """Return whether the lock is still the file of that name: a finished run may have removed it."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False
