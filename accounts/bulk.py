"""Accounts and roles by the thousand, for generated people: rows as plain values, written with COPY."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import AgreementSignature, RoleGrant, User
from common.copying import copy_in

NO_PASSWORD = "!"  # noqa: S105  what Django calls an unusable password; sign-in is by mail


class UserRow(NamedTuple):
    id: int
    email: str
    date_joined: dt.datetime
    password: str = NO_PASSWORD


class GrantRow(NamedTuple):
    user_id: int
    role: str
    starts: dt.date
    region_id: int | None = None
    category_id: int | None = None


class SignatureRow(NamedTuple):
    user_id: int
    agreement_id: int
    signed_at: dt.datetime


def copy_users(rows: Iterable[UserRow]) -> int:
    return copy_in(User, UserRow._fields, rows)


def copy_grants(rows: Iterable[GrantRow]) -> int:
    return copy_in(RoleGrant, GrantRow._fields, rows)


def copy_signatures(rows: Iterable[SignatureRow]) -> int:
    return copy_in(AgreementSignature, SignatureRow._fields, rows)
