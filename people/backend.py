"""Who is behind a session: read on every request, so in one short statement and without the ORM's building of it."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import RoleGrant, User
from common import clock, prepared
from common.joined import Joined
from people.models import Person

PARTS = Joined(user=User, person=Person, role=RoleGrant)
READ = f"""
    SELECT {PARTS.columns}
    FROM accounts_user AS "user"
    LEFT JOIN people_person AS person ON person.user_id = "user".id
    LEFT JOIN accounts_rolegrant AS role
        ON role.user_id = "user".id AND role.starts <= %s AND (role.ends IS NULL OR role.ends >= %s)
    WHERE "user".id = %s ORDER BY role.id
"""  # noqa: S608  names of columns alone


class Backend(AuthenticationBackend):
    """allauth's, but for how the account of a session is found: with its person and roles, which every page shows."""

    def get_user(self, user_id: Any) -> User | None:
        day = clock.today()
        rows = [PARTS.split(row) for row in prepared.fetch(READ, [day, day, user_id])]
        if not rows or not self.user_can_authenticate(rows[0][0]):
            return None
        user, person, _role = rows[0]
        User._meta.get_field("person").set_cached_value(user, person)
        if person is not None:
            Person._meta.get_field("user").set_cached_value(person, user)
        user.grants_today = [role for _user, _person, role in rows if role is not None]
        return user
