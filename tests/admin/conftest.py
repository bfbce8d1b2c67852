"""What tests of the admin share."""

from collections.abc import Callable

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from people.models import Person
from tests.world import case  # noqa: F401

SignIn = Callable[[Person | None], Client]


def address(model: Model | type[Model], page: str, *args: object) -> str:
    """``address(nomination, "change")``, ``address(Nomination, "changelist")``."""
    given = args or ((model.pk,) if isinstance(model, Model) else ())
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=given)
