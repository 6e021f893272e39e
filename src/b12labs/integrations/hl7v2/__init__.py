r"""HL7 v2 result messages (ORU^R01, ORU^R30, OUL^R22) from an integration engine, read into panels.

>>> from b12labs import interpret
>>> from b12labs.integrations import hl7v2
>>> message = r'''
... MSH|^~\&|LAB|HOSP|ENGINE|HOSP|20240301120000+0100||ORU^R01^ORU_R01|42|P|2.5.1|||||||UNICODE UTF-8
... PID|1||1234^^^HOSP^MR||TEST^PATIENT||19570321|F
... OBR|1|||B12 panel|||20240301083000
... OBX|1|SN|2132-9^Vitamin B12^LN||<^150|pg/mL^pg/mL^UCUM|180-914|L|||F
... OBX|2|NM|13964-2^Methylmalonic acid^LN||0.62|umol/L|<0.40|H|||F
... OBX|3|NM|2951-2^Sodium^LN||140|mmol/L|135-145|N|||F
... '''
>>> reading = hl7v2.read(message)
>>> draw, = reading.draws
>>> draw.time, draw.sources
('2024-03-01T08:30:00+01:00', {'b12': 'OBX 1', 'mma': 'OBX 2'})
>>> interpret(draw.panel).status
'deficient'
>>> [(place, problem.code) for place, problem in reading.problems]
[('OBX 3', 'not_an_analyte')]

"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from b12labs.errors import checked_several
from b12labs.integrations.hl7v2.results import read_results
from b12labs.integrations.hl7v2.segments import HL7Error, split
from b12labs.integrations.lab_results import Draw, LabResult, PatientContext, Reading, draws_of
from b12labs.integrations.lost_markers import Sent, with_lost_markers
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import StrPath

__all__ = ["Draw", "HL7Error", "LabResult", "PatientContext", "Reading", "read"]


def read(
    message: str | bytes | Iterable[str | bytes],
    *,
    context: PatientContext | Mapping[str, PatientContext] | None = None,
    window_hours: float | None = None,
    mapping: SiteMapping | StrPath | None = None,
    use_preliminary: bool = False,
) -> Reading:
    """Read messages of results into draws, each with a panel to interpret.

    Parameters
    ----------
    message
        One message, a text of several, or several of them, in the order in which they were sent. Bytes are read in the
        character set of MSH-18.
    context
        Facts about a patient that are not in the messages (medicines, pregnancy): one for all, or by `Draw.patient`.
        Birth date and sex come from PID first.
    window_hours, use_preliminary
        As for `draws_of`.
    mapping
        A site's own names of tests, units, specimens, statuses, flags and sex, and its decimal sign; or the path of
        the file.

    Every OBX is used, or is among `problems` with its place (`OBX 5`, numbered through the message; `message 2 OBX 5`
    if there are several). Comments (NTE) and reference intervals in words are among `notes`.

    Raises `HL7Error` if a text is not a message of results, declares delimiters or a character set that cannot be read,
    or is too large; `ReferenceDataError` if the mapping file cannot be used.

    """
    site, expected = as_mapping(mapping), "a message as text or bytes, or several"
    several = [message] if isinstance(message, str | bytes) else checked_several("message", message, expected)
    found = read_results([split(text) for text in several], site)
    who = {
        patient: _completed(said, context.get(patient) if isinstance(context, Mapping) else context)
        for patient, said in found.patients.items()
    }
    reading = draws_of(
        found.results,
        context=who,
        window_hours=window_hours,
        mapping=site,
        decimal=site.decimal or ".",
        use_preliminary=use_preliminary,
    )
    problems = (*found.problems, *reading.problems)
    unused = {place for place, _ in problems}
    notes = tuple((place, note) for place, note in found.notes if place not in unused)
    read_all = replace(reading, problems=problems, notes=(*notes, *reading.notes), incomplete=found.incomplete)
    sent = {result.source: Sent(result.patient, result.time, result.tests) for result in found.results}
    return with_lost_markers(read_all, sent, site)


def _completed(said: PatientContext, given: PatientContext | None) -> PatientContext:
    """Return the facts about a patient from the messages, completed by those that the caller gave."""
    if given is None:
        return said
    return replace(
        given,
        birth_date=said.birth_date or given.birth_date,
        sex=said.sex or given.sex,
        terms=said.terms | given.terms,
        unread=said.unread + given.unread,
        problems=(*said.problems, *given.problems),
    )
