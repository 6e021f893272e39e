"""Files of any size: each kind of input gives the same interpretation, and a killed run goes on to the same bytes."""

import csv
import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import pandas
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from b12labs import B12LabsError, ColumnError, MissingExtraError, SiteMapping, interpret, interpret_frame, read_mapping
from b12labs.cli.main import main
from b12labs.cli.progress import Progress
from b12labs.files.chunks import in_chunks
from b12labs.files.csv_rows import csv_batches, csv_header
from b12labs.files.interpreting import interpret_file, read_row
from b12labs.files.options import RunOptions
from b12labs.files.parts import Parts
from b12labs.files.sources import Source
from b12labs.files.writing import part_bytes
from b12labs.spreadsheet import original_cell, safe_cell
from b12labs.tables.counts.totals import as_lines
from b12labs.tables.outputs import OUTPUT_COLUMNS
from tests.conftest import ROOT

LABS = ROOT / "examples/labs.csv"
LINES = LABS.read_text(encoding="utf-8").splitlines(keepends=True)
NASTY = 'name,"b12 [pg/mL]",mcv [fL]\n"Žofia, ""Z""",145,112\n"two\nlines",NA,\n=1+1,-3,"\t90"\n，🧪,"<150",88\n'


def rows(path):
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def summary(done):
    """Return the summary's lines; of equal counts, the order is that of the first part that has them."""
    return sorted(as_lines(done.totals, "labs", "nice-ng239", done.columns.unused))


def cli(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    out = tmp_path_factory.mktemp("expected") / "out.csv"
    done = interpret_file(LABS, output=out)
    return rows(out), summary(done)


def as_kind(kind, folder):
    """Write the example as another kind of input."""
    whole, size = "".join(LINES).encode(), len(LINES)
    if kind == "gz":
        (folder / "labs.csv.gz").write_bytes(gzip.compress(whole[:500]) + gzip.compress(whole[500:]))
    elif kind == "zst":
        with pyarrow.CompressedOutputStream(str(folder / "labs.csv.zst"), "zstd") as file:
            file.write(whole)
    elif kind == "tsv":
        with (folder / "labs.tsv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter="\t").writerows(rows(LABS))
    elif kind == "parquet":
        table = pandas.read_csv(LABS, dtype="str", keep_default_na=False)
        pyarrow.parquet.write_table(pyarrow.Table.from_pandas(table), folder / "labs.parquet", row_group_size=7)
    else:
        for number, start in enumerate(range(1, size, 20)):
            (folder / f"{number}.csv").write_text("".join([LINES[0], *LINES[start : start + 20]]), encoding="utf-8")
        return folder if kind == "folder" else folder / "[0-9].csv"
    return next(folder.iterdir())


@pytest.mark.parametrize("part_rows", [7, 1000])
@pytest.mark.parametrize("kind", ["gz", "zst", "tsv", "parquet", "folder", "glob"])
def test_every_kind_of_input_is_read_alike(tmp_path, expected, kind, part_rows):
    (tmp_path / "in").mkdir()
    out = tmp_path / "out.csv"
    done = interpret_file(as_kind(kind, tmp_path / "in"), output=out, part_rows=part_rows)
    assert rows(out) == expected[0]
    assert summary(done) == expected[1]
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out.csv", "out.csv.provenance.json"}


@pytest.mark.parametrize("kind", ["gz", "zst", "tsv", "folder"])
def test_without_pyarrow_csv_is_read_alike(tmp_path, expected, kind, request):
    (tmp_path / "in").mkdir()
    given = as_kind(kind, tmp_path / "in")
    request.getfixturevalue("without_pyarrow")
    done = interpret_file(given, output=tmp_path / "out.csv", part_rows=7)
    assert rows(tmp_path / "out.csv") == expected[0]
    assert summary(done) == expected[1]


@pytest.mark.parametrize("installed", ["with_pyarrow", "without_pyarrow"])
@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_semicolons_between_the_cells_are_read_and_commas_are_written(tmp_path, expected, installed, ending, request):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows(LABS))
    path, out = tmp_path / f"labs.{ending}", tmp_path / "out.csv"
    path.write_bytes(gzip.compress(text.getvalue().encode()) if ending.endswith("gz") else text.getvalue().encode())
    if installed == "without_pyarrow":
        request.getfixturevalue(installed)
    done = interpret_file(path, output=out)
    assert (rows(out), summary(done)) == expected
    assert read_row(path, 9).values == read_row(LABS, 9).values


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("a;b;c", ["a", "b", "c"]), ('"a, b";c', ["a, b", "c"]), ('"a;b"', ["a;b"]), ('"a;b",c', ["a;b", "c"]),
        ("a;b,c", ["a;b", "c"]), ("a", ["a"]),
    ],
)  # fmt: skip
def test_a_semicolon_divides_a_header_that_nothing_else_divides(tmp_path, header, columns):
    path = tmp_path / "labs.csv"
    path.write_text(f"\ufeff\n{header}\n", encoding="utf-8")
    assert [name for name, _ in csv_header(path)] == columns


