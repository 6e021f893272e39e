"""The first call of a newcomer is answered, or told in one line what to write instead."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import b12labs
from b12labs import (
    B12LabsError,
    Interpretation,
    Panel,
    PanelError,
    SiteMapping,
    UnknownNameError,
    compare_guidelines,
    interpret,
    interpret_frame,
    measure,
    plots,
    screen,
)
from b12labs.cohort_report import report_file
from b12labs.files import interpret_file, read_row
from b12labs.integrations import arrow, dask, duckdb, fhir, hl7v2, polars, spark
from b12labs.verification import verify
from tests.conftest import ROOT

BY_NAME = {"b12": "145 pg/mL", "hemoglobin": "10.4 g/dL", "age": 67, "sex": "female", "symptoms": ["numbness"]}
TABLE = pd.DataFrame(
    {
        "Patient": ["a", "b"],
        "Vitamin B12 (pg/mL)": [145, 510],
        "Hb [g/dL]": [10.4, 13.9],
        "Age": [67, 40],
        "Gender": ["F", "M"],
        "Symptoms": ["numbness", None],
        "Metformin": ["yes", None],
    }
)


# One patient, given as a whole


@pytest.mark.parametrize("as_given", [dict, pd.Series, b12labs.read_panel])
@pytest.mark.parametrize("function", [interpret, compare_guidelines])
def test_a_mapping_a_row_and_a_panel_are_answered_as_the_same_values_by_name(function, as_given):
    assert str(function(as_given(BY_NAME))) == str(function(**BY_NAME))


@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize(
    "of_table",
    [
        lambda table, row: table.iloc[row],
        lambda table, row: table.to_dict("records")[row],
        lambda table, row: pl.from_pandas(table).row(row, named=True),
        lambda table, row: pa.Table.from_pandas(table).to_pylist()[row],
    ],
    ids=["Series", "record", "polars", "pyarrow"],
)
def test_a_row_of_a_table_is_answered_as_the_table_is(of_table, row):
    one, many = interpret(of_table(TABLE, row)), interpret_frame(TABLE, findings=True).iloc[row]
    assert one.status == many["status"]
    assert one.treatment.route == many["treatment_route"]
    for code, found in one.findings.items():
        assert (None if pd.isna(many[code]) else bool(many[code])) == found.state, code


@given(
    cells=st.fixed_dictionaries(
        {},
        optional={
            "B12 [pg/mL]": st.one_of(st.none(), st.floats(20, 2000)),
            "b12 pmol/L": st.floats(20, 2000),
            "MMA (umol/L)": st.one_of(st.none(), st.sampled_from(["<0.1", "0.62", "x"])),
            "hemoglobin": st.sampled_from(["104 g/L", "10.4 g/dL", "10.4"]),
            "Age (months)": st.integers(0, 1000),
            "sex": st.sampled_from(["F", "m", "?", None]),
            "pregnant": st.sampled_from([True, False, None, "no"]),
            "nitrous oxide": st.sampled_from(["yes", 0, 1, None]),
            "Diagnoses": st.sampled_from(["gastrectomy; zebra", None]),
            "id": st.integers(),
        },
    )
)
def test_a_row_is_answered_as_the_table_of_that_row_whatever_it_holds(cells):
    if not any(name in cells for name in ("B12 [pg/mL]", "b12 pmol/L", "MMA (umol/L)", "hemoglobin")):
        cells = {**cells, "B12 [pg/mL]": 145.0}
    frame = pd.DataFrame([cells], dtype=object)
    one, many = interpret(frame.iloc[0], errors="report"), interpret_frame(frame).iloc[0]
    assert (one.status, one.urgency, one.treatment.route) == (
        many["status"],
        many["urgency"],
        many["treatment_route"],
    )
    said = {f"{problem.field}: {problem.code}" for problem in one.problems}
    assert said == set(filter(None, str(many["problems"] if pd.notna(many["problems"]) else "").split("; ")))


def test_a_row_of_itertuples_and_one_with_units_a_decimal_comma_and_a_mapping_are_read():
    (row,) = pd.DataFrame({"b12": ["145 pg/mL"], "age": [67]}).itertuples(index=False)
    assert interpret(row).status == "deficient"
    assert interpret({"b12": "145,5"}, units={"b12": "pg/mL", "mma": "umol/L"}, decimal=",").status == "deficient"
    site = SiteMapping(tests={"Cbl": "b12"}, units={"b12": "pmol/L"}, codes={"sex": {"2": "female"}})
    assert interpret({"Cbl": 90, "sex": 2}, mapping=site).results["b12"].given == "90 pmol/L"


def test_a_result_in_a_mapping_may_be_all_that_it_may_be_by_name():
    for value in ((145, "pg/mL"), {"value": 145, "unit": "pg/mL"}, measure("b12", "145 pg/mL"), "145 pg/mL", "low"):
        assert interpret({"b12": value}).status == interpret(b12=value).status


def test_a_column_of_something_else_is_passed_by_and_a_name_that_may_be_meant_never_is():
    assert interpret({**BY_NAME, "patient_id": 7, "ward": "C3"}).to_json() == interpret(BY_NAME).to_json()
    with pytest.raises(PanelError, match=r"'hemoglobn' is neither .*; did you mean 'hemoglobin'") as error:
        interpret({"b12": "145 pg/mL", "hemoglobn": "10 g/dL"})
    assert error.value.field == "hemoglobn"
    told = interpret({"b12": "145 pg/mL", "hemoglobn": "10 g/dL"}, errors="report")
    assert [(problem.code, problem.field) for problem in told.problems] == [("unknown_field", "hemoglobn")]


def test_an_option_among_the_values_is_never_passed_by():
    for option, value in (("guideline", "bsh-2014"), ("units", {"b12": "pg/mL"}), ("errors", "report")):
        with pytest.raises(PanelError, match=rf"^{option}: .*interpret\(row, {option}=\.\.\.\)"):
            interpret({"b12": "145 pg/mL", option: value})


def test_values_in_a_mapping_and_beside_it_are_refused():
    with pytest.raises(TypeError, match="in the mapping, or by name, not both: got age"):
        interpret({"b12": "145 pg/mL"}, age=40)


def test_nothing_given_is_nothing_assessed_and_names_of_nothing_are_refused():
    assert interpret({}).status == interpret().status == "not_assessed"
    with pytest.raises(PanelError, match="got the names 'foo', 'bar'"):
        interpret({"foo": 1, "bar": 2})


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        (TABLE, "interpret_frame(table)"),
        (pl.from_pandas(TABLE), "interpret_frame(table)"),
        (pl.from_pandas(TABLE).lazy(), "table.collect()"),
        (pa.Table.from_pandas(TABLE), "interpret_frame(table)"),
        (TABLE.to_dict("records"), "interpret_frame(pandas.DataFrame(data))"),
        (TABLE.to_dict("list"), "interpret_frame(pandas.DataFrame(data))"),
        ("labs.csv", "interpret_file(path)"),
        (Path("labs.csv"), "interpret_file(path)"),
        (145, "interpret(b12='145 pg/mL', age=67)"),
        ("145 pg/mL", "interpret(b12='145 pg/mL', age=67), a mapping or a row of them, or a Panel, got '145 pg/mL'"),
    ],
)
@pytest.mark.parametrize("function", [interpret, compare_guidelines, screen])
def test_what_is_not_one_patient_is_refused_with_what_reads_it(function, wrong, instead):
    with pytest.raises(PanelError) as error:
        function(wrong)
    assert error.value.field == "panel"
    assert instead in str(error.value)


def test_a_table_that_is_refused_is_not_repeated_with_its_patients():
    for call in (interpret, compare_guidelines, b12labs.follow_up, b12labs.recognize_long, interpret_file):
        for table in (TABLE, pl.from_pandas(TABLE), pa.Table.from_pandas(TABLE), TABLE["Hb [g/dL]"].to_numpy()):
            if call is b12labs.recognize_long and isinstance(table, np.ndarray):
                continue  # headers, as it were
            with pytest.raises(B12LabsError) as error:
                call(table)
            assert "10.4" not in str(error.value)


def test_a_number_of_a_row_without_a_unit_is_refused_with_how_a_row_is_given_one():
    row = TABLE.assign(MCV=112).iloc[0]
    with pytest.raises(B12LabsError, match=r"Give it beside the row: units=\{'mcv': 'fL'\}$"):
        interpret(row)
    assert interpret(row, units={"mcv": "fL"}).holds("macrocytosis")


# Names


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("hb", "hemoglobin"), ("haemoglobin", "hemoglobin"), ("vitamin_b12", "b12"), ("cobalamin", "b12"),
        ("B12", "b12"), ("homocyst", "homocysteine"), ("creat", "creatinine"), ("tingling", "paresthesia"),
        ("gender", "sex"), ("guidelines", "guideline"), ("guide", "guideline"), ("unit", "units"),
        ("symptom", "symptoms"),
    ],
)  # fmt: skip
def test_an_unknown_keyword_is_named_with_what_the_field_calls_it(name, meant):
    for call in (interpret, compare_guidelines):
        with pytest.raises(PanelError, match=f"'{name}' is neither .*; did you mean '{meant}'?"):
            call(b12="1 pg/mL", **{name: 1})  # named before a value that cannot be used


def test_an_analyte_is_named_wherever_a_key_of_one_is_asked_for():
    result = interpret(b12="145 pg/mL", hemoglobin="10 g/dL")
    for call in (
        lambda: measure("hb", "10 g/dL"),
        lambda: interpret_frame(TABLE, units={"hb": "g/dL"}),
        lambda: interpret(b12="145 pg/mL", units={"hb": "g/dL"}),
        lambda: result.certainty_with({"hb": 3}),
        lambda: result.what_if(hb="9 g/dL"),
        lambda: result.results["hb"],
    ):
        with pytest.raises(B12LabsError, match="did you mean 'hemoglobin'"):
            call()


def test_a_guideline_a_finding_and_an_option_are_named_by_how_they_begin():
    for call, meant in (
        (lambda: interpret(b12="145 pg/mL", guideline="nice"), "nice-ng239"),
        (lambda: interpret(b12="145 pg/mL", guideline="ng239"), "nice-ng239"),
        (lambda: interpret_frame(TABLE, findings=["macro"]), "macrocytosis"),
    ):
        with pytest.raises(B12LabsError, match=f"did you mean '{meant}'"):
            call()
    with pytest.raises(TypeError, match="no option 'guide'; did you mean 'guideline'"):
        interpret_frame(TABLE, guide="nice-ng239")


@pytest.mark.parametrize("read_back", [False, True])
def test_what_an_answer_does_not_hold_is_a_key_error_that_names_the_nearest(read_back):
    result = interpret(b12="145 pg/mL", mcv="112 fL", age=67, sex="female")
    if read_back:
        result = Interpretation.model_validate_json(result.to_json())
    for call, says in (
        (lambda: result.findings["macrocytic"], "did you mean 'macrocytosis'"),
        (lambda: result.results["MCV"], "did you mean 'mcv'"),
        (lambda: result.results["mma"], "There are 'b12', 'mcv'"),
        (lambda: result.possible["status"], "there is no 'status'"),
    ):
        with pytest.raises(KeyError) as error:
            call()
        assert isinstance(error.value, UnknownNameError)
        assert says in str(error.value)
    assert result.findings.get("macrocytic") is None
    assert "MCV" not in result.results


def test_an_attribute_that_is_not_there_is_named_with_the_nearest():
    result = interpret(b12="145 pg/mL")
    for call, meant in (
        (lambda: b12labs.interpet, "interpret"),
        (lambda: result.stauts, "status"),
        (lambda: result.to_htm, "to_html"),
    ):
        with pytest.raises(AttributeError, match=f"did you mean '{meant}'"):
            call()
    assert not hasattr(result, "_ipython_display_")
    assert result.to_dict()["status"] == "deficient"


@pytest.mark.parametrize("unit", ["pgml", "furlong", "umol", ""])
def test_a_unit_that_is_none_is_refused_before_a_row_is_read(unit):
    table = pd.DataFrame({"b12": ["145 pg/mL"], "mma": [None]})
    calls = [
        lambda: interpret(b12="145 pg/mL", units={"mma": unit}),
        lambda: interpret(b12="145 pg/mL", units={"mma": unit}, errors="report"),
        lambda: interpret({"b12": "145 pg/mL"}, units={"mma": unit}),
        lambda: compare_guidelines(b12="145 pg/mL", units={"mma": unit}),
        lambda: interpret(b12="145 pg/mL").what_if(b12="150 pg/mL", units={"mma": unit}),
        lambda: interpret_frame(table, units={"mma": unit}),
        lambda: b12labs.problems_of(table, units={"mma": unit}),
        lambda: SiteMapping(units={"mma": unit}),
    ]
    for call in calls:
        with pytest.raises(B12LabsError, match=r"^units: mma: .*Accepted: umol/L, nmol/L") as error:
            call()
        assert error.value.field == "mma"


def test_a_unit_for_a_file_is_refused_before_it_is_read(tmp_path):
    (tmp_path / "labs.csv").write_text("b12\n145\n", encoding="utf-8")
    with pytest.raises(B12LabsError, match="unit 'pgml' is not known; did you mean 'pg/mL'"):
        interpret_file(tmp_path / "labs.csv", output=tmp_path / "out.csv", units={"b12": "pgml"})
    assert [path.name for path in tmp_path.iterdir()] == ["labs.csv"]


# Paths


class OwnPath:
    """A path of another library."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("kind", [str, Path, OwnPath])
