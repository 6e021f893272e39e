"""The OBX segments of messages as results, with their patients and times, and without those taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from b12labs.inputs.context.reported import Told, unread
from b12labs.inputs.panel import Problem
from b12labs.inputs.specimens import BLOOD, specimen_text
from b12labs.integrations.hl7v2.coded import coded
from b12labs.integrations.hl7v2.lines import KNOWN, HL7Error
from b12labs.integrations.hl7v2.segments import Segment
from b12labs.integrations.hl7v2.values import flag_of, interval_of, unit_of, value_of
from b12labs.integrations.lab_results import LabResult, PatientContext, which_test
from b12labs.site_mapping.concepts import read_sent
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import as_words

__all__ = ["Results", "orders_of", "read_results"]

_TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)(?P<second>\d\d(?:\.\d{1,4})?)?)?)?)?)?(?P<offset>[+-]\d{4})?",
    re.ASCII,
)
#: The last field that decides the patient and time of results; and the fields that hold texts of several lines.
_READ_UP_TO = {"MSH": 18, "PID": 8, "OBR": 25, "SPM": 4}
_LONG_TEXTS = {"OBX": 5, "NTE": 3}
_NUMBERS = ("NM", "SN")
#: OBR-25 gives the status of an OBX without one: its letters (HL7 table 0123) as those of OBX-11 (0085).
_ORDER_STATUS = {"F": "F", "C": "C", "P": "P", "R": "P", "S": "P", "I": "P", "A": "P", "X": "X"}
_WITHDRAWN, _CORRECTED = ("D", "W", "X"), ("C", "A")


@dataclass
class Order:
    """An OBR with its observations, of one patient and one message; `request` is None if they have no OBR."""

    place: str
    message: Segment
    patient: Segment | None = None
    request: Segment | None = None
    observations: list[tuple[str, Segment]] = field(default_factory=list)
    specimens: list[Segment] = field(default_factory=list)

    def of_request(self, place: str, request: Segment) -> Order:
        """Return the order of the next request; in a message by specimen, it is of the specimen before."""
        specimens = list(self.specimens) if _is_by_specimen(self.message) else []
        return Order(place, self.message, self.patient, request, specimens=specimens)


@dataclass
class Results:
    """The content of messages: results in their order, the patients, and problems and notes with their places."""

    results: list[LabResult] = field(default_factory=list)
    patients: dict[str, PatientContext] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    notes: list[tuple[str, Problem]] = field(default_factory=list)
    incomplete: bool = False


def read_results(messages: Iterable[list[Segment]], mapping: SiteMapping) -> Results:
    """Read split messages; raises `HL7Error` if one is not a message of results."""
    found = Results()
    taken = _Taken()
    for order in orders_of(messages, found, mapping):
        patient = _patient(order, found)
        specimen = _specimen(order, mapping)
        for place, segment in order.observations:
            result = _result(place, segment, order, patient, specimen, mapping, found)
            taken.note(result, segment, order.request, len(found.results))
            found.results.append(result)
    found.problems += [(found.results[place].source, problem) for place, problem in taken.problems.items()]
    found.results = [result for place, result in enumerate(found.results) if place not in taken.problems]
    return found


def orders_of(messages: Iterable[list[Segment]], found: Results, mapping: SiteMapping) -> Iterator[Order]:
    """Group the segments by order; report a segment that is not known."""
    split = list(messages)
    count = sum(segment.name == "MSH" for message in split for segment in message)
    number = 0
    order: Order | None = None
    for segment in (segment for message in split for segment in message):
        if segment.name == "MSH":
            if order is not None:
                yield order
            number += 1
            observations = orders = place = 0
            prefix = f"message {number} " if count > 1 else ""
            _check_kind(segment, prefix)
            order = Order(f"{prefix}MSH", segment)
            last = order.place
        assert order is not None  # a split message begins with MSH
        place += 1
        fault = _broken(segment, f"{prefix}segment {place}") if segment.broken else None
        if fault is not None and segment.name != "OBX":
            found.problems.append((f"{prefix}segment {place}", fault))
        match segment.name:
            case "PID":
                yield order
                last = f"{prefix}PID"
                order = Order(last, order.message, segment)
            case "OBR":
                yield order
                orders += 1
                last = f"{prefix}OBR {orders}"
                order = order.of_request(last, segment)
            case "OBX":
                observations += 1
                last = f"{prefix}OBX {observations}"
                if fault is None:
                    order.observations.append((last, segment))
                else:
                    found.problems.append((last, fault))
            case "SPM":
                last = f"{prefix}SPM"
                if _is_by_specimen(order.message):
                    yield order
                    order = Order(last, order.message, order.patient)
                order.specimens.append(segment)
            case "NTE":
                _note(segment, last, found)
            case "MSH":
                pass
            case _:
                _beside_results(segment, f"{prefix}segment {place}", order, found, mapping)
    if order is not None:
        yield order


def _beside_results(segment: Segment, place: str, order: Order, found: Results, mapping: SiteMapping) -> None:
    """Read a segment about the patient or the message; report a segment that is not known."""
    if segment.name in _NAMED_IN and order.patient is not None:
        _context(segment, place, _patient(order, found), found, mapping)
    elif segment.name == "DSC":
        found.incomplete |= bool(segment.part(1))
    elif segment.name not in KNOWN and not segment.name.startswith("Z"):
        why = "the segment is not known, so it is not read"
        found.problems.append((place, Problem("unknown_segment", segment.name, why)))


#: The field in which a segment names a diagnosis or a medicine.
_NAMED_IN = {"DG1": 3, "PRB": 3, "RXA": 5, "RXC": 2, "RXD": 2, "RXE": 2, "RXG": 4, "RXO": 1}


def _context(segment: Segment, place: str, patient: str, found: Results, mapping: SiteMapping) -> None:
    """Add the diagnosis or medicine of a segment to the patient's context, or report that it is not read."""
    name = "diagnoses" if segment.name in ("DG1", "PRB") else "medicines"
    sent = coded(segment.components(segment.only(_NAMED_IN[segment.name])))
    texts = [text for text in (*sent.texts, segment.part(4) if segment.name == "DG1" else "") if text]
    known = [(code, system) for code, system in sent.codes if system]
    told = read_sent(mapping, known, texts or [sent.code], name, local=(sent.code, sent.other_code))
    if segment.name == "DG1" and segment.part(6).upper() not in ("", "F") and told.terms:
        told = Told(why="the diagnosis is not final", unread=unread(name, told.terms))
    if told.why:
        found.problems.append((place, Problem("unknown_term", name, f"{told.why}; not used")))
    said = found.patients[patient]
    found.patients[patient] = replace(said, terms=said.terms | told.terms, unread=said.unread + told.unread)