def test_without_pyarrow_parquet_says_what_it_needs_before_anything_is_written(tmp_path, without_pyarrow):
    with pytest.raises(MissingExtraError, match="needs pyarrow"):
        interpret_file(LABS, output=tmp_path / "out.parquet")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["gz", "zst", "tsv", "parquet", "folder", "glob"])
def test_a_row_of_every_kind_of_input_is_explained(capsys, tmp_path, kind):
    given = as_kind(kind, tmp_path)
    for number in (1, 20, 48):
        assert cli(capsys, "explain", given, "--row", number) == cli(capsys, "explain", LABS, "--row", number)
    assert "rows 1 to 48" in cli(capsys, "explain", given, "--row", 49)[2]


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.tsv", "out.parquet"])
@pytest.mark.parametrize("content", ["b12 [pg/mL]\n", "b12 [pg/mL]", "b12 [pg/mL]\n145", "b12 [pg/mL]\n145\n\n150\n"])
def test_none_one_and_an_empty_row_are_written_as_any_kind(tmp_path, content, name):
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    out = tmp_path / name
    done = interpret_file(tmp_path / "in.csv", output=out)
    assert done.totals.rows == len(content.splitlines()) - 1
    if name == "out.parquet":
        table = pyarrow.parquet.read_table(out)
        assert table.column_names == ["b12 [pg/mL]", *OUTPUT_COLUMNS]
        assert table.column(0).to_pylist() == content.splitlines()[1:]
    elif name != "out.tsv":
        assert [row[0] for row in rows(out)] == content.splitlines()


def test_parquet_passes_through_with_its_types_and_agrees_with_interpret_frame(tmp_path):
    frame = pandas.DataFrame(
        {
            "id": [7, 8, 9],
            "b12 [pg/mL]": [145.0, None, 300.5],
            "mcv [fL]": pandas.array([112, None, 90], dtype="Int64"),
            "sex": pandas.Categorical(["F", None, "M"]),
            "drawn": pandas.to_datetime(["2024-01-02", None, "2024-01-03"]),
            "lists": [[1], [], None],
        }
    )
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(frame), tmp_path / "in.parquet", row_group_size=1)
    table = pyarrow.parquet.read_table(tmp_path / "in.parquet")
    interpret_file(tmp_path / "in.parquet", output=tmp_path / "out.parquet", part_rows=2)
    out = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert out.select(table.column_names).to_pylist() == table.to_pylist()
    assert [out.schema.field(name).type for name in table.column_names] == [
        table.schema.field(name).type for name in table.column_names
    ]
    expected = interpret_frame(table)
    for name in OUTPUT_COLUMNS:
        assert out.column(name).to_pylist() == expected.column(name).to_pylist()
    assert pyarrow.parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups == 2
    interpret_file(tmp_path / "in.parquet", output=tmp_path / "out.csv", part_rows=2)
    assert rows(tmp_path / "out.csv")[2][:6] == ["8", "", "", "", "", "[]"]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_column_named_like_a_term_is_judged_as_a_whole_in_files_read_by_parts(tmp_path, size):
    lines = ["300,90,yes,65.5", "300,90,no,", "300,90,500 mg,72", "300,90,,1", "300,90,unknown,0"]
    (tmp_path / "in.csv").write_text("\n".join(["b12 [pg/mL],mcv [fL],metformin,iron", *lines]), encoding="utf-8")
    done = interpret_file(
        tmp_path / "in.csv",
        output=tmp_path / "out.csv",
        problems=tmp_path / "problems.csv",
        part_rows=size,
        findings=True,
    )
    frame = interpret_frame(pandas.read_csv(tmp_path / "in.csv", dtype=str), findings=True)
    header, *body = rows(tmp_path / "out.csv")
    for name in frame:
        place = header.index(name)
        assert [row[place] for row in body] == ["" if pandas.isna(cell) else str(cell) for cell in frame[name]], name
    found = sorted(row[1:5] for row in rows(tmp_path / "problems.csv")[1:])
    assert found == [
        ["1", "iron", "iron", "unreadable_yes_no"],
        ["3", "iron", "iron", "unreadable_yes_no"],
        ["3", "metformin", "metformin", "unreadable_yes_no"],
        ["4", "iron", "iron", "unreadable_yes_no"],
        ["5", "iron", "iron", "unreadable_yes_no"],
    ]
    result = read_row(tmp_path / "in.csv", 4)
    assert [problem.field for problem in interpret(**result.values, errors="report").problems] == ["iron"]
    assert done.columns.unused == ()


