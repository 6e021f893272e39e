"""Compare the provenance of a file's answers with this installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from b12labs.errors import GuidelineError, checked_path
from b12labs.limits.stratified import limits_of
from b12labs.provenance.fingerprint import fingerprint, guideline_hash
from b12labs.provenance.model import Provenance
from b12labs.text import StrPath, count_of
from b12labs.verification.documents import said_in
from b12labs.verification.rerun import Rerun, rerun_table
from b12labs.verification.rerun_fhir import rerun_fhir
from b12labs.version import __version__

__all__ = ["Compared", "Verified", "verify"]

#: For a document without provenance: 0.1.0 wrote none, and a CSV may have been moved without its provenance file.
UNSAID = "No: it has no record of the rules that it was made with"


@dataclass(frozen=True)
class Compared:
    """One thing that answers are made with, as it was and as it is here; `bears` is whether answers depend on it."""

    what: str
    made: str
    here: str
    same: bool
    bears: bool = True


@dataclass(frozen=True)
class Verified:
    """The verification of documents of one kind and provenance; `made` is None if they have no provenance."""

    kind: str
    documents: int
    made: Provenance | None
    compared: tuple[Compared, ...] = ()
    rerun: Rerun | None = None

    @property
    def again(self) -> bool:
        """Whether this installation gives the same answers: recomputed, or by the same rules, limits and version."""
        if self.rerun is not None and self.rerun.rows:
            return not self.rerun.different
        return self.made is not None and all(each.same for each in self.compared if each.bears)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, lists, words and numbers, ready for JSON."""
        return {
            "kind": self.kind,
            "documents": self.documents,
            "again": self.again,
            "made": self.made.model_dump(mode="json") if self.made else None,
            "compared": [asdict(each) for each in self.compared],
            "rerun": asdict(self.rerun) if self.rerun else None,
        }

    def __str__(self) -> str:
        head = count_of(self.documents, self.kind)
        if self.made is None:
            beside = "; the record of a CSV is in FILE.provenance.json beside it" if self.kind == "table" else ""
            return f"{head}\n{UNSAID}{beside}."
        width = max(len(each.what) for each in self.compared)
        lines = [f"  {each.what:{width}}  {_line(each)}" for each in self.compared]
        return "\n".join([f"{head}: {self.made}, {self.made.guideline}", *lines, self._said()])

    def _said(self) -> str:
        again = f"{self.rerun}\n" if self.rerun is not None else ""
        if self.again:
            return f"{again}Yes: this installation gives the same answers."
        gives = "gives" if self.rerun is not None and self.rerun.different else "may give"
        return f"{again}No: this installation {gives} other answers."


def _line(each: Compared) -> str:
    if each.same:
        return f"{each.made}  the same"
    more = "" if each.bears else "  (only the printed text)"
    return f"{each.made}  here {each.here}{more}"


def verify(
    path: StrPath, *, guideline: StrPath | None = None, mapping: Path | None = None, rerun: bool = False
) -> tuple[Verified, ...]:
    """Verify whether this installation would reproduce the answers of a file.

    Parameters
    ----------
    path
        A table that b12labs wrote (a CSV with its `.provenance.json` beside it, or Parquet), or JSON: interpretations,
        FHIR resources, cards, decision records (also one per line), cohort reports.
    guideline
        Your own guideline file, if it was made with one.
    mapping
        The site's mapping, if a table was read with one.
    rerun
        Whether to interpret again and compare the rows of a table, or FHIR resources together with the results that
        they were made from. Other documents do not hold all of their input.

    Raises `B12LabsError` if the file cannot be read, or has no document made by b12labs.

    """
    path = checked_path("path", path)
    kinds: dict[str, tuple[str, Provenance | None, int]] = {}
    for said in said_in(path):
        key = f"{said.kind}|{said.made.model_dump_json() if said.made else ''}"
        kind, made, count = kinds.get(key, (said.kind, said.made, 0))
        kinds[key] = kind, made, count + 1
    return tuple(
        Verified(
            kind,
            count,
            made,
            tuple(_compared(made, guideline)) if made else (),
            _rerun(path, kind, made, guideline, mapping) if rerun and made else None,
        )
        for kind, made, count in kinds.values()
    )


def _rerun(path: Path, kind: str, made: Provenance, guideline: StrPath | None, mapping: Path | None) -> Rerun:
    again = rerun_fhir if kind == "FHIR Observation" else rerun_table
    return again(path, made, guideline=guideline, mapping=mapping)


def _compared(made: Provenance, own: StrPath | None) -> Iterable[Compared]:
    here = fingerprint()
    yield Compared("b12labs", made.version, __version__, made.version == __version__)
    rules = made.rules_hash == here.rules
    yield Compared("rules and numbers", made.rules_version, _version(here.rules_version, here.rules, made), rules)
    said = _guideline(made, own)
    yield Compared("guideline", made.guideline, said or made.guideline, not said)
    words = made.sentences_hash == here.sentences
    yield Compared(
        "sentences", made.rules_version, _version(here.rules_version, here.sentences, made), words, bears=False
    )


def _version(version: str, digest: str, made: Provenance) -> str:
    """Return a version, with the beginning of its hash if the document has the same version with another hash."""
    return f"{version} ({digest[:12]})" if version == made.rules_version else version


def _guideline(made: Provenance, own: StrPath | None) -> str:
    """Return how the guideline differs here, or a blank text if it is the same."""
    try:
        limits = limits_of(str(own) if own else made.guideline)
    except GuidelineError:
        return "not known; give its file as --guideline"
    return "" if guideline_hash(limits) == made.guideline_hash else f"another {limits.guideline.key}"
