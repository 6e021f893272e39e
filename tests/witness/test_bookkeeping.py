"""No number of `reference_ranges/` is without a witness, and no witness without a number."""

import pytest

from tests.witness.reference_numbers import numbers_of, reference_files
from tests.witness.tables import rows, tables


def test_every_table_is_of_a_reference_file():
    assert set(tables()) <= set(reference_files())


@pytest.mark.parametrize("file", reference_files())
def test_every_number_is_typed_twice_and_nothing_else(file):
    typed = {(row.key, row.name, row.unit): row.number for row in (rows(file) if file in tables() else ())}
    assert typed == {identity: number for identity, (_, number) in numbers_of(file).items()}


@pytest.mark.parametrize("file", tables())
def test_a_number_that_is_repeated_is_the_same(file):
    found = {}
    for row in rows(file):
        assert found.setdefault((row.key, row.name, row.unit), (row.number, row.unread)) == (row.number, row.unread)