def test_an_unused_column_that_may_hold_a_result_is_told_and_stops_a_strict_run(capsys, tmp_path):
    (tmp_path / "in.csv").write_text("B12 [pg/mL] old,Hb [g/dL],comment\n100,14,x\n", encoding="utf-8")
    code, said, _ = cli(capsys, "interpret", tmp_path / "in.csv")
    assert code == 0
    assert "Not used, but possibly needed: column 'B12 [pg/mL] old' (b12?)" in said
    assert cli(capsys, "interpret", tmp_path / "in.csv", "--strict")[0] == 2
    ignored = ("--strict", "--column", "B12 [pg/mL] old=ignore")
    assert cli(capsys, "interpret", tmp_path / "in.csv", *ignored)[0] == 0


@pytest.mark.parametrize("raw", [True, False])
def test_unicode_quotes_and_lines_in_cells_are_untouched_and_formulas_are_safe(tmp_path, raw, request):
    (tmp_path / "in.csv").write_text(NASTY, encoding="utf-8", newline="")
    written = []
    for part in (1, 100):
        interpret_file(tmp_path / "in.csv", output=tmp_path / "out.csv", part_rows=part, raw_text=raw)
        written.append((tmp_path / "out.csv").read_bytes())
    request.getfixturevalue("without_pyarrow")
    interpret_file(tmp_path / "in.csv", output=tmp_path / "out.csv", raw_text=raw)
    assert len({*written, (tmp_path / "out.csv").read_bytes()}) == 1
    own = [row[:3] for row in rows(tmp_path / "out.csv")]
    before = rows(tmp_path / "in.csv")
    assert [[original_cell(cell) for cell in row] for row in own] == before
    assert (own == before) == raw
    assert own[3][:2] == (["=1+1", "-3"] if raw else ["'=1+1", "-3"])


@given(st.text(alphabet="'=+-@\t\r\n＝12.,eE a", max_size=6) | st.text())
def test_a_cell_made_safe_comes_back_and_no_formula_is_left(cell):
    safe = safe_cell(cell)
    assert original_cell(safe) == cell
    if safe[:1] in tuple("=+-@\t\r\n＝"):
        float(safe.replace(",", "."))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4) | st.sampled_from(
    ["=1", '"', "\n", "\r\n", ",", "", " x", "NULL", "nan"]
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
@example([("", "\r"), ("a\rb", "c")])
def test_any_cells_pass_through_the_same_with_and_without_pyarrow(tmp_path_factory, body):
    folder = tmp_path_factory.mktemp("any")
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("x", "y"), *body]
        )  # its lines end in \r\n, so that a lone \r is quoted by every Python
    found = [
        row for table in csv_batches(folder / "in.csv", ["x", "y"], None, lambda _: None) for row in table.to_pylist()
    ]
    assert [(row["x"], row["y"]) for row in found] == body
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pyarrow", None)
        tables = list(csv_batches(folder / "in.csv", ["x", "y"], None, lambda _: None))
        assert [tuple(row) for table in tables for row in table.to_numpy().tolist()] == body
    for raw in (True, False):
        written = [
            part_bytes(next(in_chunks([("", table)], 100)), ["x", "y"], {}, Path("out.csv"), raw_text=raw, header=True)
            for table in (
                pyarrow.table({"x": [row[0] for row in body], "y": [row[1] for row in body]}),
                pandas.DataFrame(body, columns=["x", "y"]),
            )
        ]
        assert written[0] == written[1]