def test_a_path_is_text_or_anything_that_is_a_path(kind, tmp_path):
    (tmp_path / "labs.csv").write_text("Cbl [pg/mL],age\n145,67\n", encoding="utf-8")
    (tmp_path / "site.toml").write_text('[tests]\n"Cbl [pg/mL]" = "b12"\n', encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        (ROOT / "reference_ranges/guidelines/denmark.toml").read_text(encoding="utf-8").replace("denmark", "ours"),
        encoding="utf-8",
    )
    labs, site, own = (kind(tmp_path / name) for name in ("labs.csv", "site.toml", "own.toml"))
    out, problems = kind(tmp_path / "out.csv"), kind(tmp_path / "problems.csv")
    assert interpret_file(labs, output=out, problems=problems, mapping=site).totals.rows == 1
    assert (tmp_path / "out.csv").is_file()
    assert (tmp_path / "problems.csv").is_file()
    assert interpret_file([labs], mapping=site).totals.rows == 1
    assert read_row(labs, 1, mapping=site).values["age"] == "67"
    assert report_file(labs, mapping=site).totals.rows == 1
    assert b12labs.audit(labs, mapping=site).results == 1
    assert b12labs.read_mapping(site).tests == {"Cbl [pg/mL]": "b12"}
    assert interpret(b12="145 pg/mL", guideline=own, mapping=site).guideline == "ours"
    assert interpret_frame(pd.DataFrame({"Cbl [pg/mL]": [145]}), mapping=site, guideline=own)["status"][0]


