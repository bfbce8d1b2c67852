"""Fixtures for every test: the cast and its house."""

from tests.cast import cast, house, sign_in  # noqa: F401
