"""Strings that are drawn without templates."""

import pytest
from django.utils.functional import lazystr
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from common.drawing import escape


@pytest.mark.parametrize(
    "text", ['<b>"O\'Neil" & co', SafeString("<b>ready</b>"), lazystr("<i>later</i>"), 7, None, ""], ids=repr
)
def test_a_text_is_escaped_as_templates_do(text: object) -> None:
    assert escape(text) == conditional_escape(text)
