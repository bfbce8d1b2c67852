"""What the roster holds on somebody; see ``common.held``."""

import json

from awards.models import Credential, Paper
from common.held import Reader, rows
from people.models import Person

FACTS = (
    "key", "area_name", "category_name", "country", "region", "starts", "ends", "first_year", "last_year", "state",
    "state_since", "end_reason", "reason_code", "good_standing", "citation", "note", "granted_at", "source",
)  # fmt: skip

HELD: dict[str, Reader] = {
    "awards.Award": lambda person: rows(awards(person), *FACTS),
    "awards.Paper": lambda person: rows(
        Paper.objects.filter(award__person=person).select_related("award").defer("content").order_by("pk"),
        "number",
        "award__key",
        "kind",
        "language",
        "about",
        "issued_at",
    ),
    "awards.Credential": lambda person: [
        {
            "award": proof.award.key,
            "signed_at": proof.signed_at,
            "document": json.loads(bytes(proof.document)),
        }
        for proof in Credential.objects.filter(award__person=person)
        .select_related("award")
        .order_by("award_id")
    ],
}


def awards(person: Person):  # type: ignore[no-untyped-def]
    return person.awards.select_related("region").order_by("starts", "id")
