"""Initials in any script."""

import pytest

from common.avatar import ground, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ágnes Kővári", "ÁK"),
        ("Dáithí Ó Braonlaoich", "DB"),
        ("Dr. Marit Ojasoo", "MO"),
        ("Robert (Bob) Ashgrove III", "RA"),
        ("Wendell “Wen” Ashgrove Jr.", "WA"),
        ("maria da conceição vasconcellos", "MV"),
        ("O'Shaughlin", "O"),
        ("'t Hooftman", "TH"),
        ("ნინო აბაშიძელი", "ნა"),
        ("Өнөрбаатарын Сүрэн", "ӨС"),
        ("宮野原 さつき", "宮さ"),
        ("किरण मेहरोत्रा", "किमे"),
        ("محمد العلي", "م\u200cا"),
        ("\u202eלאה בן", "לב"),
        ("ßara", "S"),
        ("Dr.", ""),
        ("", ""),
        ("   ", ""),
        ("42 (x", "X"),
        ("X Æ A-12", "XA"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_ground_of_a_key_never_changes() -> None:
    assert ground("K7Q2M4") == 5
    assert {ground(str(number)) for number in range(200)} == {1, 2, 3, 4, 5, 6}
