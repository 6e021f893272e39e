"""Spark, Dask, DuckDB and Polars say row for row what interpret_frame says of the same table in pandas."""

import doctest
import random
import shutil
import subprocess
import sys
from collections import Counter

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from b12labs import SiteMapping, interpret_frame
from b12labs.errors import B12LabsError, ColumnError, GuidelineError
from b12labs.integrations import arrow
from b12labs.integrations import duckdb as in_duckdb
from b12labs.integrations import polars as in_polars
from b12labs.tables.options import TableOptions
from b12labs.tables.outputs import OUTPUT_COLUMNS
from tests.conftest import ROOT
from tests.limits.test_own import example

PAGE = ROOT / "docs/scale.md"
OPTIONS = {"guideline": "bsh-2014", "units": {"mma": "umol/L"}, "findings": ["macrocytosis", "raised_mma"]}
ROWS = 200


def made_up(rows=ROWS):
    """Rows as laboratories send them:

    clean numbers, and text that is censored, worded, missing or in an unknown unit.
    """
    pick = random.Random(12)

    def cells(*choices):
        return [pick.choice(choices) for _ in range(rows)]

    return {
        "row": list(range(rows)),
        "B12 [pg/mL]": cells(
            "145", "<150", "210", "318 pmol/L", "GREATER THAN 2000", "hemolyzed", "120 parsecs", "", None
        ),
        "mma": cells(0.12, 0.31, 0.9, 4400.0, None),
        "Hb (g/dL)": cells(9.1, 10.4, 12.5, 14.0, None),
        "MCV [fL]": cells(78, 92, 104, 118, None),
        "homocysteine": cells("9", "22", "<5", "high", None),
        "homocysteine_unit": cells("umol/L", "umol/L", "furlongs", None),
        "age": cells(4, 34, 67, 81, None),
        "sex": cells("F", "M", "female", "x", None),
        "symptoms": cells("paresthesia; ataxia", "fatigue", "hiccups", "", None),
        "metformin": cells("yes", "no", None),
        "status": cells("final", "preliminary"),
    }


@pytest.fixture(scope="module")
def rows():
    return made_up()


@pytest.fixture(scope="module")
def expected(rows):
    """What interpret_frame says in pandas, after each row's own cells; the table's own `status` keeps its name."""
    out = interpret_frame(pd.DataFrame(rows), **OPTIONS).astype(object)
    found = out.where(out.notna(), None).to_dict("records")
    own = pa.table(rows).to_pylist()
    return [
        mine | {"b12labs_status" if name == "status" else name: cell for name, cell in row.items()}
        for mine, row in zip(own, found, strict=True)
    ]


def in_order(found):
    return sorted(found, key=lambda row: row["row"])


def test_the_made_up_rows_are_worth_comparing(expected):
    for name in (
        "b12labs_status",
        "functional_deficiency",
        "megaloblastic_anemia",
        "anemia_grade",
        "urgency",
        "macrocytosis",
    ):
        assert len({row[name] for row in expected}) >= 3 - (name == "anemia_grade"), name
    assert {problem for row in expected for problem in row["problems"].split("; ")} >= {
        "b12: unknown_unit",
        "b12: unreadable_value",
        "mma: implausible_value",
    }


# Arrow


@pytest.mark.parametrize("size", [1, 7, ROWS])
def test_arrow_batches_of_any_size_say_the_same(rows, expected, size):
    table = pa.table(rows)
    batches = list(arrow.interpret_batches(table.to_batches(max_chunksize=size), **OPTIONS))
    assert {batch.schema for batch in batches} == {arrow.output_schema(table.schema, **OPTIONS)}
    assert pa.Table.from_batches(batches).to_pylist() == expected


def test_an_empty_batch_gives_an_empty_batch_of_the_same_columns(rows):
    table = pa.table(rows)
    (batch,) = arrow.interpret_batches([table.to_batches()[0].slice(0, 0)], **OPTIONS)
    assert (batch.num_rows, batch.schema) == (0, arrow.output_schema(table.schema, **OPTIONS))


def test_only_the_columns_that_are_wanted_come_out(rows, expected):
    table = pa.table(rows)
    found = pa.Table.from_batches(arrow.interpret_batches([table], **OPTIONS, keep=["row"]))
    assert found.column_names == ["row", *OUTPUT_COLUMNS, *OPTIONS["findings"]]
    assert found["status"].to_pylist() == [row["b12labs_status"] for row in expected]
    none = pa.Table.from_batches(arrow.interpret_batches([table], **OPTIONS, keep=False))
    assert none.column_names == [*OUTPUT_COLUMNS, *OPTIONS["findings"]]
    with pytest.raises(ColumnError, match="keep: there is no column 'id'"):
        arrow.output_schema(table.schema, keep=["id"])


