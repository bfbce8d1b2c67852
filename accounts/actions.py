"""What changes who may sign in."""

from accounts.models import User


def open_account(email: str) -> User:
    """An account for an address that was confirmed; without a password, sign-in is by mail."""
    return User.objects.create_user(email)