# Every public function, every wrong thing


def _wrong() -> dict[str, Any]:
    return {
        "None": None, "int": 3, "nan": float("nan"), "NA": pd.NA, "bool": True, "str": "145 pg/mL", "empty str": "",
        "bytes": b"x", "Path": Path("no/such.csv"), "list of dicts": [{"b12": "145 pg/mL"}], "list": [1, 2],
        "empty list": [], "tuple": (1, 2), "set": {1}, "dict": {"b12": "145 pg/mL"}, "empty dict": {},
        "dict of lists": {"b12": ["145 pg/mL"], "age": [40]}, "dict with numbers": {1: 2},
        "generator": (each for each in [1]), "Series": pd.Series({"b12": "145 pg/mL"}),
        "empty Series": pd.Series(dtype=object), "column": pd.Series([1.0, 2.0], name="b12"), "DataFrame": TABLE,
        "empty DataFrame": pd.DataFrame(), "polars": pl.from_pandas(TABLE), "polars Series": pl.Series("b12", [1]),
        "LazyFrame": pl.from_pandas(TABLE).lazy(), "pyarrow": pa.Table.from_pandas(TABLE),
        "numpy": np.array([[1, 2]]), "numpy 0-d": np.array(3), "object": object(), "class": dict, "function": len,
        "Panel": Panel(), "Interpretation": interpret(b12="145 pg/mL"),
    }  # fmt: skip


