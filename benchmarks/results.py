"""The results of benchmarks, and their page."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import b12labs
from benchmarks import timing

PACKAGES = ("numpy", "pandas", "pyarrow", "pydantic", "pint", "pyspark")


@dataclass(frozen=True)
class Size:
    """The size of the measurements; `rows` is a tenth of `large`."""

    rows: int = 1_000_000
    repeats: int = 5
    patients: int = 500
    by_hand: int = 2_000

    @property
    def large(self) -> int:
        """The rows of the larger of the two files whose memory is compared."""
        return 10 * self.rows


@dataclass(frozen=True)
class Ratio:
    """The ratio of two measurements, and its target: at most, or at least."""

    what: str
    target: float
    measured: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.measured >= self.target if self.at_least else self.measured <= self.target


@dataclass(frozen=True)
class Figure:
    """The seconds (or bytes) of one thing, run by run; `rows` if its time per row is meaningful."""

    what: str
    values: Sequence[float]
    rows: int = 0
    unit: str = "s"


@dataclass
class Found:
    """The results of one group: ratios with a target, and figures."""

    ratios: list[Ratio] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


@dataclass
class Report:
    """The results of all groups; `missing` holds the reason why a group was skipped or failed."""

    size: Size
    found: dict[str, Found] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def page(self) -> str:
        """Return everything as Markdown."""
        size = self.size
        load = " ".join(f"{value:.1f}" for value in os.getloadavg())
        lines = [
            "# Results of the benchmarks",
            "",
            f"{size.rows:,} made-up rows, medians of {size.repeats} interleaved runs, on "
            f"{min(len(timing.cores()), timing.CORES)} cores.",
            "Written by `make bench`; [docs/benchmarks.md](../docs/benchmarks.md) says what is measured and how.",
            "",
            f"- Machine: {_processor()}, {os.cpu_count()} cores, {_memory()} of memory, {platform.system()}; load "
            f"{load} at the end",
            f"- Python {platform.python_version()}, b12labs {b12labs.__version__}, "
            + ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
            "",
            "| what | target | measured | |",
            "|---|---|---|---|",
        ]
        for found in self.found.values():
            for ratio in found.ratios:
                bound = f"at {'least' if ratio.at_least else 'most'} {ratio.target:.4g}"
                lines.append(
                    f"| {ratio.what} | {bound} | {ratio.measured:.3g} | {'met' if ratio.met else '**missed**'} |"
                )
        lines += ["", "| what | median | lowest to highest | rows/s | a row |", "|---|---|---|---|---|"]
        for found in self.found.values():
            lines += [_line(figure) for figure in found.figures]
        if self.missing:
            lines += ["", "Not measured:", "", *(f"- {group}: {why}" for group, why in self.missing.items())]
        return "\n".join(lines) + "\n"


def _line(figure: Figure) -> str:
    middle = statistics.median(figure.values)
    shown = _seconds if figure.unit == "s" else _bytes
    spread = f"{shown(min(figure.values))} to {shown(max(figure.values))}"
    share = (
        f"{figure.rows / middle:,.0f} | {_seconds(middle / figure.rows)}"
        if figure.rows and figure.unit == "s"
        else " | "
    )
    return f"| {figure.what} | {shown(middle)} | {spread} | {share} |"


def _seconds(value: float) -> str:
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "us")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.0f} ns"


def _bytes(value: float) -> str:
    return f"{value / 1e6:.0f} MB"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return (
        next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
        or platform.machine()
    )


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    except (OSError, ValueError):
        return "an unknown amount"
