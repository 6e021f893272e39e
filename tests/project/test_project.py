"""What users meet first: the import, the README, the demo, the installed wheel."""

import doctest
import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from packaging.requirements import Requirement

import b12labs
from site_pages.api_reference import PUBLIC
from tests.conftest import ROOT

#: Pages whose examples are run elsewhere: with the files that they read, or where they are written.
ELSEWHERE = {"guidelines.md", "scale.md", "tables.md", "plots.md", "api.md"}
WITH_EXAMPLES = [
    page.name
    for page in sorted((ROOT / "docs").glob("*.md"))
    if page.name not in ELSEWHERE and ">>> " in page.read_text("utf-8")
]
PAGES = ["README.md", *(f"docs/{name}" for name in WITH_EXAMPLES)]


def python(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


def test_importing_b12labs_loads_neither_pandas_nor_pint():
    code = (
        "import sys, b12labs; print([name for name in ('pandas', 'pint', 'numpy', 'polars', 'pyarrow', "
        "'pydantic') if name in sys.modules])"
    )
    assert python("-c", code).stdout.strip() == "[]"


def test_interpreting_one_patient_loads_nothing_that_only_tables_need():
    code = (
        "import sys, b12labs; b12labs.interpret(b12='145 pg/mL', age=67); print([name for name in ('pandas', 'numpy', "
        "'pint', 'pyarrow', 'difflib') if name in sys.modules])"
    )
    assert python("-c", code).stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_interpreting_a_file_loads_neither_pandas_nor_pint(tmp_path, name):
    code = (
        f"import sys; from b12labs.cli import main; main(['interpret', 'examples/labs.csv', '-o', "
        f"{str(tmp_path / name)!r}]); "
    )
    loaded = python("-c", code + "print([name for name in ('pandas', 'pint') if name in sys.modules])").stdout
    assert "Written" in loaded
    assert loaded.splitlines()[-1] == "[]"


def test_every_public_name_is_there_and_documented():
    for name in b12labs.__all__:
        assert getattr(b12labs, name).__doc__ or name == "__version__", name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = b12labs.nothing


@pytest.mark.parametrize("page", PAGES)
def test_examples_of_the_documentation_run(page):
    options = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        failed, tried = doctest.testfile(str(ROOT / page), module_relative=False, optionflags=options)
    assert tried > 5
    assert failed == 0


@pytest.mark.parametrize(
    "name",
    [
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        for path in sorted((ROOT / "src/b12labs").rglob("*.py"))
        if ">>> " in path.read_text(encoding="utf-8")
    ],
)
def test_an_example_of_a_docstring_runs_and_imports_from_public_addresses(name):
    module = importlib.import_module(name)
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        failed, tried = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 0
    assert failed == 0
    imported = re.findall(r">>> from (b12labs[.\w]*) import", Path(module.__file__).read_text(encoding="utf-8"))
    assert set(imported) <= {*PUBLIC, "b12labs.integrations"}


def test_what_the_library_does_not_see_speaks_of_follow_up_as_it_is():
    """A page of limits is not to deny a feature."""
    page = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    assert "`follow_up`" in page.partition("**Trends without treatment.**")[2].partition("- **")[0]


def required(distribution, found):
    """Add what a distribution requires, and what that requires, to those that are found."""
    for line in distribution.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed = importlib.metadata.distribution(requirement.name)
            if needed.metadata["Name"] not in found:
                found[needed.metadata["Name"]] = needed
                required(needed, found)
    return found


def link(distribution, site):
    """Have an environment use an installed distribution without installing it again."""
    for top in {file.parts[0] for file in distribution.files if file.parts[0] not in ("..", "__pycache__")}:
        (site / top).symlink_to(distribution.locate_file(top).resolve())


@pytest.mark.long
def test_the_installed_wheel_does_the_demo_with_nothing_but_what_it_requires(tmp_path):
    built = python("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), ".")
    assert built.returncode == 0, built.stderr
    wheel = next(tmp_path.glob("b12labs-*.whl"))
    home = tmp_path / "env"
    venv.create(home)
    inside = home / ("Scripts" if os.name == "nt" else "bin")
    installed = python("-m", "pip", f"--python={inside / 'python'}", "install", "--quiet", "--no-deps", str(wheel))
    assert installed.returncode == 0, installed.stderr
    (metadata,) = home.rglob("b12labs-*.dist-info")
    for distribution in required(importlib.metadata.Distribution.at(metadata), {}).values():
        link(distribution, metadata.parent)
    out = tmp_path / "interpreted.csv"
    done = subprocess.run(
        [inside / "b12labs", "interpret", str(ROOT / "examples/labs.csv"), "-o", str(out)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert out.read_text(encoding="utf-8").count("\n") == (ROOT / "examples/labs.csv").read_text(
        encoding="utf-8"
    ).count("\n")


def test_the_package_works_from_a_zip(tmp_path):
    packed = tmp_path / "b12labs.zip"
    with zipfile.ZipFile(packed, "w") as file:
        for top in (ROOT / "src/b12labs", ROOT / "reference_ranges"):
            for path in top.rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    within = Path("b12labs") if top.name != "b12labs" else Path()
                    file.write(path, within / path.relative_to(top.parent))
    code = (
        f"import sys; sys.path.insert(0, {str(packed)!r})\n"
        "import b12labs\n"
        "assert b12labs.__file__.startswith(sys.path[0])\n"
        "print(b12labs.interpret(b12='100 pg/mL', age=67, medicines=['metformin']).status)\n"
        "from b12labs.cli.main import main\n"
        f"main(['report', {str(ROOT / 'examples/labs.csv')!r}, '-o', {str(tmp_path / 'page.html')!r}])"
    )
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("deficient")


def test_nothing_left_of_the_rules_is_imported_by_them():
    for path in (ROOT / "src/b12labs/rules").glob("*.py"):
        imports = [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("import ", "from "))
        ]
        assert all(line.startswith(("from b12labs.logic", "from b12labs.rules")) for line in imports), path
