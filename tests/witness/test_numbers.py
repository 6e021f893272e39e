"""Every clinical number has a second witness: it is typed twice, and what it decides is asked around it."""

import pytest

from tests.witness.asking import asked_as_table, asked_one_by_one
from tests.witness.tables import rows, tables


@pytest.mark.parametrize("file", tables())
def test_a_table_is_answered_as_its_rows_say(file):
    assert asked_as_table(rows(file)) == []


@pytest.mark.parametrize("file", tables())
def test_patients_are_answered_as_the_rows_say(file):
    assert asked_one_by_one(rows(file), every=7) == []