#: How to give a function one thing where it takes another way, or asks for more.
DOORS: dict[str, Callable[[Any], Any]] = {
    "measure": lambda given: measure("b12", given, unit="pg/mL"),
    "measure by key": lambda given: measure(given, "145 pg/mL"),
    "interpret by name": lambda given: interpret(b12=given, units={"b12": "pg/mL"}),
    "guideline": lambda given: interpret(b12="145 pg/mL", guideline=given),
    "mapping": lambda given: interpret(b12="145 pg/mL", mapping=given),
    "to_sql": lambda given: b12labs.to_sql(columns=given, units={"b12": "pg/mL"}),
    "symptoms": lambda given: interpret(b12="145 pg/mL", symptoms=given),
    "age": lambda given: interpret(b12="145 pg/mL", age=given),
    "plots.one_patient_over_time": lambda given: plots.one_patient_over_time(given, time="Age"),
    "files.interpret_file": interpret_file,
    "files.interpret_file output": lambda given: (
        interpret_file(ROOT / "examples/labs.csv", output=given) if not isinstance(given, str | Path) else None
    ),
    "files.read_row": lambda given: read_row(given, 1),
    "cohort_report.report_file": report_file,
    "arrow.interpret_batches": lambda given: list(arrow.interpret_batches(given)),
    "arrow.output_schema": arrow.output_schema,
    "dask.interpret": dask.interpret,
    "dask.interpret_files": lambda given: dask.interpret_files(given, output="no/such"),
    "duckdb.interpret": duckdb.interpret,
    "fhir.read": fhir.read,
    "fhir.read_ndjson": lambda given: list(fhir.read_ndjson(given)),
    "hl7v2.read": hl7v2.read,
    "polars.interpret": polars.interpret,
    "spark.interpret": spark.interpret,
    "spark.interpret_files": lambda given: spark.interpret_files(None, given),  # type: ignore[arg-type]  # no session
    "verification.verify": verify,
}
#: They take nothing, which Python says itself.
TAKE_NOTHING = {"guidelines"}


