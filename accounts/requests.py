"""The type of a request behind the sign-in: LoginRequiredMiddleware lets nobody else reach the view."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is one of ours."""

    user: User
