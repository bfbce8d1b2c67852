"""What office pages of several rooms say about mail."""

from typing import Any

from django import template

from mvp_program.queries import mail_waiting_for

register = template.Library()


@register.simple_tag(takes_context=True)
def mail_waiting(context: Any) -> dict[str, int]:
    """Reports of addresses that bounce and mails that could not be sent, of those that the reader may know of."""
    return mail_waiting_for(context["request"].user)
