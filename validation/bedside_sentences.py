"""The sentences between bedside tables, by their beginnings, each with its place and words in b12labs' answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from b12labs import differential, follow_up, interpret
from b12labs.reference.bedside import bedside


def folded(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


@cache
def said_of(code: str) -> str:
    """Return the whole text about a condition."""
    return folded(" ".join(str(part) for part in bedside().conditions[code].model_dump().values()))


_GREY = {"b12": "250 pg/mL", "age": 60, "sex": "male"}
_LOW = {"b12": "100 pg/mL", "age": 60, "sex": "male"}


class Said(NamedTuple):
    """The counterpart of a sentence: its place, the text there, and the words that must be in it."""

    place: str
    text: Callable[[], str]
    words: tuple[str, ...]


def _report(**given: Any) -> Callable[[], str]:
    return lambda: folded(str(interpret(**given)))


def _condition(code: str) -> Callable[[], str]:
    return lambda: said_of(code)


def _patient(**given: Any) -> Callable[[], str]:
    return lambda: folded(interpret(**given).to_text(audience="patient"))


_NUMB = _report(**_GREY, symptoms=["numb feet"])
_CORD = _report(**_LOW, symptoms=["ataxia", "extensor plantars"])
_NORMAL = _report(b12="600 pg/mL", mma="0.15 umol/L", age=60, symptoms=["numb feet"])
_TREATED = _report(**_LOW, symptoms=["numb feet"], hemoglobin="95 g/L", mcv="115 fL")
_TABLETS = _report(**_LOW, risk_factors=["vegan"])
_BONES = _report(**_GREY, symptoms=["falls"])
_JOINTS = _report(**_GREY, symptoms=["joint pain"])
_LEGS = _report(**_GREY, symptoms=["achy legs"])


def _nerves_left() -> str:
    numb: dict[str, Any] = {"symptoms": ["numb feet"], "mma": "2.0 umol/L"}
    draws = [{"date": "2026-01-05", **numb}, {"date": "2026-05-05", **numb}]
    return folded(str(follow_up(draws, treatment_started="2026-01-06")))


#: The beginning of each sentence, and its counterpart.
SENTENCES: dict[str, Said] = {
    "Bone: long-standing": Said(
        "report, Other causes and findings", _BONES, ("Long-standing low B12", "lower bone density")
    ),
    "Onset is gradual": Said("differential", _condition("b12_neuropathy"), ("gradual, over months to years",)),
    "Neurological symptoms can come first": Said(
        "differential", _condition("b12_neuropathy"), ("before anemia", "of 192", "164 had neither")
    ),
    "Nerve conduction studies and EMG show the extent": Said(
        "report, Other causes and findings", _CORD, ("the extent",)
    ),
    "Blood within weeks": Said(
        "report, treatment", _TREATED, ("Reticulocytes rise within 3 to 4 days", "8 weeks", "weeks to months")
    ),
    "Early treatment decides": Said("report, treatment", _TREATED, ("Early treatment is decisive",)),
    "Malabsorption usually means": Said(
        "report, duration", _report(**_LOW, diagnoses=["celiac disease"]), ("malabsorption is usually for life",)
    ),
    "The body stores years": Said("report, Other causes and findings", _TABLETS, ("stores of B12 last for years",)),
    "Red flags whatever B12 shows": Said(
        "report, Other causes and findings",
        _LEGS,
        ("weakness over days", "face or speech", "numb saddle", "swallowing", "red hot joint", "calf", "chest pain"),
    ),
    "Damaged nerves can be felt": Said(
        "differential",
        _condition("b12_joint"),
        ("in or around a joint", "unsteady gait", "anemia adds aching", "inflammatory markers"),
    ),
    "No B12 level is known": Said(
        "report, Other causes and findings",
        _JOINTS,
        ("low B12 is unproven", "Examine the joint", "tingling, numbness, weakness"),
    ),
    "A swollen, red or stiff joint": Said("report, Other causes and findings", _JOINTS, ("in its own right",)),
    "Night cramps and spasms go with": Said(
        "differential", _condition("cramps_other"), ("effort, pregnancy", "diuretics and statins", "electrolytes")
    ),
    "Ask for numbness and gait": Said(
        "differential", _condition("cramps_other"), ("ask for both", "electrolytes, calcium, TSH")
    ),
    "Not to diagnose B12 deficiency": Said(
        "report, Other causes and findings",
        lambda: _NUMB() + _CORD(),
        ("do not diagnose", "Do not delay treatment for them"),
    ),
    "Asked for when weakness": Said(
        "report and follow_up",
        lambda: _NUMB() + _NORMAL() + _CORD() + _nerves_left(),
        ("one-sided, rapid or atypical of B12", "B12 and MMA are normal", "at the start", "after 3 months"),
    ),
    "They show length-dependent": Said(
        "report, Other causes and findings",
        lambda: _NORMAL() + _CORD(),
        ("mostly axonal", "miss the spinal cord", "evoked potentials"),
    ),
    "A normal study does not": Said("report, Other causes and findings", _NORMAL, ("small-fiber or early disease",)),
    "Low B12 goes with lower bone density": Said(
        "report, Other causes and findings", _BONES, ("Framingham", "148 pmol/L", "0.96", "0.92 to 1.00", "17 studies")
    ),
    "It is no reason by itself": Said(
        "report, Other causes and findings", _BONES, ("not a reason for a density scan",)
    ),
    "Falls from lost position sense": Said(
        "report, Other causes and findings", _BONES, ("lost position sense matter more",)
    ),
    "Swallowed and sublingual": Said("report, treatment", _TABLETS, ("used alike", "not an injection")),
    "In one retrospective": Said("report, treatment", _TABLETS, ("3,451 sublingual", "symptoms were not measured")),
    "Where injections are called for": Said("report, treatment", _TREATED, ("does not replace the injections",)),
    "By mouth for a dietary cause": Said(
        "report, treatment", lambda: _TABLETS() + _TREATED(), ("by mouth", "by injection", "; then 1 mg every")
    ),
    "Plants, seaweed": Said("report, treatment", _TABLETS, ("seaweed and unfortified yeast",)),
    "Stores last for years": Said(
        "report, Other causes and findings", _TABLETS, ("Ask since when", "one from years ago supports it")
    ),
    "Who is watched, and how": Said(
        "report, Other causes and findings, by guideline",
        lambda: "".join(
            _report(**{**_GREY, **given})()
            for given in (
                {"risk_factors": ["gastric bypass"]},
                {"medicines": ["metformin"]},
                {"medicines": ["metformin"], "guideline": "nhg"},
                {"risk_factors": ["vegan"]},
            )
        ),
        (" BOMSS: ", " MHRA 2022: ", " NHG: ", "without symptoms, no test is needed first"),
    ),
    "The report says which applies": Said(
        "report, Other causes and findings",
        _report(**_GREY, medicines=["omeprazole"]),
        ("ask about symptoms every year, and test if there are any",),
    ),
    "On treatment B12 itself": Said(
        "report, treatment", _report(**_LOW, risk_factors=["b12 injections"]), ("Do not monitor injections",)
    ),
    "Symptoms are gradual, easily": Said(
        "report, Other causes and findings", _LEGS, ("come gradually", "easily attributed", "begin in the legs")
    ),
    "Persistent or unexplained leg": Said(
        "patient's report", _patient(**_GREY, symptoms=["thigh pain"]), ("legs, thighs or joints", "all your symptoms")
    ),
    "Two sides are said for": Said(
        "differential",
        lambda: folded(" ".join(map(str, differential(side="both", place="outer thigh")))),
        ("both in up to 20 %",),
    ),
}
