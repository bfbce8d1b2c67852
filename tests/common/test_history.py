"""The append-only record: sealing leaves nothing out and nothing in twice, whoever writes at once."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from common import history
from common.models import HistoryBlock, HistoryRow, HistoryText, HistoryWaiting
from common.verification import verify
from tests.spread import all_of_them


def record(key: str = "K7Q2M4XD", text: str = "") -> HistoryRow:
    return history.record("nomination", key, "withdraw", by=None, old="invited", new="withdrawn", text=text)


def sealed_ids() -> Counter[int]:
    return Counter(pk for ids in HistoryBlock.objects.values_list("row_ids", flat=True) for pk in ids)


def assert_each_row_is_in_one_block() -> None:
    assert sealed_ids() == Counter(HistoryRow.objects.values_list("pk", flat=True))
    assert not HistoryWaiting.objects.exists()
    assert verify().problems == []


def in_a_thread(work: Callable[[], None]) -> threading.Thread:
    """Run ``work`` on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db
def test_an_event_waits_until_it_is_sealed() -> None:
    row = record()
    assert list(HistoryWaiting.objects.values_list("row_id", flat=True)) == [row.pk]
    assert history.seal() == 1
    assert history.seal() == 0
    assert_each_row_is_in_one_block()


@pytest.mark.django_db
def test_free_text_lies_apart_and_can_be_erased() -> None:
    row = record(text="Moves to Lisbon")
    history.seal()
    HistoryText.objects.filter(row=row).delete()
    assert "Lisbon" not in str(vars(HistoryRow.objects.get()))
    assert verify().problems == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [HistoryRow, HistoryBlock])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_rows_and_blocks_refuse_change_even_from_the_owner(statement: str, model: type) -> None:
    record()
    history.seal()
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_text_is_erased_or_kept_never_rewritten() -> None:
    record(text="As it was")
    with pytest.raises(IntegrityError, match="append-only"):
        HistoryText.objects.update(text="As it should have been")


@pytest.mark.django_db
def test_two_blocks_never_follow_the_same_block() -> None:
    record()
    history.seal()
    with pytest.raises(IntegrityError, match="chain_never_forks"):
        HistoryBlock.objects.create(
            first_row=1, last_row=1, row_count=1, row_ids=[1], row_digests=["0"], digest="0"
        )


@pytest.mark.django_db
@settings(
    max_examples=100 if all_of_them() else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rounds=st.lists(st.integers(0, 7), max_size=5))
@example(rounds=[3, 0, 7])
def test_blocks_of_any_size_hold_each_row_once(rounds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "BLOCK_ROWS", 3)
    for count in rounds:
        history.record_many(history.Event("nomination", str(n), "save") for n in range(count))
        assert history.seal() == count
    assert_each_row_is_in_one_block()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_committed_late_enters_a_later_block() -> None:
    written, sealed = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            record("SLOW")
            written.set()
            assert sealed.wait(30)

    thread = in_a_thread(write_slowly)
    assert written.wait(30)
    record("FAST")
    assert history.seal() == 1
    sealed.set()
    thread.join()
    assert history.seal() == 1
    assert [HistoryRow.objects.get(pk=block.first_row).key for block in HistoryBlock.objects.all()] == [
        "FAST",
        "SLOW",
    ]
    assert_each_row_is_in_one_block()


@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_at_once_lose_nothing_and_seal_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "BLOCK_ROWS", 4)
    start, writing = threading.Barrier(6), threading.Event()
    failures: list[BaseException] = []

    def write(seed: int) -> None:
        chance = random.Random(seed)
        start.wait(30)
        for number in range(25):
            try:
                with transaction.atomic():
                    history.record_many(
                        history.Event("nomination", f"{seed}.{number}", "save")
                        for _ in range(chance.randint(1, 4))
                    )
                    if chance.random() < 0.2:
                        raise InterruptedError
            except InterruptedError:
                continue

    def seal_until_done() -> None:
        start.wait(30)
        while not writing.is_set():
            history.seal()

    def noting(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        return run

    writers = [in_a_thread(noting(partial(write, seed))) for seed in range(4)]
    sealers = [in_a_thread(noting(seal_until_done)) for _ in range(2)]
    for thread in writers:
        thread.join()
    writing.set()
    for thread in sealers:
        thread.join()
    history.seal()
    assert failures == []
    assert_each_row_is_in_one_block()


@pytest.mark.django_db
def test_rows_that_a_restore_lists_again_are_not_sealed_twice() -> None:
    rows = [record(str(number)) for number in range(3)]
    history.seal()
    HistoryWaiting.objects.bulk_create(HistoryWaiting(row_id=row.pk) for row in rows)
    new = record("NEW")
    assert history.seal() == 1
    assert HistoryBlock.objects.last().row_ids == [new.pk]  # type: ignore[union-attr]
    assert_each_row_is_in_one_block()


@pytest.mark.django_db
def test_one_seal_holds_one_block_in_memory_however_much_waits(django_assert_num_queries: object) -> None:
    history.record_many(history.Event("nomination", str(n), "save") for n in range(history.BLOCK_ROWS + 1))
    assert history.seal() == history.BLOCK_ROWS + 1
    assert [block.row_count for block in HistoryBlock.objects.all()] == [history.BLOCK_ROWS, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.as_app
def test_the_application_writes_and_seals_history() -> None:
    record(text="A reason")
    assert history.seal() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("count", [6, 60])
def test_very_many_events_take_as_many_statements_as_few_and_keep_their_texts(
    count, django_assert_num_queries
):
    events = [
        history.Event("case", f"K{n}", "close", codes={"n": n}, text="Why." * (n % 2)) for n in range(count)
    ]
    with django_assert_num_queries(3):
        history.record_by_thousands(events)
    assert set(HistoryRow.objects.values_list("key", flat=True)) == {f"K{n}" for n in range(count)}
    texts = HistoryText.objects.values_list("row__key", flat=True)
    assert set(texts) == {f"K{n}" for n in range(1, count, 2)}
    assert history.seal() == count
