"""An option that is a word is one of its words, at every public function: any other is refused, and the nearest named.

A word that is only compared with the expected ones is taken as the other: `formulary="UK"` would lose the dose,
`audience="Clinician"` would give the leaflet of the patient.
"""

from __future__ import annotations

import argparse
import inspect
import sys
import tempfile
import types
import typing
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import b12labs
from b12labs import B12LabsError, Measurement, Panel, SiteMapping, plots, schemas
from b12labs.cli.main import _parser
from b12labs.cohort_report import report_file
from b12labs.errors import checked_word
from b12labs.files import interpret_file, read_row
from b12labs.inputs.numbers import Decimal
from b12labs.integrations import arrow, dask, duckdb, polars, spark
from b12labs.integrations.cds_hooks import Options
from b12labs.integrations.server import Settings, SettingsError, read_settings
from b12labs.patient.interpretation import Audience
from b12labs.record import Record
from b12labs.reference import Formulary
from site_pages.api_reference import modules
from tests.conftest import ROOT

RESULTS = {"b12": "150 pg/mL"}
TABLE = pd.DataFrame({"b12 [pg/mL]": [150.0], "symptoms": ["fatigue"], "patient": ["a"], "date": ["2026-01-05"]})
LONG = pd.DataFrame(
    {"patient": ["a"], "time": ["2026-01-05"], "test": ["B12"], "value": ["150"], "unit": ["pg/mL"]}, dtype="str"
)
SCHEMA = pa.schema({"b12": pa.string()})
FILE = ROOT / "examples/labs.csv"
DRAW = {"date": "2026-01-05", **RESULTS}

#: Classes that b12labs makes itself: nobody gives them a word, and what reads theirs checks it.
MADE_BY_B12LABS = {"b12labs.AuditLine", "b12labs.Draws", "b12labs.files.FileRow"}


@cache
def parquet() -> str:
    """Write the table where a worker of Spark could read it, and return its path."""
    path = Path(tempfile.mkdtemp()) / "labs.parquet"
    pq.write_table(pa.table({"b12 [pg/mL]": [150.0]}), path)
    return str(path)


def of_spark(**options: Any) -> object:
    from pyspark.sql import types as kinds

    schema = kinds.StructType([kinds.StructField("b12 [pg/mL]", kinds.DoubleType())])
    return spark.interpret(types.SimpleNamespace(schema=schema, columns=schema.names), **options)  # type: ignore[arg-type]  # options are checked on the driver, without a session


