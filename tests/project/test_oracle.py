"""The oracle: a second reading of the facts and rules, in plain Python, that shares nothing with the package."""

import ast

import pytest

from tests.conftest import ROOT
from validation.oracle import marker_limits
from validation.oracle.compare import compare

FOLDER = ROOT / "validation/oracle"


@pytest.mark.long
def test_the_oracle_and_b12labs_agree_on_every_statement() -> None:
    found = compare(4_000, seed=7)
    assert not found.differences, "\n".join(str(each) for each in found.differences[:10])


def test_a_limit_that_is_typed_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(marker_limits.B12_DEFICIENT, "uptodate", ((201, 201, "pg/mL"), (148, 148, "pmol/L")))
    found = compare(2_000, seed=7, keys=("uptodate",))
    assert {each.statement for each in found.differences} >= {"low_total_b12"}


def test_the_oracle_uses_only_the_public_functions() -> None:
    """It is worth something only as long as it shares no code and no data with the package."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("b12labs.")], path.name
            assert "b12labs" not in names or path.name == "compare.py"
