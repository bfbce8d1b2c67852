"""Who asks the API: nobody in particular, or somebody by a token of theirs. A session's cookie opens nothing here."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from accounts.models import ApiToken
from accounts.tokens import token_in_force


class Token(HttpBearer):
    """``Authorization: Bearer mvp_…``; ``request.auth`` is the row of the token."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return token_in_force(token)


class _Anybody:
    """Lets everybody in who brings no token; a token that is not in force is refused rather than passed over."""

    def __call__(self, request: HttpRequest) -> str | None:
        return None if "Authorization" in request.headers else "anybody"


BY_TOKEN = Token()
OPEN: list[Any] = [BY_TOKEN, _Anybody()]


def user_of(request: Any) -> Any:
    """Whose token it is; None for anybody."""
    return request.auth.user if isinstance(request.auth, ApiToken) else None


def check_may_write(request: Any) -> None:
    if not request.auth.may_write:
        raise HttpError(403, "This token only reads. Make one that may write at /me/account/.")
