"""Linear algebra keeps to one thread, and only for as long as it should."""

import pytest

from selection import threads


def counts():
    return [library.get() for library in threads._libraries()]


def test_there_is_one_thread_inside_and_as_many_as_before_outside():
    before = counts()
    with threads.one_thread():
        assert set(counts()) <= {1}
    assert counts() == before


@threads.one_thread()
def fail():
    raise KeyError


def test_an_error_brings_them_back_too():
    before = counts()
    with pytest.raises(KeyError):
        fail()
    assert counts() == before


def test_the_libraries_that_numpy_and_scipy_bring_are_found():
    assert len(threads._libraries()) == 2  # the pinned wheels of Linux; another platform may have its own
