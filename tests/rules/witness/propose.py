"""Propose rows for parts of rules that no row tries: `python -m tests.rules.witness.propose [FILE ...]`.

Patients around the limits of a rule are drawn until one makes an alteration of the rule answer otherwise; what such a
patient does not need is taken out. The rows are appended as `unreviewed`, with the answer of the code: a person then
says by the documents whether it is right, and takes the mark off.

`--name-anew [FILE ...]` names the parts of rows again where a rule's words have changed.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from b12labs.inputs.units import coefficient_or_factor
from b12labs.inputs.vocabulary import term_groups
from b12labs.limits.stratified import limits_of
from b12labs.logic.expressions import Coefficient, Compare, Limit, Measured, Reported
from b12labs.logic.language import Finding
from b12labs.logic.operations import flag_key
from b12labs.logic.program import Program, Values
from b12labs.reference import analytes, context
from tests.rules.witness import desk
from tests.rules.witness.parts import Alteration, Rule, alterations, compared_edges, edges, position, reading
from tests.rules.witness.rows import HERE, OPTIONS, UNREVIEWED, Row, read_rows
from tests.strategies import TYPICAL

DRAWN = 1500
ROUNDS = 14
GUIDELINES = ("nice-ng239", "denmark")
Inputs = dict[str, str]


def _number(value: float) -> str:
    return f"{value:.6g}"


def _step(limit: float) -> float:
    return 1 if limit >= 10 else 0.1 if limit >= 1 else 0.01


def compared_key(node: Compare) -> str | None:
    """Return the result that a comparison is about."""
    measured = (part.key for part in node.left.walk() if isinstance(part, Measured))
    return flag_key(node.left) or next(measured, None)


def _around(limit: float) -> list[float]:
    step = _step(limit)
    return [limit - step, limit, limit + step]


class Candidates:
    """What each input of a rule may be: values around the limits that it is compared with, and words of its context."""

    def __init__(self, name: str, rule: Rule, guideline: str, extra: Sequence[Any] = ()) -> None:
        self.name = name
        self.values: dict[str, list[str]] = defaultdict(list)
        self.terms: list[str] = []
        nodes = [node for root in (rule, *extra) for node in root.walk()]
        names = {node.name for node in nodes if isinstance(node, Reported)}
        keys = {node.key for node in nodes if isinstance(node, Measured)}
        if name == "follow_up":
            self._of_a_series(nodes, names, keys)
            return
        limits = limits_of(guideline)
        ages = (40.0, 5.0) if any(isinstance(node, Limit) and node.name == "b12_centile" for node in nodes) else (40.0,)
        strata = [limits.strata.number(limits.strata.band(age, age), sex, 0) for age in ages for sex in (0, 1)]
        points: dict[str, set[float]] = defaultdict(set)
        for node in nodes:
            if not isinstance(node, Compare):
                continue
            key = compared_key(node)
            if key is None:
                continue
            for end in node.right.walk():
                if isinstance(end, Limit) and end.name != "adult_age":
                    for stratum in strata:
                        points[key].update(limits[end.name].at(stratum, substance=False))
                elif isinstance(end, Limit):
                    points[key].add(limits[end.name].at(0, substance=False)[0])
                elif isinstance(end, Coefficient) and isinstance(node.left, Measured):
                    points[key].add(coefficient_or_factor(end.name))
        words = {node.name for node in nodes if isinstance(node, Reported) and node.name.startswith(("word:", "unver"))}
        for key in sorted(keys | {word.partition(":")[2] for word in words}):
            self._of_a_result(key, points[key], words)
        if any(isinstance(node, Limit) for node in nodes):
            self.values["sex"] = ["male", "female"]
            self.values["age"] += [_number(age) for age in ages if _number(age) not in self.values["age"]]
        if "female" in names:
            self.values["sex"] = ["male", "female"]
        if "pregnant" in names:
            self.values["pregnant"] = ["yes", "unknown"]
            self.values["sex"] = ["female"]
        self._of_the_context(names)

    def _of_a_result(self, key: str, points: set[float], words: set[str]) -> None:
        known = [point for point in points if 0 < point < float("inf")]
        if key == "age":
            around = {number for point in known for number in (point - 1 if point > 1 else 0.5, point, point + 1)}
            self.values[key] = [_number(number) for number in sorted(around) if number < 110]
            return
        if key == "elevation":
            self.values[key] = ["2000"]
            return
        analyte = analytes()[key]
        if analyte.qualitative:
            self.values[key] = ["positive", "negative"]
            return
        numbers = sorted({number for point in known for number in _around(point) if number > 0})
        if not numbers:
            low, high = analyte.plausible.low, analyte.plausible.high
            numbers = [float(number) for number in TYPICAL.get(key, (f"{(low * high) ** 0.5:.1g}", f"{high / 4:.1g}"))]
        self.values[key] = [f"{_number(number)} {analyte.unit}" for number in numbers]
        for point in known[:3]:
            self.values[key] += [f"<{_number(point * 1.5)} {analyte.unit}", f">{_number(point / 2)} {analyte.unit}"]
        if f"word:{key}" in words:
            self.values[key] += ["low", "normal"]
        if f"unverified:{key}" in words:
            self.values[key] += [f"{_number(analyte.plausible.high * 1000)} {analyte.unit}"]

    def _of_the_context(self, names: set[str]) -> None:
        chosen: dict[frozenset[str], str] = {}
        for term in sorted(context().terms):
            kind = frozenset(term_groups([term])) & names
            if kind and (term in names or len(term) < len(chosen.get(kind, "x" * 99))):
                chosen[kind] = term
        self.terms = sorted(chosen.values())

    def _of_a_series(self, nodes: list[Any], names: set[str], keys: set[str]) -> None:
        for name in sorted(names):
            self.values[name.removeprefix("series:")] = ["yes", "open"]
        days = sorted(
            {coefficient_or_factor(node.name) for node in nodes if isinstance(node, Coefficient)} - {0.2, 0.7}
        )
        for key in sorted(keys):
            if key.endswith("days") or key == "days_since_treatment":
                self.values[key] = [_number(day + more) for day in days for more in (-1, 0, 1)]
            else:
                self.values[key] = ["0.3", "0.5", "0.69", "0.7", "0.71", "0.79", "0.8", "0.81", "1", "2"]

    def draw(self, rng: random.Random) -> Inputs:
        """Draw a patient, few of the inputs given."""
        share = rng.choice((0.1, 0.25, 0.5, 0.8))
        found = {key: rng.choice(values) for key, values in self.values.items() if values and rng.random() < share}
        some = rng.choice((0.02, 0.1, 0.3)) if len(self.terms) > 6 else rng.choice((0.1, 0.3, 0.5))
        told = [term for term in self.terms if rng.random() < some]
        return {**found, **({"reported": "; ".join(told)} if told else {})}

    def vary(self, patient: Inputs, rng: random.Random) -> Inputs:
        """Change one to three inputs of a patient."""
        found = dict(patient)
        for _ in range(rng.randint(1, 3)):
            if self.terms and rng.random() < 0.4:
                told = set(filter(None, found.pop("reported", "").split("; "))) ^ {rng.choice(self.terms)}
                if told:
                    found["reported"] = "; ".join(sorted(told))
            elif self.values:
                key = rng.choice(list(self.values))
                if key in found and rng.random() < 0.4:
                    del found[key]
                elif self.values[key]:
                    found[key] = rng.choice(self.values[key])
        return found


def _tidied(patient: Inputs) -> Inputs:
    """Keep what contradicts itself out: a pregnant man, no sex beside a pregnancy."""
    if patient.get("pregnant") and patient.get("sex") == "male":
        return {key: value for key, value in patient.items() if key != "sex"}
    return patient


class Search:
    """The search for rows of one rule."""

    def __init__(self, name: str, code: str, guideline: str, seed: int = 0) -> None:
        self.name, self.code, self.guideline = name, code, guideline
        self.rule = desk.rule(name, code)
        extra: list[Any] = []
        self.base: Inputs = {}
        if code in desk.asked():
            extra = [desk.asked()[code].about]
        if code in desk.causes():
            extra = [desk.b12_status.b12_deficiency, desk.treatment.lifelong_treatment]
            self.base = {"b12": "100 pg/mL"}
        self.program = Program([self.rule, *extra])
        self.candidates = Candidates(name, self.rule, guideline, [])
        if code in desk.asked():
            self.candidates = Candidates(name, self.rule, guideline, extra)
        self.rng = random.Random(f"{name} {code} {seed}")
        #: Rules that answer of a whole panel alone are shown only where a marker was measured.
        self.tried: dict[Alteration, Row] = {}

    def rows(self, patients: Sequence[Inputs]) -> list[Row]:
        told = {"guideline": self.guideline} if self.guideline != "nice-ng239" else {}
        return [
            Row(self.code, "", tuple({**self.base, **_tidied(patient), **told}.items()), "") for patient in patients
        ]

    def run(self, patients: Sequence[Inputs]) -> Values:
        return desk.evaluated(self.name, self.rows(patients), self.program)

    def noticed(self, values: Values, rows: int, alteration: Alteration, plain: Any) -> Any:
        """Return in which rows the alteration is noticed."""
        return desk.codes(self.rule, values, rows, reading(self.rule, values, alteration)) != plain

    def codes(self, values: Values, rows: int) -> Any:
        return desk.codes(self.rule, values, rows, reading(self.rule, values))

    def find(self, wanted: list[Alteration], seeds: list[Inputs]) -> dict[Alteration, Inputs]:
        """Find for each alteration the patient with the fewest inputs that notices it."""
        found: dict[Alteration, Inputs] = {}
        pool = list(seeds)
        rounds = ROUNDS if self.guideline == GUIDELINES[0] else 3
        for turn in range(rounds):
            left = [alteration for alteration in wanted if alteration not in found]
            if not left:
                break
            patients = [
                self.candidates.vary(self.rng.choice(pool), self.rng)
                if pool and self.rng.random() < (0.5 if turn else 0.3)
                else self.candidates.draw(self.rng)
                for _ in range(DRAWN)
            ]
            values = self.run(patients)
            plain = self.codes(values, DRAWN)
            sizes = np.array([sum(1 + value.count(";") for value in patient.values()) for patient in patients])
            for alteration in left:
                where = np.flatnonzero(self.noticed(values, DRAWN, alteration, plain))
                if len(where):
                    found[alteration] = patients[where[np.argmin(sizes[where])]]
                    pool.append(found[alteration])
        return found

    def least(self, found: dict[Alteration, Inputs]) -> dict[Alteration, Inputs]:
        """Take out of every patient what its alteration does not need."""
        known = dict(found)
        open_ = set(found)
        while open_:
            trials = [
                (alteration, fewer) for alteration in sorted(open_, key=str) for fewer in _fewer(known[alteration])
            ]
            if not trials:
                break
            values = self.run([patient for _, patient in trials])
            plain = self.codes(values, len(trials))
            better: dict[Alteration, Inputs] = {}
            places: dict[Alteration, list[int]] = defaultdict(list)
            for place, (alteration, _) in enumerate(trials):
                places[alteration].append(place)
            for alteration, mine in places.items():
                seen = self.noticed(values, len(trials), alteration, plain)
                still = [place for place in mine if seen[place]]
                if still:
                    better[alteration] = trials[still[0]][1]
            known.update(better)
            open_ = set(better)
        return known

    def triples(self) -> list[tuple[str, Inputs]]:
        """Find for each comparison patients below, on and above its limit whose answers differ."""
        found: list[tuple[str, Inputs]] = []
        for edge in compared_edges(self.rule):
            assert isinstance(edge.part, Compare)
            key = compared_key(edge.part)
            if key is None or not self.candidates.values.get(key):
                continue
            choices = list(dict.fromkeys(self.candidates.values[key]))
            ways = [
                each
                for each in alterations(self.rule)
                if each.edge == edge and each.how in ("other way", "on the limit")
            ]
            notice = self.least(self.find(ways, []))
            for patient in list(notice.values())[:1]:
                variants = [{**patient, key: choice} for choice in choices]
                values = self.run(variants)
                where = position(edge.part, values, len(variants))
                for side in ("below", "on", "above"):
                    places = np.flatnonzero(where == side)
                    if len(places):
                        place = places[-1] if side == "below" else places[0]
                        found.append((edge.label, variants[int(place)]))
        return found


def _fewer(patient: Inputs) -> Iterator[Inputs]:
    for key, value in patient.items():
        rest = {other: said for other, said in patient.items() if other != key}
        if key == "reported" and "; " in value:
            told = value.split("; ")
            for term in told:
                yield {**patient, key: "; ".join(each for each in told if each != term)}
        else:
            yield rest


def missing(name: str, code: str, rows: list[Row]) -> list[Alteration]:
    """Return the alterations of a rule that no row of it notices."""
    rule = desk.rule(name, code)
    left = list(alterations(rule))
    for some in desk.by_options([row for row in rows if row.rule == code]):
        values = desk.evaluated(name, some)
        plain = desk.codes(rule, values, len(some), reading(rule, values))
        left = [
            alteration
            for alteration in left
            if not (desk.codes(rule, values, len(some), reading(rule, values, alteration)) != plain).any()
        ]
    return left


def propose(name: str, code: str, rows: list[Row], *, triples: bool = True) -> tuple[list[Row], list[Alteration]]:
    """Return new rows for one rule, and the alterations for which none was found."""
    rule = desk.rule(name, code)
    proposed: dict[tuple[tuple[str, str], ...], Row] = {
        tuple(sorted(row.inputs)): row for row in rows if row.rule == code
    }
    new: list[Row] = []

    def add(search: Search, label: str, patients: list[Inputs]) -> None:
        drafts = search.rows(patients)
        values = search.run(patients)
        said = desk.answers(rule, values, len(patients))
        for draft, answer in zip(drafts, said, strict=True):
            key = tuple(sorted(draft.inputs))
            if key not in proposed and answer:
                proposed[key] = Row(code, label, draft.inputs, str(answer), reviewed=False)
                new.append(proposed[key])

    left = missing(name, code, rows)
    named = [node.name.partition(":")[2] for node in rule.walk() if getattr(node, "name", "").startswith("guideline:")]
    for guideline in ("nice-ng239", "denmark", *named) if name not in ("follow_up", "screening") else GUIDELINES[:1]:
        if not left:
            break
        search = Search(name, code, guideline)
        if triples and guideline == GUIDELINES[0] and isinstance(rule, Finding):
            for label, patient in search.triples():
                add(search, label, [patient])
            left = missing(name, code, list(proposed.values()))
        seeds = [
            {key: value for key, value in row.inputs if key not in OPTIONS}
            for row in proposed.values()
            if row.guideline == guideline
        ]
        notice = search.least(search.find(left, seeds))
        for alteration in sorted(notice, key=lambda each: len(notice[each])):
            if alteration in missing(name, code, list(proposed.values())):
                add(search, alteration.edge.label, [notice[alteration]])
        left = missing(name, code, list(proposed.values()))
    return new, left


def tried_parts(name: str, rows: list[Row]) -> dict[str, list[str]]:
    """Return for each row, by its place, the parts that it tries: a comparison by its side, or what it notices."""
    found: dict[str, list[str]] = defaultdict(list)
    for some in desk.by_options(rows):
        values = desk.evaluated(name, some)
        for code, rule in desk.rules_of()[name].items():
            mine = [place for place, row in enumerate(some) if row.rule == code]
            plain = desk.codes(rule, values, len(some), reading(rule, values))
            for edge in compared_edges(rule):
                where = position(edge.part, values, len(some))
                for place in mine:
                    found[some[place].place] += [edge.label] if where[place] else []
            for alteration in alterations(rule):
                seen = desk.codes(rule, values, len(some), reading(rule, values, alteration)) != plain
                for place in mine:
                    found[some[place].place] += [alteration.edge.label] if seen[place] else []
    return found


def name_anew(name: str) -> int:
    """Name the parts of rows anew whose words have changed with their rule; return how many."""
    path, tried, changed = HERE / f"{name}.txt", tried_parts(name, read_rows(name)), 0
    lines = path.read_text(encoding="utf-8").split("\n")
    for row in read_rows(name):
        known = {edge.label for edge in edges(desk.rule(name, row.rule))}
        parts = sorted(set(tried[row.place]) & known, key=len)
        if parts and row.part not in parts:
            number = int(row.place.split(":")[1]) - 1
            lines[number] = str(replace(row, part=parts[0]))
            changed += 1
    path.write_text("\n".join(lines), encoding="utf-8")
    return changed


def main(names: list[str]) -> None:
    """Append proposed rows to the files, or name their parts anew."""
    if names[:1] == ["--name-anew"]:
        for name in names[1:] or sorted(desk.rules_of()):
            print(f"{name}: {name_anew(name)} parts named anew")  # noqa: T201  # a tool that prints
        return
    for name in names or sorted(desk.rules_of()):
        rows = read_rows(name)
        seen: set[tuple[int, int, str]] = set()
        lines: list[str] = []
        for code in desk.rules_of()[name]:
            new, left = propose(name, code, rows)
            lines += [f"\n# {code}" if new else "", *map(str, new)] if new else []
            for alteration in left:
                key = (id(alteration.edge.user), alteration.edge.place, alteration.how)
                if key not in seen:
                    print(f"{name}: {code}: no row notices {alteration}")  # noqa: T201  # a tool that prints
                seen.add(key)
        if lines:
            with (HERE / f"{name}.txt").open("a", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        print(f"{name}: {sum(UNREVIEWED in line for line in lines)} rows proposed", flush=True)  # noqa: T201  # a tool that prints


if __name__ == "__main__":
    main(sys.argv[1:])
