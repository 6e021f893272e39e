"""JSON from outside: what is read, what is refused, and that refusing takes no time worth speaking of."""

import gzip
import json
import pickle
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs.errors import B12LabsError
from b12labs.integrations.json_input import MAX_BYTES, UNREAD_NUMBER, JsonInputError, read_json

#: Seconds after which a hostile text counts as not refused: far more than any needs, far less than it takes where the
#: measure is missing.
LIMIT = 120

#: What each text is refused for; the key is what is wrong with it.
HOSTILE = {
    "exponent that fills memory": (b'{"value": 1E9999999}', "read"),
    "exponent of a million nines": (b"1E" + b"9" * 1_000_000, "read"),
    "exponent toward zero": (b"1e-9999999", "read"),
    "a zero with a far exponent": (b"0e999999", "read"),
    "beyond a float": (b"1e999", "read"),
    "more digits than a result has": (b"0.1234567890123456789", "read"),
    "a million digits": (b"1" * 1_000_000, "read"),
    "a million digits after the point": (b"0." + b"1" * 1_000_000, "read"),
    "NaN": (b'{"value": NaN}', "not_a_number"),
    "Infinity": (b"[Infinity]", "not_a_number"),
    "-Infinity": (b"[-Infinity]", "not_a_number"),
    "a member twice": (b'{"status": "final", "status": "preliminary"}', "duplicate_member"),
    "a member twice, once escaped": (b'{"status": "final", "\\u0073tatus": "preliminary"}', "duplicate_member"),
    "half a surrogate pair": (b'["\\ud800"]', "lone_surrogate"),
    "half a surrogate pair as a name": (b'{"\\uDC00": 1}', "lone_surrogate"),
    "65 levels": (b"[" * 65 + b"]" * 65, "too_deep"),
    "a million levels of arrays": (b"[" * 1_000_000, "too_deep"),
    "a million levels, closed": (b"[" * 1_000_000 + b"]" * 1_000_000, "too_deep"),
    "levels of objects": (b'{"a":' * 300_000, "too_deep"),
    "levels behind brackets in strings": (b'{"}":' * 70 + b"1" + b"}" * 70, "too_deep"),
    "levels behind escaped quotes": (b'{"\\"}\\\\":' * 70 + b"1" + b"}" * 70, "too_deep"),
    "levels that open and close": ((b"[" * 500 + b"]" * 500 + b",") * 1_000, "too_deep"),
    "two million bytes too many": (b" " * (2 * MAX_BYTES), "too_large"),
    "larger in UTF-8 than in characters": ('"' + "é" * (MAX_BYTES - 10) + '"', "too_large"),
    "latin-1": ('"é"'.encode("latin-1"), "not_utf8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not_utf8"),
    "an overlong slash": (b'"\xc0\xaf"', "not_utf8"),
    "compressed": (gzip.compress(b"{}"), "not_utf8"),
    "nothing": (b"", "not_json"),
    "two values": (b"{} {}", "not_json"),
    "a trailing comma": (b"[1,]", "not_json"),
    "a comment": (b"[1] // one", "not_json"),
    "a control character in a text": (b'"a\x00b"', "not_json"),
    "single quotes": (b"{'a': 1}", "not_json"),
    "a number with a leading zero": (b"0145", "not_json"),
    "full-width digits": ("１４５".encode(), "not_json"),
    "a cut-off text": (b'{"value": "14', "not_json"),
    "a flood of quotes": (b'"' * 2_000_000, "not_json"),
    "a flood of backslashes": (b"[" + b"\\" * 2_000_000, "not_json"),
    "a flood of closing brackets": (b"]" * 2_000_000, "not_json"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Return why each text was refused, read by a process of its own that is killed where one takes too long."""
    table = tmp_path_factory.mktemp("hostile") / "table.pickle"
    table.write_bytes(pickle.dumps({name: text for name, (text, _) in HOSTILE.items()}))
    script = (
        "import pathlib, pickle, sys\n"
        "from b12labs.integrations.json_input import JsonInputError, read_json\n"
        "for name, text in pickle.loads(pathlib.Path(sys.argv[1]).read_bytes()).items():\n"
        "    try:\n        read_json(text)\n        code = 'read'\n"
        "    except JsonInputError as error:\n        code = error.code\n"
        "    print(name, code, sep='\\t', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(table)], capture_output=True, text=True, timeout=LIMIT, check=True
    )
    return dict(line.split("\t") for line in done.stdout.splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_in_time_with_its_code(refused, name):
    assert refused[name] == HOSTILE[name][1]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Canary", "value": NaN}',
        '{"Canary 1950-01-01": 1, "Canary 1950-01-01": 2}',
        '["Canary \\ud800"]',
        '{"name": "Canary" "Canary"}',
        '["Canary", ' + "[" * 100,
        b'"Canary \xff"',
        '"Canary"' * 1_000_000,
    ],
)
def test_a_refusal_quotes_nothing_of_the_text(text):
    with pytest.raises(JsonInputError) as caught:
        read_json(text)
    assert "Canary" not in str(caught.value)


@pytest.mark.parametrize(
    "written", ["118", "118.0", "118.00", "0.010", "-0.5", "123456789012345678", "0.00000000000000000001"]
)
def test_numbers_keep_their_digits(written):
    read = read_json(f'{{"value": {written}}}')["value"]
    assert format(read, "f") == written if isinstance(read, Decimal) else str(read) == written


@pytest.mark.parametrize("written", ["81.29999999999999715782905696", "1e999", "0e999999", "1234567890123456789"])
def test_a_number_beyond_those_that_are_read_spoils_only_its_own_value(written):
    read = read_json(f'{{"weight": {written}, "b12": 145}}')
    assert read == {"weight": UNREAD_NUMBER, "b12": 145}


@pytest.mark.parametrize(
    ("written", "read"), [("1e2", Decimal("1e2")), ("1E-20", Decimal("1E-20")), ("12.5e3", Decimal("12500"))]
)
def test_exponents_within_reason_are_read(written, read):
    assert read_json(written) == read


def test_a_member_that_is_there_twice_is_named_only_where_its_name_is_no_data():
    with pytest.raises(JsonInputError, match="'status'"):
        read_json('{"status": 1, "status": 2}')
    with pytest.raises(JsonInputError) as caught:
        read_json('{"Jane Doe 1950-01-01": 1, "Jane Doe 1950-01-01": 2}')
    assert "Jane" not in str(caught.value)


def test_64_levels_are_read_whatever_stands_in_strings():
    assert read_json('[["]"]]') == [["]"]]
    assert read_json('{"a": "[[[[[[[[[[", "b\\"[[{": ["\\\\"]}') == {"a": "[" * 10, 'b"[[{': ["\\"]}
    assert read_json("[" * 64 + "]" * 64)
    assert read_json('["' + "[" * 1000 + '"]') == ["[" * 1000]


def test_a_byte_order_mark_is_passed_over():
    assert read_json(b"\xef\xbb\xbf{}") == {}


def test_pairs_of_surrogates_and_escaped_backslashes_are_no_lone_surrogates():
    assert read_json('["\\ud83d\\ude00", "\\\\ud800"]') == ["😀", "\\ud800"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(json_values, st.booleans())
def test_what_the_standard_library_writes_is_read_as_it_was(value, ascii_only):
    assert read_json(json.dumps(value, ensure_ascii=ascii_only)) == value


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\01e-. ', max_size=60).map(str.encode))
def test_any_bytes_are_read_as_the_standard_library_does_or_refused(data):
    try:
        read = read_json(data)
    except B12LabsError:
        return
    assert UNREAD_NUMBER in str(read) or read == json.loads(data, parse_float=Decimal)