def test_rows_and_quoted_lines_that_cross_the_blocks_of_a_file_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("b12labs.files.csv_rows.BLOCK", 4096)
    body = [[f"{number}", "line\n" * (number % 40)] for number in range(2000)]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("b12 [pg/mL]", "note"), *body])
    interpret_file(tmp_path / "in.csv", output=tmp_path / "out.csv", part_rows=300)
    assert [row[:2] for row in rows(tmp_path / "out.csv")[1:]] == body
    (tmp_path / "in.csv").write_text("b12 [pg/mL],note\n1," + "x" * 10_000 + "\n2,y\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="at most 4,096 bytes"):
        interpret_file(tmp_path / "in.csv")


@pytest.mark.parametrize("engine", ["pyarrow", "csv"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"b12 [pg/mL],mcv\n1,2\n3\n", "row 2: expected 2 cells, as in the header, got 1"),
        (b"b12 [pg/mL],mcv\n1,2\n\n3,4,5\n", "row 2: expected 2 cells, as in the header, got 3"),
        (b'b12 [pg/mL],mcv\n1,"2\n3,4\n5,6\n', "unexpected end of data"),
        (b'b12 [pg/mL]\n"2\n3\n', "unexpected end of data"),
        (b"b12 [pg/mL],name\n1,\xff\n", "not UTF-8"),
        (b"", "empty"),
        (b"\n", "empty"),
    ],
)
def test_what_is_no_csv_is_an_error_and_never_repaired(tmp_path, content, says, engine, request):
    (tmp_path / "in.csv").write_bytes(content)
    (tmp_path / "in.csv.gz").write_bytes(gzip.compress(content))
    if engine == "csv":
        request.getfixturevalue("without_pyarrow")
    for name in ("in.csv", "in.csv.gz"):
        with pytest.raises(ColumnError, match=says):
            interpret_file(tmp_path / name, output=tmp_path / "out.csv")
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


@pytest.mark.parametrize("engine", ["pyarrow", "csv"])
@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_compressed_file_that_was_cut_off_is_an_error(tmp_path, engine, ending, request):
    path = tmp_path / f"in.csv.{ending}"
    with pyarrow.CompressedOutputStream(str(path), "gzip" if ending == "gz" else "zstd") as file:
        file.write(("b12 [pg/mL]\n" + "".join(f"{random.random()}\n" for _ in range(50000))).encode())
    path.write_bytes(path.read_bytes()[:-2])
    if engine == "csv":
        request.getfixturevalue("without_pyarrow")
    with pytest.raises(ColumnError, match="not readable as CSV"):
        interpret_file(path)


def test_files_that_are_read_together_have_the_same_columns(tmp_path):
    (tmp_path / "1.csv").write_text("b12 [pg/mL],mcv\n145,90\n", encoding="utf-8")
    (tmp_path / "2.csv").write_text("b12 [pg/mL],rdw\n145,13\n", encoding="utf-8")
    with pytest.raises(ColumnError, match=r"2\.csv: column 2 is 'rdw', and 'mcv' in .*1\.csv") as refused:
        interpret_file(tmp_path)
    assert refused.value.field == "rdw"
    (tmp_path / "2.csv").unlink()
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    assert interpret_file(tmp_path).source.passed_over == ["notes.md"]
    for name, values in (("1", [1.0]), ("2", ["1"])):
        pyarrow.parquet.write_table(pyarrow.table({"b12 [pg/mL]": values}), tmp_path / f"{name}.parquet")
    with pytest.raises(ColumnError, match="is string, and double in"):
        interpret_file([tmp_path / "1.parquet", tmp_path / "2.parquet"])


def test_every_bad_cell_is_in_the_problems_once(tmp_path):
    for name in ("1.csv", "2.csv"):
        lines = [f"{value},{sex},foo; foo; bar\n" for value, sex in [("145 pg/mL", "F"), ("x", "F"), ("145", "?")]]
        (tmp_path / name).write_text("b12,sex,medicines\n" + "".join(lines), encoding="utf-8")
    for size in (2, 100):
        done = interpret_file(tmp_path, problems=tmp_path.parent / f"problems-{tmp_path.name}.csv", part_rows=size)
        header, *found = rows(tmp_path.parent / f"problems-{tmp_path.name}.csv")
        assert header == ["file", "row", "column", "field", "code", "message"]
        places = [(Path(row[0]).name, int(row[1]), row[2], row[4]) for row in found if row[3] != "medicines"]
        assert places == [
            (name, start + row, column, code)
            for name, start in (("1.csv", 0), ("2.csv", 3))
            for row, column, code in (
                (2, "b12", "unreadable_value"),
                (3, "b12", "missing_unit"),
                (3, "sex", "unreadable_sex"),
            )
        ]
        medicines = [(row[1], row[5]) for row in found if row[3] == "medicines"]
        assert len(medicines) == len(set(medicines)) == 12
        assert sum(kind.rows for kind in done.totals.problems if kind.field != "medicines") == len(places)


