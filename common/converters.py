"""What a public key looks like in an address; anything else is no address of ours."""

from django.urls import register_converter


class PublicKey:
    """``<key:key>``: signs of ``common.keys.ALPHABET``."""

    regex = "[2-9A-HJ-NP-TV-Z]{4,24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def register() -> None:
    """Called by each ``urls.py`` that uses ``<key:…>``; safe to call twice."""
    from django.urls.converters import REGISTERED_CONVERTERS

    if "key" not in REGISTERED_CONVERTERS:
        register_converter(PublicKey, "key")
