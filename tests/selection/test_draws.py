"""The draw: the same for everybody, in whatever order the cases come, and as fair as a coin."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection import draws

KEYS = st.lists(st.text("23456789ABCDEFGH", min_size=8, max_size=8), unique=True, max_size=12)


@given(KEYS, st.text(min_size=1, max_size=20), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_asking(keys, seed, random):
    shuffled = list(keys)
    random.shuffle(shuffled)
    assert draws.draw(seed, shuffled) == draws.draw(seed, keys)


@given(KEYS, st.text(min_size=1, max_size=20))
def test_everybody_is_drawn_once_in_the_order_of_the_digests(keys, seed):
    drawn = draws.draw(seed, keys)
    assert sorted(one.key for one in drawn) == sorted(keys)
    assert [one.position for one in drawn] == list(range(1, len(keys) + 1))
    assert [one.digest for one in drawn] == sorted(draws.digest(seed, key) for key in keys)


def test_a_shell_draws_the_same():
    said = subprocess.run(
        "printf '%s' 'open sesame:K7Q2M4XD' | sha256sum", shell=True, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert said.stdout.split()[0] == draws.digest("open sesame", "K7Q2M4XD")


def test_each_of_two_comes_first_about_as_often():
    first = sum(
        draws.draw(f"seed {number}", ["AAAA2222", "BBBB3333"])[0].key == "AAAA2222" for number in range(1000)
    )
    assert 440 < first < 560


@pytest.mark.parametrize(("seed", "keys"), [("", ["A"]), ("seed", ["A", "A"])])
def test_no_seed_or_a_case_twice_is_no_draw(seed, keys):
    with pytest.raises(ValueError, match=r"seed|twice"):
        draws.draw(seed, keys)
