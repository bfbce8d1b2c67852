"""Addresses in lists: looked up once, the same as looked up each time."""

from django.urls import reverse

from common.http import address_of


def test_an_address_is_that_of_reverse() -> None:
    for name, key in (
        ("person", "anna-lee-2"),
        ("awards:award", "H7Q2K9DX"),
        ("awards:credential", "K9DXH7Q2"),
    ):
        assert address_of(name, key) == reverse(name, args=[key])