def test_strict_stops_at_the_first_problem_and_writes_nothing(capsys, tmp_path):
    (tmp_path / "in.csv").write_text("b12 [pg/mL],age\n145,60\n145,x\ny,60\n", encoding="utf-8")
    code, said, error = cli(capsys, "interpret", tmp_path / "in.csv", "-o", tmp_path / "out.csv", "--strict")
    assert (code, said) == (2, "")
    assert "in.csv: row 2: age" in error
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
    assert cli(capsys, "interpret", LABS, "--strict", "--json")[0] == 2


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("none/out.csv", "does not exist"),
        ("", "got a folder"),
        ("out.xlsx", r"\.csv, .*\.parquet"),
        ("in.csv", "one of the input files"),
    ],
)
def test_an_output_that_cannot_be_written_is_said_before_the_work(tmp_path, output, says):
    (tmp_path / "in.csv").write_text("b12 [pg/mL]\n145\n", encoding="utf-8")
    with pytest.raises(B12LabsError, match=says):
        interpret_file(tmp_path / "in.csv", output=tmp_path / output)


def test_the_summary_as_json_has_the_counts(capsys, tmp_path):
    code, said, _ = cli(capsys, "interpret", LABS, "--json", "-o", tmp_path / "out.csv")
    found = json.loads(said)
    assert (code, found["rows"], sum(found["status"].values())) == (0, 48, 48)
    assert found["written"] == {"output": str(tmp_path / "out.csv")}


RUN = """
import sys
from pathlib import Path
from b12labs.files import interpret_file
folder, ending = Path(sys.argv[1]), sys.argv[2]
out, problems = folder / ("out." + ending), folder / "problems.csv"
interpret_file(folder / "in.csv", output=out, problems=problems, part_rows=20, note=print)
"""


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL there")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_run_that_is_killed_goes_on_to_the_same_bytes(tmp_path, ending):
    (tmp_path / "in.csv").write_text("".join([LINES[0], *LINES[1:] * 25]), encoding="utf-8")
    target = tmp_path / f"out.{ending}"
    interpret_file(tmp_path / "in.csv", output=target, problems=tmp_path / "problems.csv", part_rows=20)
    whole = target.read_bytes(), (tmp_path / "problems.csv").read_bytes()
    target.unlink()
    (tmp_path / "problems.csv").unlink()
    command = [sys.executable, "-c", RUN, str(tmp_path), ending]
    folder = tmp_path / f".{target.name}.part"
    before = 0
    for stop in sorted(random.sample(range(2, 50), 3)):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and len(list(folder.glob("*.counts.json"))) < stop:
                time.sleep(0.001)
            time.sleep(random.random() / 50)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert not target.exists()
        done = len(list(folder.glob("*.counts.json")))
        assert done >= max(stop, before)
        before = done
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"after row {before * 20}" in finished.stdout
    assert (target.read_bytes(), (tmp_path / "problems.csv").read_bytes()) == whole
    beside = [] if target.suffix == ".parquet" else [f"{target.name}.provenance.json"]
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", target.name, "problems.csv", *beside}


def stopped(given, target, after=2, **arguments):
    """Run until some parts are done, as Ctrl-C would end it."""
    calls = iter(range(100))

    def progress(rows, fraction):
        if next(calls) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interpret_file(given, output=target, part_rows=7, progress=progress, **arguments)


