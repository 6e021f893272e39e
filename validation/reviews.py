"""Reviews of files of rules and limits by clinicians, and whether a file is unchanged since its review."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

__all__ = ["Review", "reviews"]

ROOT = Path(__file__).parents[1]
REVIEWABLE = ("src/b12labs/rules/", "reference_ranges/")
VERDICTS = ("agrees", "agrees with remarks", "disagrees")


@dataclass(frozen=True, slots=True)
class Review:
    """One review of `reviews.toml`."""

    file: str
    sha256: str
    reviewer: str
    date: date
    read_against: list[str]
    verdict: str
    remarks: str = ""
    interests: str = ""

    def __post_init__(self) -> None:
        if not self.file.startswith(REVIEWABLE):
            raise ValueError(f"file: expected a file under {' or '.join(REVIEWABLE)}, got {self.file!r}")
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict: expected one of {VERDICTS}, got {self.verdict!r}")

    @property
    def stands(self) -> bool:
        """Whether the file is unchanged since its review."""
        path = ROOT / self.file
        return path.is_file() and digest(path) == self.sha256


def reviews(path: Path = ROOT / "validation" / "reviews.toml") -> list[Review]:
    """Return every review. Raises `ValueError` or `TypeError` for an entry that is not a review."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("review", [])
    return [Review(**entry) for entry in entries]


def digest(path: Path) -> str:
    """Return the hash of a file, which does not depend on its line ends."""
    return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def main(names: list[str]) -> int:
    """Print an entry to fill in for each file."""
    today = datetime.now().astimezone().date()
    for name in names:
        path = (ROOT / name).resolve()
        if not path.is_file() or not path.is_relative_to(ROOT):
            sys.stderr.write(f"{name}: expected a file of rules or limits, such as src/b12labs/rules/b12_status.py\n")
            return 2
        sys.stdout.write(
            f'[[review]]\nfile = "{path.relative_to(ROOT).as_posix()}"\nsha256 = "{digest(path)}"\n'
            f'reviewer = ""\ndate = {today}\nread_against = []\nverdict = "agrees"\n'
            f'remarks = ""\ninterests = ""\n'
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
