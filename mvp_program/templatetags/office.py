"""What office pages of several rooms say about mail."""

from typing import Any

from django import template

from mvp_program.queries import bouncing_shown_to, failed_mails_shown_to

register = template.Library()


@register.simple_tag(takes_context=True)
def mail_waiting(context: Any) -> dict[str, int]:
    """Reports of addresses that bounce and mails that could not be sent, of those that the reader may know of."""
    user = context["request"].user
    return {"bouncing": bouncing_shown_to(user).count(), "failed": failed_mails_shown_to(user).count()}
