"""Tables that people open in a spreadsheet. A cell that begins like a formula would be run there, with their rights."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARDED = re.compile(r"'+(?: *[=+\-@\t\r]|\n)")


def safe_cell(value: object) -> str:
    """Text as it is, but with an apostrophe before what a spreadsheet would take for a formula; nothing for none.

    Also behind leading spaces, which spreadsheets cut off. Numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value)
    is_formula = text.lstrip(" ").startswith(_FORMULA) or text.startswith("\n")
    return f"'{text}" if is_formula or _GUARDED.match(text) else text


def plain_cell(text: str) -> str:
    """What ``safe_cell`` made the cell of: without its apostrophe, where one guards a formula."""
    return text[1:] if _GUARDED.match(text) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180 with a byte order mark, so that every spreadsheet reads names rightly."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(one) for one in header])
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return "\ufeff" + text.getvalue()
