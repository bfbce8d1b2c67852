"""The demo's cycles have published how they decide, on the day on which their first stage opened."""

from charter.models import Cycle
from common.models import HistoryRow
from selection.models import ProtocolVersion
from selection.protocol import digest_of
from selection.queries.protocol import rules_of


def test_each_cycle_that_has_begun_has_published_its_rules_as_they_still_are(demo: None) -> None:
    cycles = Cycle.objects.filter(stages__state__in=("open", "closed")).distinct()
    assert cycles.count() == 3
    for cycle in cycles:
        first, *later = ProtocolVersion.objects.filter(cycle=cycle).order_by("number")
        opening = HistoryRow.objects.get(kind="stage", key=f"{cycle.slug}/1", verb="open")
        assert first.made_at == opening.at
        assert all(version.reason for version in later)
        last = later[-1] if later else first
        assert last.rules == rules_of(cycle)
        assert last.digest == digest_of(last.rules)


def test_a_cycle_to_come_has_published_nothing(demo: None) -> None:
    planned = Cycle.objects.exclude(stages__state__in=("open", "closed")).distinct()
    assert planned.exists()
    assert not ProtocolVersion.objects.filter(cycle__in=planned).exists()