#: How to call everything public that takes a word. What is not listed here fails the first test.
CALLS: dict[str, Callable[..., object]] = {
    "b12labs.Audit.of_kind": lambda **word: b12labs.audit(TABLE).of_kind(
        **{"kind": "test", "understood": True, **word}
    ),
    "b12labs.audit": lambda **word: b12labs.audit(TABLE, **word),
    "b12labs.Interpretation.to_json": lambda **word: b12labs.interpret(**RESULTS).to_json(**word),
    "b12labs.Interpretation.to_dict": lambda **word: b12labs.interpret(**RESULTS).to_dict(**word),
    "b12labs.Interpretation.to_html": lambda **word: b12labs.interpret(**RESULTS).to_html(**word),
    "b12labs.Summary.to_html": lambda **word: b12labs.summarize(b12labs.interpret_frame(TABLE)).to_html(**word),
    "b12labs.Interpretation.to_text": lambda **word: b12labs.interpret(**RESULTS).to_text(**word),
    "b12labs.Interpretation.what_if": lambda **word: b12labs.interpret(**RESULTS).what_if(mma=None, **word),
    "b12labs.Measurement": lambda **word: Measurement("b12", **word),
    "b12labs.Panel": Panel,
    "b12labs.SiteMapping": SiteMapping,
    "b12labs.compare_guidelines": lambda **word: b12labs.compare_guidelines(**RESULTS, **word),
    "b12labs.compare_guidelines_frame": lambda **word: b12labs.compare_guidelines_frame(TABLE, **word),
    "b12labs.follow_up": lambda **word: b12labs.follow_up([DRAW], **word),
    "b12labs.follow_up_frame": lambda **word: b12labs.follow_up_frame(TABLE, **word),
    "b12labs.interpret": lambda **word: b12labs.interpret(**RESULTS, **word),
    "b12labs.problems_of": lambda **word: b12labs.problems_of(TABLE, **word),
    "b12labs.interpret_frame": lambda **word: b12labs.interpret_frame(TABLE, **word),
    "b12labs.interpret_long": lambda **word: b12labs.interpret_long(LONG, **word),
    "b12labs.measure": lambda **word: b12labs.measure("b12", "150 pg/mL", **word),
    "b12labs.read_panel": lambda **word: b12labs.read_panel(RESULTS, report=True, **word),
    "b12labs.screen": lambda **word: b12labs.screen(symptoms=["fatigue"], **word),
    "b12labs.screen_frame": lambda **word: b12labs.screen_frame(TABLE, **word),
    "b12labs.to_sql": lambda **word: b12labs.to_sql(columns={"b12 [pg/mL]": "b12"}, **word),
    "b12labs.to_draws": lambda **word: b12labs.to_draws(LONG, **word),
    "b12labs.plots.anemia_against_mcv": lambda **word: plots.anemia_against_mcv(TABLE, **word),
    "b12labs.plots.b12_against_mma": lambda **word: plots.b12_against_mma(TABLE, **word),
    "b12labs.plots.combined_index_classes": lambda **word: plots.combined_index_classes(TABLE, **word),
    "b12labs.plots.guideline_agreement": lambda **word: plots.guideline_agreement(TABLE, **word),
    "b12labs.plots.one_patient_over_time": lambda **word: plots.one_patient_over_time(TABLE, time="date", **word),
    "b12labs.plots.status_by_age_and_sex": lambda **word: plots.status_by_age_and_sex(TABLE, **word),
    "b12labs.cohort_report.report_file": lambda **word: report_file(FILE, **word),
    "b12labs.files.interpret_file": lambda **word: interpret_file(FILE, **word),
    "b12labs.files.read_row": lambda **word: read_row(FILE, 1, **word),
    "b12labs.schemas.as_json": schemas.as_json,
    "b12labs.schemas.schema": schemas.schema,
    "b12labs.integrations.arrow.interpret_batches": lambda **word: arrow.interpret_batches([], **word),
    "b12labs.integrations.arrow.output_schema": lambda **word: arrow.output_schema(SCHEMA, **word),
    "b12labs.integrations.arrow.arrow_interpreter": lambda **word: arrow.arrow_interpreter(SCHEMA, **word),
    "b12labs.integrations.polars.interpret": lambda **word: polars.interpret(_lazy(), **word),
    "b12labs.integrations.duckdb.interpret": lambda **word: duckdb.interpret(_relation(), **word),
    "b12labs.integrations.dask.interpret": lambda **word: dask.interpret(_dask(), **word),
    "b12labs.integrations.spark.interpret": of_spark,
    "b12labs.integrations.dask.interpret_files": lambda **word: dask.interpret_files(
        [parquet()], output=tempfile.mkdtemp(), **word
    ),
    "b12labs.integrations.spark.interpret_files": lambda **word: spark.interpret_files(
        typing.cast("Any", None), [parquet()], **word
    ),
}


@cache
def _lazy() -> Any:
    import polars as library

    return library.LazyFrame({"b12 [pg/mL]": [150.0]})


@cache
def _relation() -> Any:
    import duckdb as library

    return library.connect().sql('SELECT 150.0 AS "b12 [pg/mL]"')


@cache
def _dask() -> Any:
    import dask.dataframe

    return dask.dataframe.from_pandas(TABLE, npartitions=1)


class _Names(dict[str, Any]):
    """The names of a module; one that it imports for its types only is anything."""

    def __missing__(self, name: str) -> Any:
        return __builtins__.get(name, Any) if isinstance(__builtins__, dict) else getattr(__builtins__, name, Any)


def _kind(annotation: Any, module: str) -> Any:
    names = _Names(vars(sys.modules[module]))
    return eval(annotation, {}, names) if isinstance(annotation, str) else annotation  # our own annotations


def _words(kind: Any) -> tuple[Any, ...]:
    """Return the words of a type, and None with them where it is optional; nothing where it has none."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    parts = get_args(kind) if isinstance(kind, types.UnionType) or get_origin(kind) is typing.Union else ()
    words = tuple(word for part in parts for word in _words(part))
    return (*words, None) if words and types.NoneType in parts else words


def _options(what: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the parameters of something callable that are words, and those of the options that it takes by name."""
    for parameter in inspect.signature(what).parameters.values():
        kind = _kind(parameter.annotation, what.__module__)
        if parameter.kind is parameter.VAR_KEYWORD and get_origin(kind) is typing.Unpack:
            (options,) = get_args(kind)
            for name, field in typing.get_type_hints(options).items():
                if _words(field):
                    yield name, _words(field)
        elif _words(kind):
            yield parameter.name, _words(kind)


def _callables() -> Iterator[tuple[str, Any]]:
    for module in modules():
        for name in module.__all__:
            what, full = getattr(module, name), f"{module.__name__}.{name}"
            if not inspect.isclass(what):
                if callable(what):
                    yield full, what
                continue
            if typing.is_typeddict(what):
                continue
            if not issubclass(what, (BaseModel, Record, Exception)) and full not in MADE_BY_B12LABS:
                yield full, what
            for key in dir(what):
                member = inspect.unwrap(getattr(what, key)) if not key.startswith("_") else None
                member = getattr(member, "__func__", member)
                if inspect.isfunction(member) and member.__module__.startswith("b12labs"):
                    yield f"{full}.{key}", member


