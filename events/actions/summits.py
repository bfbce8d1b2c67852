"""The office sets summits up."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charter.models import Region
from common import history
from common.actor import Actor
from common.errors import RuleBroken
from events.actions.line import fill_places, locked, tell
from events.models import Summit
from events.queries import line_of


@transaction.atomic
def set_up_summit(*, by: Actor, regions: Iterable[Region] = (), **values: Any) -> Summit:
    """A new summit."""
    summit = Summit.objects.create(**values)
    summit.regions.set(regions)
    history.record("summit", summit.slug, "set_up_summit", by=by)
    return summit


@transaction.atomic
def change_summit(
    summit: Summit, *, by: Actor, values: Mapping[str, Any], regions: Iterable[Region] = ()
) -> Summit:
    """Change a summit. More places go to the line at once; those that are taken cannot be taken away."""
    summit = locked(summit)
    taken = line_of(summit).taken
    if values["capacity"] < taken:
        raise RuleBroken(
            _("%(taken)s places are taken; cancel registrations first to have fewer.") % {"taken": taken}
        )
    changed = [name for name, value in values.items() if getattr(summit, name) != value]
    for name in changed:
        setattr(summit, name, values[name])
    if changed:
        summit.save(update_fields=changed)
    if set(summit.regions.all()) != set(regions):
        summit.regions.set(regions)
        changed.append("regions")
    if changed:
        history.record("summit", summit.slug, "change_summit", by=by, codes={"fields": sorted(changed)})
    tell("events.place_freed", fill_places(summit, by=None))
    return summit
