"""What an account allows beside the rooms: giving roles, reading who has them."""

from accounts.models import Role, RoleGrant, User


def can_grant_role(user: User) -> bool:
    """The program office gives roles."""
    return user.holds(Role.PROGRAM_OFFICE)


def can_end_role(user: User, grant: RoleGrant) -> bool:
    """The program office ends roles; nobody of it ends their own, so that it is never left without anybody."""
    own_office = grant.user_id == user.pk and grant.role == Role.PROGRAM_OFFICE
    return user.holds(Role.PROGRAM_OFFICE) and not own_office