def test_an_interrupted_run_leaves_nothing_half_written_and_its_parts_are_bounded(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("the last run's", encoding="utf-8")
    stopped(LABS, target, after=4)
    assert target.read_text(encoding="utf-8") == "the last run's"
    parts = sorted((tmp_path / ".out.csv.part").glob("*.rows"))
    assert [len(rows(part)) for part in parts] == [8, 7, 7, 7]
    notes = []
    interpret_file(LABS, output=target, part_rows=7, note=notes.append)
    assert notes == ["continuing an unfinished run after row 28"]


#: Of every option another value than the default, which makes another run.
OTHER_OPTIONS = {
    "units": {"b12": "pmol/L"},
    "columns": {"age": "mcv"},
    "decimal": ",",
    "mapping": SiteMapping(tests={"Kobalamin": "b12"}),
    "window_hours": 6.0,
    "use_preliminary": True,
    "encoding": "cp1252",
    "skip_lines": 2,
    "sheet": "labs",
    "output": Path("other.csv"),
    "problems": Path("problems.csv"),
    "guideline": "aafp-2025",
    "findings": ["macrocytosis"],
    "unreported_context": "unknown",
    "certainty": {"b12": (2.0, 5.0)},
    "raw_text": True,
    "strict": True,
    "part_rows": 7,
}


@pytest.mark.parametrize("name", [each.name for each in fields(RunOptions)])
def test_a_run_with_another_option_is_another_run(name):
    def kept(options):
        return json.loads(json.dumps(options.identity()))

    other = RunOptions(**{name: OTHER_OPTIONS[name]})
    assert kept(other) != kept(RunOptions())
    assert kept(other) == kept(RunOptions(**{name: OTHER_OPTIONS[name]}))


def test_a_run_is_the_same_run_in_another_folder_and_another_with_a_changed_guideline_file(tmp_path):
    assert RunOptions(output=tmp_path / "out.csv").identity() == RunOptions(output=Path("out.csv")).identity()
    own = tmp_path / "own.toml"
    own.write_text("a", encoding="utf-8")
    before = RunOptions(guideline=str(own)).identity()
    own.write_text("b", encoding="utf-8")
    assert RunOptions(guideline=str(own)).identity() != before


def test_a_stopped_run_goes_on_with_options_of_every_kind(tmp_path):
    options = {
        "certainty": {"b12": (2.0, 5.0)},
        "findings": ("macrocytosis",),
        "unreported_context": "unknown",
        "mapping": SiteMapping(columns={"age": ("age",)}),
    }
    stopped(LABS, tmp_path / "out.csv", **options)
    notes = []
    interpret_file(LABS, output=tmp_path / "out.csv", part_rows=7, note=notes.append, **options)
    assert notes == ["continuing an unfinished run after row 14"]


@pytest.mark.parametrize(
    "options",
    [
        {"unreported_context": "unknown"},
        {"certainty": {"b12": 20.0}},
        {"findings": ["macrocytosis"]},
        {"guideline": "norway"},
    ],
)
def test_a_file_is_interpreted_with_the_options_of_a_table(tmp_path, options):
    interpret_file(LABS, output=tmp_path / "out.csv", **options)
    expected = interpret_frame(pandas.read_csv(LABS, dtype="str"), **options)
    written = pandas.read_csv(tmp_path / "out.csv", dtype="str", keep_default_na=False)[list(expected.columns)]
    as_text = expected.astype(object).map(lambda cell: "" if pandas.isna(cell) else str(cell))
    assert written.to_dict("records") == as_text.to_dict("records")


@pytest.mark.parametrize(
    "change", [{"guideline": "aafp-2025"}, {"raw_text": True}, {"findings": True}, {"input": True}]
)
def test_other_input_or_arguments_start_anew_and_say_so(tmp_path, change):
    given, target = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_bytes(LABS.read_bytes())
    stopped(given, target)
    if change.pop("input", False):
        os.utime(given, (1, 1))
    notes = []
    interpret_file(given, output=target, part_rows=7, note=notes.append, **change)
    assert len(notes) == 1
    assert "starting again" in notes[0]
    interpret_file(LABS, output=tmp_path / "fresh.csv", **change)
    assert target.read_bytes() == (tmp_path / "fresh.csv").read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="files are not locked there")
def test_two_runs_do_not_write_the_same_file(tmp_path):
    def progress(rows, fraction):
        with pytest.raises(B12LabsError, match="another run is writing this file"):
            interpret_file(LABS, output=tmp_path / "out.csv")

    interpret_file(LABS, output=tmp_path / "out.csv", progress=progress)


