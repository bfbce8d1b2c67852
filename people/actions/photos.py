"""The picture of a profile."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, history
from common.actor import Actor
from common.errors import RuleBroken
from people import photos
from people.actions.mirroring import locked
from people.models import Person, Photo


@transaction.atomic
def change_photo(person: Person, content: bytes, *, by: Actor) -> Photo:
    """Draw the picture anew and keep it in the place of the one before. Raises ``RuleBroken`` where it is none."""
    try:
        drawn = photos.draw(content)
    except photos.NotAPhoto as error:
        raise RuleBroken(_WORDS[error.code]()) from None
    person = locked(person)
    kept = {
        "content": drawn,
        "digest": hashlib.sha256(drawn).hexdigest()[:16],
        "changed_at": clock.now(),
    }
    photo, _is_new = Photo.objects.update_or_create(person=person, defaults=kept)
    history.record("person", person.key, "change_photo", by=by)
    return photo


@transaction.atomic
def remove_photo(person: Person, *, by: Actor) -> None:
    """Twice is once."""
    person = locked(person)
    if Photo.objects.filter(person=person).delete()[0]:
        history.record("person", person.key, "remove_photo", by=by)


_WORDS = {
    "size": lambda: _("The file is larger than 5 MB."),
    "kind": lambda: _("The file is no JPEG, PNG or WebP picture."),
    "pixels": lambda: _("The picture has more than 50 million pixels. Please make it smaller."),
    "small": lambda: _("The picture is smaller than 200 pixels. It would be blurred."),
    "broken": lambda: _("The file cannot be read as a picture. Please save it anew and try again."),
}