def test_lists_are_read_as_context_and_refused_as_results():
    labs = pa.table({"b12 [pg/mL]": [145.0, 145.0], "symptoms": [["fatigue", "ataxia"], None]})
    found = pa.Table.from_batches(arrow.interpret_batches([labs])).to_pylist()
    assert [row["symptoms"] for row in found] == labs["symptoms"].to_pylist()
    assert [row["urgency"] for row in found] == ["urgent", "prompt"]
    for kind in (pa.list_(pa.float64()), pa.struct({"value": pa.float64()}), pa.map_(pa.string(), pa.float64())):
        with pytest.raises(ColumnError, match="column 'b12': expected one value per cell, got lists"):
            arrow.output_schema(pa.schema({"b12": kind}))
    with pytest.raises(ColumnError, match="column 'symptoms': expected one value per cell, got lists"):
        arrow.output_schema(pa.schema({"b12": pa.float64(), "symptoms": pa.struct({"text": pa.string()})}))


# Polars and DuckDB


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_polars_lazy_says_the_same(rows, expected, engine):
    lazy = in_polars.interpret(pl.LazyFrame(rows), **OPTIONS)
    names = lazy.collect_schema().names()
    out = lazy.collect(engine=engine)
    assert out.columns == names == list(expected[0])
    assert out.to_dicts() == expected


def test_polars_keeps_own_types_and_filters_on_what_was_found(rows, expected):
    frame = pl.DataFrame(rows).with_columns(pl.col("sex").cast(pl.Categorical), pl.col("row").cast(pl.UInt16))
    out = (
        in_polars.interpret(frame.lazy(), **OPTIONS)
        .filter(pl.col("b12labs_status") == "deficient")
        .select("row", "sex", "mma")
        .collect()
    )
    assert out.schema["row"] == pl.UInt16
    assert out.schema["sex"] == pl.Categorical
    assert out["row"].to_list() == [row["row"] for row in expected if row["b12labs_status"] == "deficient"]
    assert in_polars.interpret(frame.lazy(), **OPTIONS, keep=False).head(3).collect().shape == (
        3,
        len(OUTPUT_COLUMNS) + 2,
    )


@pytest.mark.parametrize("size", [50, 100_000])
def test_duckdb_says_the_same(rows, expected, size):
    with duckdb.connect() as connection:
        table = pa.table(rows)
        assert table.num_rows == ROWS
        reader = in_duckdb.interpret(connection.sql('SELECT * FROM "table" ORDER BY row'), **OPTIONS, batch_size=size)
        assert reader.read_all().to_pylist() == expected


def test_duckdb_reads_the_answers_back_and_takes_its_decimals():
    with duckdb.connect() as connection:
        relation = connection.sql("SELECT 145.5 AS \"b12 [pg/mL]\", 67 AS age, 'F' AS sex FROM range(3)")
        assert str(relation.types[0]).startswith("DECIMAL")
        interpreted = in_duckdb.interpret(relation)
        assert interpreted is not None
        assert connection.cursor().sql("SELECT status, count(*) FROM interpreted GROUP BY ALL").fetchall() == [
            ("deficient", 3)
        ]


# Dask


@pytest.mark.parametrize("parts", [1, 5])
def test_dask_says_the_same(rows, expected, parts):
    import dask.dataframe as dd

    from b12labs.integrations import dask as in_dask

    frame = pd.DataFrame(rows, index=[f"draw {row}" for row in range(ROWS)])
    lazy = in_dask.interpret(dd.from_pandas(frame, npartitions=parts, sort=False), **OPTIONS)
    out = lazy.compute(scheduler="synchronous")
    assert list(out.columns) == list(lazy.columns) == list(expected[0])
    assert list(out.index) == list(frame.index)
    assert out.dtypes.equals(lazy.dtypes)
    assert out.astype(object).where(out.notna(), None).to_dict("records") == expected


# Spark

#: mapInArrow needs no pandas, but PySpark asks for its version on the way, and warns of every 3.x.
on_spark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


