"""Notes of what changed on the roster."""

from awards.models import RosterChange

KEPT = 1_000


def forget_roster_changes() -> int:
    """Take all but the newest notes of changes away; return how many. What is kept of the roster is read once more."""
    newest = RosterChange.objects.order_by("-pk").values_list("pk", flat=True)[KEPT:][:1]
    return RosterChange.objects.filter(pk__lte=max(newest, default=0)).delete()[0]
