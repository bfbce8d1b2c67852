"""What changes who may sign in."""

from collections.abc import Iterable

from accounts.models import AgreementSignature, User
from charter.models import Agreement
from common import clock


def open_account(email: str) -> User:
    """An account for an address that was confirmed; without a password, sign-in is by mail."""
    return User.objects.create_user(email)


def sign_agreements(user: User, agreements: Iterable[Agreement]) -> None:
    """Note that a user agreed to these versions; what was signed before keeps its day."""
    now = clock.now()
    AgreementSignature.objects.bulk_create(
        [AgreementSignature(user=user, agreement=agreement, signed_at=now) for agreement in agreements],
        ignore_conflicts=True,
    )