@pytest.fixture(scope="module")
def spark():
    """One small local session: a JVM, and Python workers that import b12labs as this process does."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, and there is no java on the PATH")
    from pyspark.sql import SparkSession

    environment = pytest.MonkeyPatch()
    # Workers are this Python: another on the PATH need not have pyarrow.
    environment.setenv("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[2]")
        .appName("b12labs tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "64")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
    environment.undo()


@pytest.mark.long
@on_spark
def test_spark_says_the_same(spark, rows, expected):
    from b12labs.integrations import spark as in_spark

    df = spark.createDataFrame(pa.table(rows)).repartition(3)
    out = in_spark.interpret(df, **OPTIONS)
    assert out.schema.fields[: len(df.columns)] == df.schema.fields
    assert in_order(row.asDict() for row in out.collect()) == expected


@pytest.mark.long
@on_spark
def test_spark_workers_read_files_themselves(spark, rows, expected, tmp_path):
    from b12labs.integrations import spark as in_spark

    table = pa.table(rows)
    shards = [table.slice(start, 70) for start in range(0, ROWS, 70)]
    for place, shard in enumerate(shards):
        # One shard in another type and another order of columns, as years of exports are.
        whole = shard.set_column(shard.column_names.index("row"), "row", shard["row"].cast(pa.int32())).select(
            table.column_names[::-1]
        )
        pq.write_table(whole if place == 1 else shard, tmp_path / f"{place}.parquet")
    paths = sorted(str(path) for path in tmp_path.glob("*.parquet"))
    out = in_spark.interpret_files(spark, paths, **OPTIONS)
    assert in_order(row.asDict() for row in out.collect()) == expected
    few = in_spark.interpret_files(spark, paths, **OPTIONS, keep=["row"])
    assert few.columns == ["row", *OUTPUT_COLUMNS, *OPTIONS["findings"]]
    assert few.count() == ROWS

    pq.write_table(table.drop_columns("mma"), tmp_path / "older.parquet")
    with pytest.raises(Exception, match=r"older.parquet: there is no column 'mma', which the first file has"):
        in_spark.interpret_files(spark, [*paths, str(tmp_path / "older.parquet")], **OPTIONS).collect()


@pytest.mark.long
@on_spark
def test_spark_workers_write_files_themselves(spark, rows, expected, tmp_path):
    from b12labs.integrations import spark as in_spark

    table = pa.table(rows)
    for place, start in enumerate(range(0, ROWS, 70)):
        pq.write_table(table.slice(start, 70), tmp_path / f"{place}.parquet")
    paths = sorted(tmp_path.glob("*.parquet"))
    counts = in_spark.interpret_files(spark, paths, output=tmp_path / "out", **OPTIONS)
    said = [row.asDict() for row in counts.collect()]
    assert [row["file"] for row in said] == [str(path) for path in paths]
    written = [pq.read_table(row["output"]).to_pylist() for row in said]
    assert in_order(row for part in written for row in part) == expected
    assert [row["rows"] for row in said] == [len(part) for part in written]
    assert said[0]["status"] == dict(Counter(row["b12labs_status"] for row in written[0]))
    (tmp_path / "out" / "1.parquet").unlink()
    again = in_spark.interpret_files(spark, paths, output=tmp_path / "out", **OPTIONS).collect()
    assert [row["resumed"] for row in again] == [place != 1 for place in range(len(paths))]
    assert [{**row.asDict(), "resumed": False} for row in again] == said


@pytest.mark.long
@on_spark
def test_spark_refuses_before_any_job_runs(spark, tmp_path):
    from b12labs.integrations import spark as in_spark

    with pytest.raises(ColumnError, match="expected a column of results"):
        in_spark.interpret(spark.createDataFrame([(1,)], "hello int"))
    with pytest.raises(ColumnError, match="column 'b12': expected one value per cell, got lists"):
        in_spark.interpret(spark.createDataFrame([([1.0], ["ataxia"])], "b12 array<double>, symptoms array<string>"))
    with pytest.raises(ColumnError, match="paths: expected at least one file"):
        in_spark.interpret_files(spark, [])
    with pytest.raises(FileNotFoundError, match="nowhere"):
        in_spark.interpret_files(spark, [str(tmp_path / "nowhere.parquet")])


@pytest.mark.long
@on_spark
def test_spark_workers_apply_the_guideline_of_the_driver(spark, tmp_path):
    """A guideline file is read on the driver, where it is, and need not be on the workers."""
    from b12labs.integrations import spark as in_spark

    path = tmp_path / "my-lab.toml"
    path.write_text(example(), encoding="utf-8")
    df = spark.createDataFrame([(160.0, 50, ["fatigue"])], "`b12 [ng/L]` double, age int, symptoms array<string>")
    out = in_spark.interpret(df, guideline=str(path))
    path.unlink()
    assert [row["status"] for row in out.collect()] == ["indeterminate"]
    assert [row["status"] for row in in_spark.interpret(df).collect()] == ["deficient"]


# Every option

#: Results of which every option below makes something else.
SOME = {
    "B12 [pg/mL]": ["145", "310,5", "203", "<150", "251"],
    "mma": [0.12, 0.9, 0.2, 0.31, 0.28],
    "Hb (g/dL)": [9.1, 12.5, 14.0, 10.4, 13.0],
    "MCV [fL]": [104, 92, 118, 78, 90],
    "local": ["9", "22", "<5", "31", None],
    "age": [34, 67, 81, 40, 55],
    "sex": ["F", "M", "F", "F", "M"],
}
EVERY_OPTION = [
    {"guideline": "norway"},
    {"units": {"mma": "umol/L"}},
    {"columns": {"local": "homocysteine"}},
    {"mapping": SiteMapping(tests={"local": "homocysteine"}, units={"mma": "umol/L"})},
    {"decimal": ","},
    {"findings": True},
    {"findings": ["macrocytosis"]},
    {"unreported_context": "unknown"},
    {"certainty": True},
    {"certainty": {"b12": 1.0, "mma": (2.0, 5.0)}, "units": {"mma": "umol/L"}},
]
TOGETHER = {name: value for options in EVERY_OPTION for name, value in options.items()}


def in_pandas(**options):
    out = interpret_frame(pd.DataFrame(SOME), **options)
    return out.astype(object).where(out.notna(), None).to_dict("records")


def in_library(library, **options):
    if library == "arrow":
        return pa.Table.from_batches(list(arrow.interpret_batches([pa.table(SOME)], **options))).to_pylist()
    if library == "dask":
        out = refused(library, SOME, **options).compute(scheduler="synchronous")
        return out.astype(object).where(out.notna(), None).to_dict("records")
    if library == "polars":
        return refused(library, SOME, **options).collect().to_dicts()
    return refused(library, SOME, **options).read_all().to_pylist()


def test_every_option_of_a_table_is_tried_and_changes_something():
    assert set(TOGETHER) == set(TableOptions.__annotations__)
    for options in EVERY_OPTION:
        assert in_pandas(**options) != in_pandas(), options


@pytest.mark.parametrize("library", ["polars", "duckdb", "dask", "arrow"])
@pytest.mark.parametrize("options", [*EVERY_OPTION, TOGETHER], ids=[*map(str, EVERY_OPTION), "all"])
def test_every_integration_takes_every_option_of_interpret_frame(library, options):
    assert in_library(library, **options, keep=False) == in_pandas(**options)


@pytest.mark.long
@on_spark
def test_spark_takes_every_option_of_interpret_frame(spark, tmp_path):
    from b12labs.integrations import spark as in_spark

    pq.write_table(pa.table(SOME), tmp_path / "some.parquet")
    for out in (
        in_spark.interpret(spark.createDataFrame(pa.table(SOME)), **TOGETHER, keep=False),
        in_spark.interpret_files(spark, [str(tmp_path / "some.parquet")], **TOGETHER, keep=False),
    ):
        assert [row.asDict() for row in out.collect()] == in_pandas(**TOGETHER)


# All


def refused(library, frame, **options):
    if library == "polars":
        return in_polars.interpret(pl.LazyFrame(frame), **options)
    if library == "duckdb":
        table = pa.table(frame)
        assert table is not None
        return in_duckdb.interpret(duckdb.connect().sql('SELECT * FROM "table"'), **options)
    if library == "arrow":
        return arrow.output_schema(pa.table(frame).schema, **options)
    import dask.dataframe as dd

    from b12labs.integrations import dask as in_dask

    return in_dask.interpret(dd.from_pandas(pd.DataFrame(frame), npartitions=1), **options)


@pytest.mark.parametrize("library", ["polars", "duckdb", "dask", "arrow"])
def test_errors_come_before_anything_is_computed(library):
    labs = {"b12": ["145 pg/mL"]}
    with pytest.raises(ColumnError, match="expected a column of results"):
        refused(library, {"hello": [1]})
    with pytest.raises(ColumnError, match="there is no column 'B21'"):
        refused(library, labs, columns={"B21": "b12"})
    with pytest.raises(GuidelineError):
        refused(library, labs, guideline="nice")
    with pytest.raises(B12LabsError, match="'macrocitosis' is not a finding; did you mean 'macrocytosis'"):
        refused(library, labs, findings=["macrocitosis"])


@pytest.mark.parametrize(
    ("module", "others"),
    [
        ("arrow", {"polars", "duckdb", "dask", "pyspark"}),
        ("polars", {"duckdb", "dask", "pyspark"}),
        ("duckdb", {"polars", "dask", "pyspark"}),
        ("dask", {"polars", "duckdb", "pyspark"}),
        ("spark", {"polars", "duckdb", "dask"}),
    ],
)
def test_each_integration_is_importable_alone(module, others):
    code = f"import sys, b12labs.integrations.{module}; print(sorted({others!r} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_the_core_imports_no_integration():
    code = (
        "import sys, b12labs.tables.frames, b12labs.cli, b12labs.files; print([name for name in sys.modules if "
        "'integrations' in name])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_the_page_on_scale_runs_as_it_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    labs = {"row": [0, 1], "b12 [pg/mL]": [145.0, 420.0], "age": [67, 40], "sex": ["F", "M"]}
    pq.write_table(pa.table(labs), "labs.parquet")
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5
    assert failed == 0
