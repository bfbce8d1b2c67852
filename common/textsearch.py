"""Text as a search compares it, inside the database: lower-case, without accents."""

from django.db.models import CharField, Func


class PlainText(Func):
    """``plain_text(column)``: immutable, so that it can be indexed (migration people.0002)."""

    function = "plain_text"
    output_field = CharField()
