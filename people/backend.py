"""Who is behind a session: read on every request, so in two short statements and without the ORM's building of them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from people.models import Person

USER = "SELECT * FROM accounts_user WHERE id = %s"
PERSON = "SELECT * FROM people_person WHERE user_id = %s"


class Backend(AuthenticationBackend):
    """allauth's, but for how the account of a session is found: with its person, whom every page shows."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(User.objects.raw(USER, [user_id])), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        person = next(iter(Person.objects.raw(PERSON, [user.pk])), None)
        User._meta.get_field("person").set_cached_value(user, person)
        return user
