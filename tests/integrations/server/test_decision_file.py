"""The file of decisions: whole lines, by any number of processes, and none is lost."""

import json
import os
import stat
import subprocess
import sys

import pytest

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.decision_file import DecisionFile

WRITES = """
import sys
from pathlib import Path
from b12labs.integrations.server.decision_file import DecisionFile
from concurrent.futures import ThreadPoolExecutor
file = DecisionFile(Path(sys.argv[1]), 200_000)
with ThreadPoolExecutor(4) as threads:
    list(threads.map(lambda n: file({"from": sys.argv[2], "number": n, "filling": "x" * 9000}), range(300)))
"""


def lines(folder):
    return [json.loads(line) for path in folder.glob("d*.ndjson") for line in path.read_text().splitlines()]


def test_nobody_else_may_read_it(tmp_path):
    DecisionFile(tmp_path / "d.ndjson", 1000)({"status": "deficient"})
    assert stat.S_IMODE((tmp_path / "d.ndjson").stat().st_mode) == 0o600


def test_several_processes_and_their_threads_write_whole_lines_and_lose_none_when_files_are_set_aside(tmp_path):
    command = [sys.executable, "-c", WRITES, str(tmp_path / "d.ndjson")]
    running = [subprocess.Popen([*command, name]) for name in "abc"]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(list(tmp_path.glob("d-*.ndjson"))) > 20
    assert all(path.stat().st_size <= 200_000 for path in tmp_path.glob("d*.ndjson"))
    written = sorted((line["from"], line["number"]) for line in lines(tmp_path))
    assert written == [(name, number) for name in "abc" for number in range(300)]


def test_a_line_that_a_process_was_killed_in_is_cut_off_and_the_next_is_whole(tmp_path):
    path = tmp_path / "d.ndjson"
    DecisionFile(path, 10_000)({"number": 1})
    with path.open("a") as file:
        file.write('{"number": 2, "sta')
    DecisionFile(path, 10_000)({"number": 3})
    assert [line["number"] for line in lines(tmp_path)] == [1, 3]


def test_a_file_that_was_moved_away_is_begun_again(tmp_path):
    path = tmp_path / "d.ndjson"
    file = DecisionFile(path, 10_000)
    file({"number": 1})
    path.rename(tmp_path / "d-moved.ndjson")
    file({"number": 2})
    assert [line["number"] for line in map(json.loads, path.read_text().splitlines())] == [2]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110  # a device
def test_where_nothing_can_be_written_the_check_and_the_record_fail(tmp_path):
    link = tmp_path / "d.ndjson"
    link.symlink_to("/dev/full")
    file = DecisionFile(link, 1000)
    with pytest.raises(OSError, match="No space"):
        file.check()
    with pytest.raises(Refusal) as refused:
        file({"status": "deficient"})
    assert refused.value.status == 503


def test_a_check_leaves_nothing_behind(tmp_path):
    path = tmp_path / "d.ndjson"
    file = DecisionFile(path, 1000)
    file({"number": 1})
    before = path.read_bytes()
    file.check()
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["d.ndjson"]
