"""Files that workers write themselves: each whole or not there, and what is done is not done again."""

import os

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from b12labs import B12LabsError, interpret_frame
from b12labs.files import interpret_file
from b12labs.integrations.dask import interpret_files
from b12labs.integrations.shards import Shards
from b12labs.verification.verifying import verify

LABS = {"who": [f"p{row}" for row in range(6)], "b12 [pg/mL]": [90.0, 150, 250, None, 700, 99999999], "age": [40] * 6}


@pytest.fixture
def shards(tmp_path):
    table = pa.table(LABS)
    for place in range(3):
        pq.write_table(table.slice(2 * place, 2), tmp_path / f"{place}.parquet")
    return [tmp_path / f"{place}.parquet" for place in range(3)]


def written(folder):
    return pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))], ignore_index=True)


def test_what_is_written_is_what_the_table_says(shards, tmp_path):
    counts = interpret_files(shards, output=tmp_path / "out")
    expected = interpret_frame(pd.DataFrame(LABS))
    found = written(tmp_path / "out")
    assert found[list(LABS)].equals(pd.DataFrame(LABS))
    assert found["status"].tolist() == expected["status"].tolist()
    assert found["problems"].tolist() == expected["problems"].tolist()
    assert counts["rows"].sum() == len(expected)
    assert sum(counts["problem_rows"]) == 1
    assert counts["problems"][2] == {"b12: implausible_value": 1}
    assert counts["status"][0] == {"deficient": 2}


def test_only_what_is_missing_is_done_again(shards, tmp_path):
    first = interpret_files(shards, output=tmp_path / "out")
    (tmp_path / "out" / "1.parquet").unlink()
    (tmp_path / "out" / ".1.parquet.part").write_bytes(b"what a crash left")
    again = interpret_files(shards, output=tmp_path / "out")
    assert again["resumed"].tolist() == [True, False, True]
    pd.testing.assert_frame_equal(again.drop(columns="resumed"), first.drop(columns="resumed"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0.parquet", "1.parquet", "2.parquet"]


@pytest.mark.parametrize("options", [{"guideline": "norway"}, {"keep": ["who"]}, {"findings": ["anemia_severe"]}])
def test_another_question_is_another_answer(shards, tmp_path, options):
    from b12labs.reasoning.compiled import FINDING_RULES

    options = {name: [next(iter(FINDING_RULES))] if name == "findings" else asked for name, asked in options.items()}
    interpret_files(shards, output=tmp_path / "out")
    again = interpret_files(shards, output=tmp_path / "out", **options)
    assert not any(again["resumed"])


def test_an_input_that_changed_is_read_again(shards, tmp_path):
    interpret_files(shards, output=tmp_path / "out")
    table = pq.read_table(shards[0])
    pq.write_table(pa.concat_tables([table, table]), shards[0])
    assert interpret_files(shards, output=tmp_path / "out")["rows"].tolist() == [4, 2, 2]
    pq.write_table(table, shards[1])
    os.utime(shards[1], ns=(1, 1))
    assert not interpret_files(shards, output=tmp_path / "out")["resumed"][1]


def test_a_file_that_no_job_wrote_is_left(shards, tmp_path):
    before = shards[0].read_bytes()
    with pytest.raises(B12LabsError, match="there is a file that b12labs did not write"):
        interpret_files(shards, output=tmp_path)
    assert shards[0].read_bytes() == before


def test_two_files_of_one_name_are_refused(shards, tmp_path):
    (tmp_path / "other").mkdir()
    other = shards[0].rename(tmp_path / "other" / "1.parquet")
    with pytest.raises(B12LabsError, match="have the same name"):
        interpret_files([other, *shards[1:]], output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_file_gives_an_empty_one(tmp_path):
    pq.write_table(pa.table(LABS).slice(0, 0), tmp_path / "none.parquet")
    counts = interpret_files([tmp_path / "none.parquet"], output=tmp_path / "out")
    assert counts["rows"].tolist() == [0]
    assert "status" in pq.read_schema(tmp_path / "out" / "none.parquet").names


def test_a_yes_no_column_is_judged_by_the_whole_file(tmp_path):
    """A column of 0 and 1 with one 3 is a stage: none of its numbers is a yes, in whichever batch it stands."""
    rows = 100_001
    table = pa.table({"b12 [pg/mL]": [300.0] * rows, "ckd": [1] * (rows - 1) + [3]})
    pq.write_table(table, tmp_path / "stages.parquet")
    counts = interpret_files([tmp_path / "stages.parquet"], output=tmp_path / "out")
    assert counts["problems"][0] == {"chronic_kidney_disease: unreadable_yes_no": rows}


def test_an_output_says_with_what_it_was_made(shards, tmp_path):
    interpret_files(shards, output=tmp_path / "out")
    assert all(said.again for said in verify(tmp_path / "out" / "0.parquet", rerun=True))
    interpret_files(shards, output=tmp_path / "few", keep=["who"])
    (said,) = verify(tmp_path / "few" / "0.parquet", rerun=True)
    assert "only some of the columns" in str(said)
    interpret_file(shards[0], output=tmp_path / "alone.parquet")
    alone, job = (
        pq.read_metadata(path).metadata for path in (tmp_path / "alone.parquet", tmp_path / "out" / "0.parquet")
    )
    assert alone[b"b12labs.provenance"] == job[b"b12labs.provenance"]


def test_a_job_travels_to_its_workers(shards, tmp_path):
    import pickle

    job = Shards.of(shards, output=tmp_path / "out", guideline="norway")
    assert pickle.loads(pickle.dumps(job)).write(0)["rows"] == 2  # its own bytes
