"""Records of a file that somebody hands in: YAML, JSON, CSV or a workbook, each with the line it stands on.

Every value arrives as text (``None`` where nothing stands): who reads a record decides what is a number. So
``NO`` stays a country and ``02005`` a mistake that can be shown. What is wrong with the file as a whole raises
``RuleBroken`` with a sentence; what is wrong with one record lies in its ``problem``.
"""

from common.records.fields import Document, Fields, Text
from common.records.reading import MEGABYTES_AT_MOST, ROWS_AT_MOST, bytes_of, read, read_bytes, refuse_large

__all__ = [
    "MEGABYTES_AT_MOST",
    "ROWS_AT_MOST",
    "Document",
    "Fields",
    "Text",
    "bytes_of",
    "read",
    "read_bytes",
    "refuse_large",
]