WORDS = [(full, name, words) for full, what in _callables() for name, words in _options(what)]


def test_everything_public_that_takes_a_word_is_tried() -> None:
    assert {full for full, _, _ in WORDS} == set(CALLS)
    assert len(WORDS) > 40


def _refused(words: tuple[Any, ...], wrong: Any) -> bool:
    return not any(type(word) is type(wrong) and word == wrong for word in words)


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 9),
    st.floats(),
    st.text(max_size=12),
    st.lists(st.text(max_size=3), max_size=2),
    st.sampled_from(["", " ", ";", "UK", "uks", "Absent", "unknwon", "Raise", "reports", "Patient", "Oral", "FEMALE"]),
)


@pytest.mark.parametrize(("full", "name", "words"), WORDS, ids=[f"{full}-{name}" for full, name, _ in WORDS])
def test_a_word_that_is_not_accepted_is_refused_by_its_name_with_the_accepted_ones(
    full: str, name: str, words: tuple[Any, ...]
) -> None:
    @settings(max_examples=25, deadline=None)
    @given(wrong=ANYTHING.filter(lambda wrong: _refused(words, wrong)))
    @example(wrong="zebra")
    @example(wrong=7)
    def refuses(wrong: Any) -> None:
        with pytest.raises(B12LabsError) as error:
            CALLS[full](**{name: wrong})
        message = str(error.value)
        assert isinstance(error.value, ValueError)
        assert error.value.field == name
        assert message.startswith(f"{name}: expected ")
        assert f"got {wrong!r:.80}" in message
        assert all(repr(word) in message for word in words)

    refuses()


@pytest.mark.parametrize(("full", "name", "words"), WORDS, ids=[f"{full}-{name}" for full, name, _ in WORDS])
def test_a_word_in_another_case_or_misspelled_is_refused_with_the_nearest(
    full: str, name: str, words: tuple[Any, ...]
) -> None:
    letters = [word for word in words if isinstance(word, str) and word.isalpha()]
    for word in letters:
        for wrong in (word.upper(), word.capitalize(), f"{word}{word[-1]}"):
            with pytest.raises(B12LabsError, match=f"got '{wrong}'; did you mean '{word}'"):
                CALLS[full](**{name: wrong})
    assert letters or name in ("decimal", "pregnancy")


def test_none_is_accepted_only_where_the_type_says_so() -> None:
    assert checked_word("decimal", None, Decimal | None) is None
    with pytest.raises(B12LabsError, match=r"decimal: expected '\.' or ',', got None"):
        checked_word("decimal", None, Decimal)


# Settings of a service


@pytest.mark.parametrize("model", [Options, Settings])
def test_a_service_is_not_made_with_a_word_that_is_not_accepted(model: type[BaseModel]) -> None:
    tried = 0
    for name, field in model.model_fields.items():
        for word in filter(None, _words(field.annotation)):
            tried += 1
            with pytest.raises(
                ValidationError, match=f"{name}: expected .*got '{word.upper()}'; did you mean '{word}'"
            ):
                model(**{name: word.upper()})
    assert tried == 6


def test_a_settings_file_with_a_word_that_is_not_accepted_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "b12.toml"
    path.write_text("demo = true\nformulary = 'UK'\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings(path)
    assert str(error.value) == f"{path}: formulary: expected 'uk', 'us' or None, got 'UK'; did you mean 'uk'?"


# The command line


def _choices(parser: argparse.ArgumentParser, given: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every argument with choices, with the commands that lead to it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield given, action
            for name, below in action.choices.items():
                yield from _choices(below, (*given, name))
        elif action.choices:
            yield given, action


CHOICES = list(_choices(_parser()))


@pytest.mark.parametrize(
    ("commands", "action"), CHOICES, ids=[f"{commands}-{action.dest}" for commands, action in CHOICES]
)
def test_the_command_line_refuses_a_word_that_is_not_accepted_and_names_the_nearest(
    commands: tuple[str, ...], action: argparse.Action, capsys: pytest.CaptureFixture[str]
) -> None:
    for word in map(str, action.choices or ()):
        wrong = word.upper() if word.isalpha() else f"{word}{word}"
        with pytest.raises(SystemExit) as stopped:
            _parser().parse_args([*commands, *action.option_strings[:1], wrong])
        said = " ".join(capsys.readouterr().err.split())
        assert stopped.value.code == 2
        assert f"got {wrong!r}; did you mean {word!r}?" in said


def test_the_command_line_offers_the_words_of_the_functions() -> None:
    offered = {action.dest: tuple(action.choices or ()) for _, action in CHOICES}
    assert offered["decimal"] == get_args(Decimal)
    assert offered["formulary"] == get_args(Formulary)
    assert offered["audience"] == get_args(Audience)
    assert offered["name"] == schemas.NAMES