def test_a_run_that_starts_while_another_removes_its_parts_keeps_its_own(tmp_path, monkeypatch):
    started: list[Parts] = []
    real = shutil.rmtree

    def remove(folder):
        with pytest.raises(B12LabsError, match="another run is writing this file"):
            Parts(tmp_path / "out.csv", {"run": 2})
        real(folder)
        started.append(Parts(tmp_path / "out.csv", {"run": 2}))

    monkeypatch.setattr(shutil, "rmtree", remove)
    Parts(tmp_path / "out.csv", {"run": 1}).remove()
    started[0].put("000000.rows", b"x")
    assert started[0].path(0, "rows").read_bytes() == b"x"
    started[0].close()


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="there are no limits of a file's size there")
@pytest.mark.parametrize("name", ["out.csv", "out.tsv.gz", "out.parquet"])
def test_a_full_disk_is_said_of_the_output_and_the_run_goes_on_later(tmp_path, name):
    given, out, whole = tmp_path / "in.csv", tmp_path / name, tmp_path / f"whole-{name}"
    given.write_text(LINES[0] + "".join(LINES[1:]) * 800, encoding="utf-8")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)\n"
        "from b12labs.files.interpreting import interpret_file\n"
        "interpret_file(sys.argv[2], output=sys.argv[3], part_rows=1_000, note=print)"
    )

    def run(most):
        command = [sys.executable, "-c", code, str(most), str(given), str(out)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    interpret_file(given, output=whole, part_rows=1_000)
    full = run(whole.stat().st_size - 1)
    assert (full.returncode, out.exists()) == (1, False)
    assert f"B12LabsError: {out}: it cannot be written: File too large" in full.stderr
    assert "are kept: the same command continues after them" in full.stderr
    assert "continuing an unfinished run" in run(1 << 30).stdout
    assert out.read_bytes() == whole.read_bytes()


def test_an_output_in_a_folder_that_may_not_be_written_is_named(tmp_path, monkeypatch):
    def refuse(*given, **options):
        raise PermissionError(13, "Permission denied", str(tmp_path / ".out.csv.part"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(B12LabsError) as caught:
        interpret_file(LABS, output=tmp_path / "out.csv")
    assert caught.value.code == "unwritable_output"
    assert str(caught.value).startswith(f"{tmp_path / 'out.csv'}: it cannot be written: Permission denied")


def test_an_input_that_changes_while_it_is_read_is_an_error(tmp_path):
    given = tmp_path / "in.csv"
    given.write_bytes(LABS.read_bytes())
    with pytest.raises(ColumnError, match="changed while it was read"):
        interpret_file(
            given, output=tmp_path / "out.csv", progress=lambda rows, fraction: os.utime(given, (rows, rows))
        )
    assert not (tmp_path / "out.csv").exists()


def test_progress_shows_on_a_terminal_only(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    for stream, says in ((Terminal(), "50 %  1,000 rows, 100 rows/s, 0:10 left"), (io.StringIO(), "")):
        progress = Progress(stream)
        progress(0, 0.0)
        progress(1000, 0.5)
        assert says in stream.getvalue()
        progress.close()
        assert bool(stream.getvalue()) == bool(says)


def test_a_row_and_the_header_are_found_under_a_byte_order_mark(tmp_path):
    (tmp_path / "in.csv").write_text("\ufeffB12 [pg/mL]\n145\n", encoding="utf-8")
    assert csv_header(tmp_path / "in.csv") == [("B12 [pg/mL]", "text")]
    assert read_row(tmp_path / "in.csv", 1).values == {"b12": {"value": "145", "unit": "pg/mL"}}


SITE = """
decimal = ","
[tests]
"VB12" = "b12"
"4711" = "mma"
[units]
b12 = "pmol/L"
mma = "umol/L"
homocysteine = "umol/L"
[columns]
age = "Alter"
sex = "Geschlecht"
pregnant = "Gravid"
metformin = "Metf"
patient = "Fallnr"
[codes.sex]
1 = "male"
2 = "female"
[codes.pregnant]
1 = "yes"
2 = "no"
3 = ""
[codes.metformin]
J = "yes"
N = "no"
"""


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_sites_mapping_reads_its_wide_files_too(capsys, tmp_path, kind):
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    lines = [
        "vb12 ,Alter,Geschlecht,Gravid,Metf,B12 (pg/mL)",
        '"98,5",67,2,1,J,1',
        '"500",41,1.0,,N,2',
        '"500",30,2,3,,3',
        "low,x,9,7,?,4",
    ]
    (tmp_path / "in.csv").write_text("\n".join(lines), encoding="utf-8")
    path = tmp_path / f"in.{kind}"
    if kind == "parquet":
        table = pandas.read_csv(tmp_path / "in.csv", dtype={"Geschlecht": float, "Metf": "category"})
        pyarrow.parquet.write_table(pyarrow.Table.from_pandas(table), path)
    arguments = ("--mapping", tmp_path / "site.toml")
    code, said, error = cli(
        capsys, "interpret", path, "-o", tmp_path / "out.csv", "--problems", tmp_path / "problems.csv", *arguments
    )
    assert (code, error) == (0, "")
    read = [read_row(path, number, mapping=read_mapping(tmp_path / "site.toml")).values for number in (1, 2, 3)]
    assert [row["b12"]["unit"] for row in read] == ["pmol/L"] * 3
    said_of_patients = [(row["sex"], row["pregnant"] or None, row.get("metformin")) for row in read]
    assert said_of_patients == [("female", "yes", "yes"), ("male", None, "no"), ("female", None, None)]
    assert "Column passed through and not used: B12 (pg/mL)" in said
    header, *body = rows(tmp_path / "out.csv")
    for number, row in enumerate(body, 1):
        explained = json.loads(cli(capsys, "explain", path, "--row", number, "--json", *arguments)[1])
        assert explained["status"] == row[header.index("status")]
    listed = {row[2]: row[4] for row in rows(tmp_path / "problems.csv")[1:]}
    assert listed == {
        "Alter": "unreadable_age",
        "Geschlecht": "unreadable_sex",
        "Gravid": "unreadable_yes_no",
        "Metf": "unreadable_yes_no",
    }


def test_what_is_said_on_the_command_line_goes_before_the_mapping(capsys, tmp_path):
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    (tmp_path / "in.csv").write_text("VB12,X,Alter,Geschlecht,Gravid,Metf\n500,98,1,1,1,J\n", encoding="utf-8")
    told = interpret_file(
        tmp_path / "in.csv",
        mapping=read_mapping(tmp_path / "site.toml"),
        columns={"X": "b12"},
        units={"b12": "pg/mL"},
    )
    assert [kind.code for kind in told.totals.problems if kind.field == "b12"] == ["results_in_conflict"]
    (tmp_path / "in.csv").write_text("B12,X,Alter,Geschlecht,Gravid,Metf\n500,98,1,1,1,J\n", encoding="utf-8")
    mapping = ("--mapping", tmp_path / "site.toml", "--column", "X=b12", "--unit", "b12=pg/mL")
    assert cli(capsys, "interpret", tmp_path / "in.csv", "-o", tmp_path / "out.csv", *mapping)[0] == 0
    assert read_row(tmp_path / "in.csv", 1, columns={"X": "b12"}, units={"b12": "pg/mL"}).values["b12"] == {
        "value": "98",
        "unit": "pg/mL",
    }
    (tmp_path / "in.csv").write_text("VB12,Alter\n500,98\n", encoding="utf-8")
    assert "there is no column 'Geschlecht'" in cli(capsys, "interpret", tmp_path / "in.csv", *mapping[:2])[2]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("b12 [pg/mL],age,Age (months)", "age: expected one column, got 'age' and 'Age (months)'"),
        ("b12 [pg/mL],sex,gender", "sex: expected one column, got 'sex' and 'gender'"),
        ("b12 [pg/mL],metformin,Metformin", "metformin: expected one column, got 'metformin' and 'Metformin'"),
        ("b12,b12_unit,B12 units", "'b12_unit' and 'B12 units' are both the unit of B12"),
    ],
)
def test_two_columns_of_one_thing_are_refused_and_never_is_one_dropped(capsys, tmp_path, header, says):
    (tmp_path / "in.csv").write_text(f"{header}\n" + ",".join("1" * (header.count(",") + 1)) + "\n", encoding="utf-8")
    code, _, error = cli(capsys, "interpret", tmp_path / "in.csv")
    assert code == 2
    assert says in error
    if "such as --column" in error:
        assert (
            cli(capsys, "interpret", tmp_path / "in.csv", "--column", error.split("--column '")[1].split("'")[0])[0]
            == 0
        )


@pytest.mark.parametrize("name", ["labs.xlsx", "labs.ods"])
def test_a_broken_spreadsheet_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(ColumnError, match="not readable as a spreadsheet"):
        interpret_file(tmp_path / name)


def test_cells_that_are_no_results_are_problems_of_their_rows(tmp_path):
    cells = ["1e999", "-1", "inf", "1 000", '"1\n45"', "1\x0045", "=145", ">"]
    (tmp_path / "in.csv").write_text(
        "id,b12 [pg/mL]\r\n" + "".join(f"{place},{cell}\r\n" for place, cell in enumerate(cells)),
        encoding="utf-8",
        newline="",
    )
    done = interpret_file(tmp_path / "in.csv", output=tmp_path / "out.csv", problems=tmp_path / "problems.csv")
    assert done.totals.status == {"not_assessed": len(cells)}
    assert [row[1] for row in rows(tmp_path / "problems.csv")[1:]] == [str(place + 1) for place in range(len(cells))]


@pytest.mark.parametrize(
    ("last", "passes", "problems"), [("yes", 1, 0), ("", 1, 0), ("1", 2, 0), ("3", 2, 4), ("2 g a day", 2, 4)]
)
def test_what_1_and_0_mean_hangs_on_the_column_in_all_files(tmp_path, monkeypatch, last, passes, problems):
    """Where its cells are words nothing hangs on it, and the files are read once."""
    first = ["1", "0", "1"] if last not in ("yes", "") else ["yes", "no", "yes"]
    for number, cells in enumerate([first, [last]]):
        rows = "".join(f"250,{cell}\n" for cell in cells)
        (tmp_path / f"{number}.csv").write_text(f"b12 [pg/mL],metformin\n{rows}", encoding="utf-8")
    read = []
    batches = Source.batches
    monkeypatch.setattr(Source, "batches", lambda source, names=None: read.append(names) or batches(source, names))
    found = interpret_file([tmp_path / "0.csv", tmp_path / "1.csv"], output=tmp_path / "out.csv", part_rows=3)
    assert (len(read), found.totals.problem_rows) == (passes, problems)


def test_what_a_run_came_to_is_shown_as_the_command_line_prints_it(tmp_path, capsys):
    main(["interpret", str(LABS)])
    printed = capsys.readouterr().out
    assert str(interpret_file(LABS)) == repr(interpret_file(LABS))
    assert printed.startswith(str(interpret_file(LABS)))
