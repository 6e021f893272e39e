"""The vocabulary of a form: analytes with their units, context terms, guidelines, and the words of the answer."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from b12labs import reference
from b12labs.answer import words
from b12labs.inputs.units import accepted_units, usual_units
from b12labs.integrations.options import Options
from b12labs.limits.stratified import limits_of
from b12labs.reasoning.compiled import BESIDE, PRINTED
from b12labs.reference import CONTEXT_FIELDS, Analyte
from b12labs.reference.bedside import RedFlags, bedside
from b12labs.reference.unit_labels import unit_label
from b12labs.text import as_words
from b12labs.version import __version__

__all__ = ["Vocabulary", "vocabulary"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class AcceptedUnit(_Part):
    """One unit in which an analyte may be given.

    Its UCUM spelling, its printed label, and whether laboratories usually report the analyte in it.
    """

    ucum: str
    label: str
    usual: bool


class AcceptedAnalyte(_Part):
    """One analyte, with its accepted units, the usual ones first.

    `qualitative` is True if it may also be positive or negative.
    """

    key: str
    label: str
    name: str
    units: tuple[AcceptedUnit, ...]
    qualitative: bool


class GuidelineChoice(_Part):
    """One guideline that can be chosen; the key is blank for the service's own, which is the default."""

    key: str
    title: str


class ContextField(_Part):
    """One field of the clinical context, such as `symptoms`."""

    key: str
    label: str


class ContextTerm(_Part):
    """One context term: its field, its name, and its other names."""

    key: str
    field: str
    label: str
    synonyms: tuple[str, ...]


class CitedSource(_Part):
    """One source: its short name, its title, and its address."""

    short: str
    title: str
    url: str | None


class Vocabulary(_Part):
    """All names that a panel accepts, and the words of the answer.

    `guideline` and `unreported_context` are the defaults. `headlines` name the statuses. `said` are the findings with
    a sentence under the headline, in order, and `beside` those outside the assessment of B12. `red_flags` is the advice
    on signs that cannot wait if a symptom is reported. `checked` explains how numbers were checked. `sources` are by
    key.
    """

    version: str
    analytes: tuple[AcceptedAnalyte, ...]
    fields: tuple[ContextField, ...]
    terms: tuple[ContextTerm, ...]
    guidelines: tuple[GuidelineChoice, ...]
    guideline: str
    unreported_context: str
    formularies: tuple[str, ...]
    headlines: dict[str, str]
    said: tuple[str, ...]
    beside: tuple[str, ...]
    red_flags: RedFlags
    checked: dict[str, str]
    sources: dict[str, CitedSource]


def vocabulary(options: Options) -> Vocabulary:
    """Return the vocabulary of a service with these options."""
    keys = reference.guideline_keys()
    choices = [GuidelineChoice(key=key, title=reference.guideline(key).title) for key in keys]
    own = options.guideline not in keys
    if own:
        choices.insert(0, GuidelineChoice(key="", title=limits_of(options.guideline).guideline.title))
    return Vocabulary(
        version=__version__,
        analytes=tuple(_analyte(analyte) for analyte in reference.analytes().values()),
        fields=tuple(ContextField(key=field, label=as_words(field).capitalize()) for field in CONTEXT_FIELDS),
        terms=tuple(
            ContextTerm(key=term.key, field=term.field, label=term.label, synonyms=term.synonyms)
            for term in reference.context().terms.values()
        ),
        guidelines=tuple(choices),
        guideline="" if own else options.guideline,
        unreported_context=options.unreported_context,
        formularies=tuple(dict.fromkeys(regimen.formulary for regimen in reference.regimens())),
        headlines={status: _as_sentence(headline) for status, headline in words.HEADLINES.items()},
        said=(*PRINTED, "functional_deficiency"),
        beside=BESIDE,
        red_flags=bedside().red_flags,
        checked=words.CHECKED,
        sources={
            key: CitedSource(short=source.short, title=source.title, url=_address(source))
            for key, source in reference.sources().items()
        },
    )


def _analyte(analyte: Analyte) -> AcceptedAnalyte:
    usual = usual_units(analyte)
    ordered = dict.fromkeys((*usual, *accepted_units(analyte)))
    return AcceptedAnalyte(
        key=analyte.key,
        label=analyte.label,
        name=analyte.name,
        units=tuple(AcceptedUnit(ucum=unit, label=unit_label(unit), usual=unit in usual) for unit in ordered),
        qualitative=analyte.qualitative,
    )


def _address(source: reference.Source) -> str | None:
    return source.url or (f"https://doi.org/{source.doi}" if source.doi else None)


def _as_sentence(headline: str) -> str:
    """Return a headline without the capitals that emphasize it in plain text."""
    calm = re.sub(r"\b[A-Z]{3,}\b", lambda word: word[0].lower(), headline)
    return calm[0].upper() + calm[1:]