def _note(segment: Segment, place: str, found: Results) -> None:
    said = " ".join(segment.text(part) for part in segment.repetitions(3) if part)
    if said:
        found.notes.append((place, Problem("comment", "NTE", said)))


def _broken(segment: Segment, place: str) -> Problem | None:
    """Return the problem of a line end within a field that is not a text of several lines.

    Raises `HL7Error` if the rest of the line could change the patient or the time of results.
    """
    text = _LONG_TEXTS.get(segment.name) if segment.part(2).upper() not in _NUMBERS else None
    number = min((number for number in segment.broken if number != text), default=None)
    if number is None:
        return None
    why = f"a line ends within {segment.name}-{number}"
    if number <= _READ_UP_TO.get(segment.name, 0):
        why = f"{place}: {why}, so the fields after it are not known"
        raise HL7Error(why, code="broken_segment", field=f"{segment.name}-{number}")
    return Problem("broken_segment", segment.name, f"{why}; not used" if segment.name == "OBX" else why)


def _check_kind(head: Segment, prefix: str) -> None:
    if head.part(9) != "ORU" and not _is_by_specimen(head):
        why = f"{prefix}MSH-9: expected a message of results: ORU^R01, ORU^R30 or OUL^R22"
        raise HL7Error(why, code="wrong_message", field="MSH-9")


def _is_by_specimen(head: Segment) -> bool:
    """Return whether a message names each specimen before its orders."""
    return (head.part(9), head.part(9, 2)) == ("OUL", "R22")


def _patient(order: Order, found: Results) -> str:
    """Return the patient of an order's results, and keep the facts of the PID.

    The same number of two authorities is two patients.
    """
    pid = order.patient
    if pid is None:
        return ""
    known = ""
    for number in (3, 2):
        parts = pid.components(next(filter(None, pid.repetitions(number)), ""))
        if parts[0]:
            # The authority's name, or its number if it has no name: 7^^^&1.2.3&ISO is not 7^^^&4.5.6&ISO.
            authority = next(filter(None, parts[3].split(pid.delimiters.subcomponent)), "") if len(parts) > 3 else ""
            known = f"{parts[0]}^^^{authority}" if authority else parts[0]
            break
    born, sex = _iso(pid.part(7)), pid.part(8)
    said = PatientContext(birth_date=born[:10], sex="unknown" if sex.upper() in ("A", "N") else sex)
    found.patients[known] = _agreed(found.patients.get(known, said), said)
    return known


def _agreed(one: PatientContext, other: PatientContext) -> PatientContext:
    """Return the facts of two segments about a patient; a fact on which they differ is unknown."""
    problems = dict.fromkeys((*one.problems, *other.problems))
    said = {}
    for name, field_name, unknown in (("birth_date", "age", "two dates"), ("sex", "sex", "unknown")):
        first, second = getattr(one, name), getattr(other, name)
        said[name] = first or second
        if first and second and first.casefold() != second.casefold():
            said[name] = unknown
            problems[
                Problem(
                    f"conflicting_{field_name}",
                    field_name,
                    f"the PID segments of one patient disagree on the {as_words(name)}",
                )
            ] = None
    terms, unread_of_both = one.terms | other.terms, one.unread + other.unread
    return PatientContext(**said, problems=tuple(problems), terms=terms, unread=unread_of_both)