def _doors() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    for prefix, module in (("", b12labs), ("plots.", plots)):
        for name in module.__all__:
            what = getattr(module, name)
            if inspect.isroutine(what) and f"{prefix}{name}" not in TAKE_NOTHING | DOORS.keys():
                yield f"{prefix}{name}", what
    yield from DOORS.items()


@pytest.mark.filterwarnings("ignore::b12labs.ColumnWarning")
@pytest.mark.parametrize(("name", "door"), list(_doors()), ids=[name for name, _ in _doors()])
def test_whatever_a_public_function_is_given_it_answers_or_says_in_our_words_what_it_takes(name, door):
    for kind, wrong in _wrong().items():
        try:
            door(wrong)
        except B12LabsError as error:
            said = str(error)
        except FileNotFoundError as error:
            said = str(error) if "no such file" in str(error).lower() else ""
        except Exception as error:  # what no user should see
            pytest.fail(f"{name}({kind}): {type(error).__name__}: {error}")
        else:
            continue
        if len(said) < 15:
            pytest.fail(f"{name}({kind}): {said!r} does not say what to give")


def test_every_public_function_is_swept():
    assert len(dict(_doors())) > 25


# Types


@pytest.mark.long
def test_a_type_checker_completes_the_keywords_and_refuses_another(tmp_path):
    (tmp_path / "labs.py").write_text(
        "from typing import Any\n"
        "from b12labs import compare_guidelines, interpret, screen\n"
        'ok = interpret(b12="145 pg/mL", mma=(0.62, "umol/L"), age=67, sex="female", symptoms=["numbness"],'
        ' nitrous_oxide="yes", guideline="nice-ng239")\n'
        'ok.what_if(mcv="90 fL", folate=None)\n'
        'values: dict[str, Any] = {"b12": "145 pg/mL"}\n'
        "interpret(**values), interpret(values)\n"
        'screen(age=67, symptoms="numbness")\n'
        'interpret(hemoglobn="10 g/dL")\n'
        'compare_guidelines(hemoglobn="10 g/dL")\n'
        'ok.what_if(hemoglobn="10 g/dL")\n'
        'screen(b12="145 pg/mL")\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "labs.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    errors = [line for line in done.stdout.splitlines() if ": error:" in line and line.startswith("labs.py")]
    assert [int(line.split(":")[1]) for line in errors] == [8, 9, 10, 11], done.stdout + done.stderr
    assert all("Unexpected keyword argument" in line for line in errors)
    assert 'did you mean "hemoglobin"' in errors[0] or "hemoglobn" in errors[0]


def test_an_answer_shows_its_verdicts_in_one_line_where_it_is_not_printed():
    shown = repr(interpret(b12="145 pg/mL", age=67))
    assert shown.startswith("<Interpretation status='deficient', functional_deficiency=None, ")
    assert "\n" not in shown
    assert len(shown) < 200


@pytest.mark.parametrize("name", ["operator", "Comparator", "bound"])
def test_a_bound_beside_the_results_of_a_row_is_never_dropped(name):
    only = {"b12": 400, "b12_unit": "pg/mL", name: "<"}
    assert interpret(only).status == interpret(b12="<400 pg/mL").status == "indeterminate"
    row = {**only, "hemoglobin": "14 g/dL"}  # which of two results it bounds is not known
    with pytest.raises(B12LabsError, match="expected a bound in the value itself"):
        interpret(row)
    assert [problem.code for problem in interpret(row, errors="report").problems] == ["unknown_operator"]
    assert interpret({**row, name: None}).status == "deficiency_unlikely"
    assert interpret({**row, name: "="}).status == "deficiency_unlikely"
