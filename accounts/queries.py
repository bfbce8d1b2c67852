"""What somebody has signed."""

from accounts.models import AgreementSignature, User


def signatures_of(user: User) -> list[AgreementSignature]:
    """Everything that a user signed, newest first."""
    return list(
        AgreementSignature.objects.filter(user=user).select_related("agreement").order_by("-signed_at")
    )
