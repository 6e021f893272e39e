"""A token is used once, by any process, until it expires."""

import stat
import threading

import pytest

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.used_tokens import UsedTokens


@pytest.fixture(params=["in a file", "by the process"])
def used(request, tmp_path):
    return UsedTokens(tmp_path / "used.sqlite" if request.param == "in a file" else None, 2)


def test_tokens_are_remembered_until_they_expire_and_no_more_than_there_is_room_for(used):
    used.use("ehr", "a", until=100, now=0)
    used.use("ehr", "b", until=200, now=0)
    with pytest.raises(Refusal, match="try again later") as full:
        used.use("ehr", "c", until=300, now=50)
    assert full.value.status == 503
    used.use("ehr", "a", until=300, now=150)
    with pytest.raises(Refusal, match="used before"):
        used.use("ehr", "b", until=300, now=150)
    assert used.held() == 2


def test_a_client_that_fills_its_room_locks_out_itself_alone(used):
    for token in "ab":
        used.use("ehr", token, until=100, now=0)
    used.use("other", "a", until=100, now=0)
    with pytest.raises(Refusal, match="try again later"):
        used.use("ehr", "c", until=100, now=0)


def test_another_process_and_a_restart_know_what_was_used(tmp_path):
    path = tmp_path / "used.sqlite"
    UsedTokens(path, 10).use("ehr", "a", until=100, now=0)
    with pytest.raises(Refusal, match="used before"):
        UsedTokens(path, 10).use("ehr", "a", until=100, now=0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_many_that_use_a_token_at_once_one_is_let_in(tmp_path):
    path, let_in = tmp_path / "used.sqlite", []
    stores = [UsedTokens(path, 1000) for _ in range(8)]

    def use(store):
        for number in range(50):
            try:
                store.use("ehr", str(number), until=100, now=0)
                let_in.append(number)
            except Refusal as refused:
                assert refused.status == 401  # noqa: PT017  # of the two that it may be

    threads = [threading.Thread(target=use, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(let_in) == list(range(50))


def test_a_file_that_is_no_such_file_is_told(tmp_path):
    path = tmp_path / "used.sqlite"
    path.write_text("no database" * 100)
    with pytest.raises(OSError, match="cannot be used"):
        UsedTokens(path, 10)


def test_where_nothing_can_be_remembered_no_token_is_accepted(tmp_path):
    used = UsedTokens(tmp_path / "used.sqlite", 10)
    used.check()
    used._base.execute("PRAGMA query_only = 1")  # as a file system that has become read-only
    with pytest.raises(OSError, match="cannot be written"):
        used.check()
    with pytest.raises(Refusal) as refused:
        used.use("ehr", "a", until=100, now=0)
    assert refused.value.status == 503
