"""``/hooks/mail/``: reports of bounces from the mail provider, signed with a shared secret.

A POST of JSON, one report or ``{"events": [...]}`` with up to ``EVENTS_AT_MOST`` of them::

    {"id": "evt-1", "kind": "hard", "message_id": "<…@…>", "address": "a@example.org", "reason": "550 5.1.1 …"}

``kind`` is hard, soft or complaint; ``message_id`` or ``address`` says which mail or whose. Headers:
``X-Mail-Timestamp``, seconds since 1970, and ``X-Mail-Signature``, ``sha256=`` with the hexadecimal HMAC-SHA-256 under
``MAIL_HOOK_SECRET`` of the timestamp, a dot and the raw body. A report that comes again changes nothing.
"""

import hashlib
import hmac
import json
import re
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common import bounces, clock
from common.models import Bounce

SECONDS = 300  # how far a timestamp may lie from our clock: what was overheard cannot be played again later
BYTES = 1_000_000
EVENTS_AT_MOST = 500
MESSAGE_ID = re.compile(r"<?[^<>\s@]{1,100}@[^<>\s@]{1,100}>?")


class Unreadable(Exception):
    """The body is not what the address takes; its text says why."""


@csrf_exempt  # no session: the signature is the right to report
@login_not_required
@never_cache
@require_POST
def mail_hook(request: HttpRequest) -> HttpResponse:
    """Note reports of bounces: 200 with counts, 400 unreadable, 403 not signed, 404 without a secret, 413 too long."""
    if not settings.MAIL_HOOK_SECRET:
        raise Http404
    try:
        if int(request.headers.get("Content-Length") or 0) > BYTES or len(request.body) > BYTES:
            return _answer("The body is longer than 1 MB.", 413)
    except (RequestDataTooBig, ValueError):
        return _answer("The body is longer than 1 MB.", 413)
    if not is_signed(request):
        return _answer("The signature or its timestamp is not right.", 403)
    try:
        reports = read_reports(request.body)
    except Unreadable as error:
        return _answer(str(error), 400)
    counts = {"noted": 0, "known": 0, "unknown": 0}
    with transaction.atomic():
        for report in reports:
            counts[bounces.note_bounce(report)] += 1
    return JsonResponse(counts)


def is_signed(request: HttpRequest) -> bool:
    """The signature is ours and no older than ``SECONDS``; compared in constant time."""
    timestamp = request.headers.get("X-Mail-Timestamp", "")
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII):
        return False
    if abs(clock.now().timestamp() - int(timestamp)) > SECONDS:
        return False
    given = request.headers.get("X-Mail-Signature", "")
    return hmac.compare_digest(given.encode(), signature(timestamp, request.body).encode())


def signature(timestamp: str, body: bytes) -> str:
    """What ``X-Mail-Signature`` holds for a body sent at ``timestamp``."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(settings.MAIL_HOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest()


def read_reports(body: bytes) -> list[bounces.Report]:
    """The reports of a body; all of them can be read or none is noted."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("The body is no JSON.") from None
    events = said.get("events") if isinstance(said, dict) and "events" in said else [said]
    if not isinstance(events, list) or not 0 < len(events) <= EVENTS_AT_MOST:
        raise Unreadable(f"“events” must be a list of 1 to {EVENTS_AT_MOST} reports.")
    return [_report(number, event) for number, event in enumerate(events, 1)]


def _report(number: int, event: Any) -> bounces.Report:
    if not isinstance(event, dict):
        raise Unreadable(f"Report {number} is no object.")
    fields = {name: event.get(name) or "" for name in ("id", "kind", "message_id", "address", "reason")}
    if any(not isinstance(value, str) or len(value) > 2000 or "\0" in value for value in fields.values()):
        raise Unreadable(f"Report {number} has a field that is no text, or too long a one.")
    if fields["kind"] not in Bounce.Kind.values:
        raise Unreadable(f"Report {number} has no kind: hard, soft or complaint.")
    if fields["message_id"] and not MESSAGE_ID.fullmatch(fields["message_id"].strip()):
        raise Unreadable(f"Report {number} has a message_id that is none.")
    if fields["address"]:
        try:
            validate_email(fields["address"].strip())
        except ValidationError:
            raise Unreadable(f"Report {number} has an address that is none.") from None
    if not fields["message_id"] and not fields["address"]:
        raise Unreadable(f"Report {number} says neither message_id nor address.")
    return bounces.Report(
        fields["kind"], fields["address"], fields["message_id"], fields["id"], fields["reason"]
    )


def _answer(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
