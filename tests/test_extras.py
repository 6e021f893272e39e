"""What needs a package that is not installed names it, with the line that installs it, at every door."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import b12labs
from tests.conftest import ROOT

FILE = "b12labs.files.interpret_file"
DASK = "from b12labs.integrations import dask; dask.interpret_files(['x'], output='y')"
SERVER = "from b12labs.integrations.server import create_app, Settings"

#: Of each package of an extra, as it is imported: the extra, and every door that needs it. `folder` has files to read.
DOORS = {
    "pyarrow": {
        "fast": [
            "import b12labs.integrations.arrow",
            f"import b12labs.files; {FILE}(folder / 'labs.parquet')",
            f"import b12labs.files; {FILE}(folder / 'labs.csv', output=folder / 'out.parquet')",
            "b12labs.interpret_frame(pandas.DataFrame({'b12 [pg/mL]': [145]}), findings_dtype='bool[pyarrow]')",
        ],
        "spark": ["import b12labs.integrations.spark"],
        "dask": [DASK],
        "duckdb": ["import b12labs.integrations.duckdb"],
        "polars": ["import b12labs.integrations.polars"],
    },
    "pyspark": {"spark": ["import b12labs.integrations.spark"]},
    "dask": {
        "dask": ["import b12labs.integrations.dask; b12labs.integrations.dask.interpret_files(['x'], output='y')"]
    },
    "polars": {"polars": ["import b12labs.integrations.polars"]},
    "python_calamine": {"excel": [f"import b12labs.files; {FILE}(folder / 'labs.xlsx')"]},
    "altair": {"plots": ["from b12labs import plots; plots.b12_against_mma(pandas.DataFrame({'b12 [pg/mL]': [145]}))"]},
    "sqlglot": {"sql": ["b12labs.to_sql(columns={'b12': 'b12'}, units={'b12': 'pg/mL'})"]},
    "mcp": {"mcp": ["from b12labs.cli import main; main(['mcp'])"]},
    "fastapi": {
        "server": [
            "import b12labs.integrations.server",
            "from b12labs.cli import main; main(['serve', '--demo'])",
        ]
    },
    "jwt": {"server": [SERVER]},
    "uvicorn": {"server": ["from b12labs.cli import main; main(['serve', '--demo'])"]},
    "prometheus_client": {"server": [f"{SERVER}; create_app(Settings(demo=True, metrics=True))"]},
    "backports.zstd": {"zstd": [f"import b12labs.files; {FILE}(folder / 'labs.csv.zst')"]},
}

#: Packages of an extra that b12labs itself does not import before the one beside them, or that have no door here: a
#: relation of DuckDB is made by DuckDB, and altair asks for what writes its pictures.
WITHOUT_A_DOOR = {"duckdb", "vl-convert-python", "httptools", "uvloop", "pyarrow"}


def _cases() -> Iterator[tuple[str, str, str]]:
    for package, extras in DOORS.items():
        for extra, doors in extras.items():
            for door in doors:
                yield package, extra, door


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("labs")
    (made / "labs.csv").write_text("b12 [pg/mL]\n145\n", encoding="utf-8")
    for name in ("labs.parquet", "labs.xlsx", "labs.csv.zst"):
        (made / name).write_bytes(b"x")
    return made


@pytest.mark.parametrize(("package", "extra", "door"), list(_cases()))
def test_a_missing_package_is_named_with_the_line_that_installs_it(package, extra, door, folder):
    if package == "backports.zstd" and sys.version_info >= (3, 14):
        pytest.skip("Python has it")
    hidden = [package, "pyarrow"] if package == "backports.zstd" else [package]  # pyarrow reads .zst too
    code = (
        f"import sys, pandas, b12labs, pathlib\nfolder = pathlib.Path({str(folder)!r})\n"
        f"sys.modules.update(dict.fromkeys({hidden!r}))\n"
        f"try:\n    {door}\nexcept b12labs.MissingExtraError as error:\n"
        "    assert isinstance(error, ImportError) and isinstance(error, b12labs.B12LabsError)\n"
        "    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    said = f"{done.stdout}{done.stderr}"
    assert f'needs {package}, which is not installed: pip install "b12labs[{extra}]"' in said
    assert "Traceback" not in said


def _extras() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: held for name, held in project["optional-dependencies"].items() if name not in ("dev", "docs")}
    return {name: [re.split(r"[\[>;]", each)[0].strip() for each in held] for name, held in extras.items()}


_DISTRIBUTIONS = {"python_calamine": "python-calamine", "jwt": "PyJWT", "prometheus_client": "prometheus-client"}


def test_every_package_of_an_extra_has_a_door_that_is_tried():
    named = {(extra, _DISTRIBUTIONS.get(package, package)) for package, extra, _ in _cases()}
    for extra, packages in _extras().items():
        for package in packages:
            assert (extra, package) in named or package in WITHOUT_A_DOOR, (extra, package)
    assert all(package in _extras()[extra] for extra, package in named)


def test_a_broken_import_of_ours_is_not_taken_for_a_missing_package():
    from b12labs.errors import extra

    with pytest.raises(ImportError, match="cannot import name") as error, extra("fast", "this"):
        from b12labs.text import no_such_name  # noqa: F401  # what is tried
    assert not isinstance(error.value, b12labs.MissingExtraError)