def _result(
    place: str, segment: Segment, order: Order, patient: str, specimen: str, mapping: SiteMapping, found: Results
) -> LabResult:
    value = value_of(segment)
    low, high, fault = interval_of(segment)
    if fault is not None:
        found.notes.append((place, fault))
    request = order.request
    status = segment.part(11) or (_ORDER_STATUS.get(request.part(25).upper(), request.part(25)) if request else "")
    zone = _TIME.fullmatch(order.message.part(7))
    when = segment.part(14) or (request.part(7) if request else "")
    return LabResult(
        patient,
        _iso(when, (zone and zone["offset"]) or ""),
        _tests(segment, mapping),
        value,
        unit_of(segment),
        flag_of(segment),
        low,
        high,
        status,
        specimen,
        place,
    )


def _specimen(order: Order, mapping: SiteMapping) -> str:
    """Return the specimen of SPM-4, or of OBR-15 if no SPM names one; specimens of two kinds are unknown."""
    said = []
    for specimen in order.specimens:
        sent = coded(specimen.components(specimen.only(4)))
        told = mapping.said_of("specimen", sent.sent)
        words, codes = next(filter(None, sent.texts), ""), [(system, code) for code, system in sent.codes if code]
        said.append(told if told is not None else specimen_text(words, codes))
    said = [kind for kind in said if kind] or [_source(order.request, mapping) if order.request else ""]
    if set(said) <= BLOOD:
        return "blood"
    return said[0] if len(set(said)) == 1 else f"unknown: {', '.join(said)}"


def _source(request: Segment, mapping: SiteMapping) -> str:
    """Return the specimen of OBR-15: a code, its text and its system, or one word."""
    code, words, system, *_ = [*request.subcomponents(15), "", "", ""]
    told = mapping.said_of("specimen", [code, words])
    return told if told is not None else specimen_text(words, [(system, code)] if code else [])


def _tests(segment: Segment, mapping: SiteMapping) -> tuple[str, ...]:
    """Return the test of OBX-3: LOINC codes, names and local codes."""
    said = coded(segment.components(segment.only(3)))
    return which_test(coded=said.codes, names=said.texts, mapping=mapping)


def _iso(sent: str, offset: str = "") -> str:
    """Return a time of HL7 as ISO 8601, with the message's offset if it has none.

    A text that is not such a time is returned unchanged.
    """
    found = _TIME.fullmatch(sent)
    if found is None:
        return sent
    day = "-".join(part for part in found.groups()[:3] if part)
    offset = found["offset"] or offset
    if len(day) < 10 or (found["hour"] is None and not offset):
        return day
    second = f":{found['second']}" if found["second"] else ""
    return f"{day}T{found['hour'] or '00'}:{found['minute'] or '00'}{second}{offset and f'{offset[:3]}:{offset[3:]}'}"


class _Taken:
    """Results that a later segment takes back.

    A result that is withdrawn, or corrected to nothing, is found by order or by time. One that is corrected at another
    time is found by order.

    A result is found by time only if one of the two has no order number: a canceled duplicate does not affect the
    order that was carried out.
    """

    def __init__(self) -> None:
        self.problems: dict[int, Problem] = {}
        #: By patient, test and order (or time): the results so far by their times.
        self.earlier: dict[tuple[str, ...], dict[str, list[int]]] = {}

    def note(self, result: LabResult, segment: Segment, request: Segment | None, number: int) -> None:
        """Note a result, and take back the results that it withdraws or corrects."""
        test = (result.patient, segment.part(3) or segment.part(3, 2), segment.part(4))
        orders = [
            (*test, name, request.part(place))
            for name, place in (("placer", 2), ("filler", 3))
            if request and request.part(place)
        ]
        numbered, bare = ((*test, kind, result.time) for kind in ("numbered", "bare"))
        status = result.status.upper()
        gone = status in _WITHDRAWN or (status in _CORRECTED and not result.value)
        why = Problem("withdrawn_result", "status", f"{result.source} withdrew it") if gone else None
        if status in _CORRECTED and not gone:
            # A correction at the same time is chosen among the results of its draw.
            why = Problem("superseded_result", "status", f"{result.source} corrected it and its time")
        for key in (*orders, bare) if orders else (bare, numbered):
            times = self.earlier.get(key, {})
            if why is not None:
                for when in [when for when in times if gone or when != result.time]:
                    self.problems.update(dict.fromkeys(times.pop(when), why))
        for key in (*orders, numbered) if orders else (bare,):
            self.earlier.setdefault(key, {}).setdefault(result.time, []).append(number)
