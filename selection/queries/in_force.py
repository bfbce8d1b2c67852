"""The rules under which the stages of a cycle closed: those of the protocol that was published then, not today's rows.

Rubrics and reason codes belong to the program and may change once a cycle is released; rules and places of a cycle
may not without a new version. Where they differ all the same, somebody went past the pages.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from charter.models import Category, Cycle
from common.models import HistoryRow
from selection import recorded
from selection.models import ProtocolVersion, Stage
from selection.protocol import digest_of
from selection.queries.protocol import rules_of

INELIGIBLE = "ineligible/"  # what the names of its reason codes begin with


class InForce(NamedTuple):
    """What decided in one stage. ``places``: category → number; ``weights``: code of a criterion → percent."""

    rule: Mapping[str, Any]
    places: Mapping[int | None, int]
    weights: Mapping[str, int]
    ineligible_codes: tuple[str, ...]


def rules_in_force(
    cycle: Cycle, stages: Sequence[Stage]
) -> tuple[dict[int, InForce], list[recorded.Difference]]:
    """Stage → the rules in force when it closed for the last time, and what of today's rows or of the versions
    themselves is not as it was published. Cycles that were never published (copied in bulk) go by their rows."""
    live = rules_of(cycle)
    versions = {one.number: one for one in ProtocolVersion.objects.filter(cycle=cycle)}
    categories = dict(Category.objects.values_list("slug", "pk"))
    noted = list(_history("protocol", [cycle.slug], ("publish", "change")))
    closed = {key: pk for pk, key, _codes in _history("stage", [one.key for one in stages], ("close",))}
    found = {}
    for stage in stages:
        before = [codes["version"] for pk, _key, codes in noted if pk < closed.get(stage.key, 0)]
        number = max(before, default=max(versions, default=0))
        rules = versions[number].rules if number in versions else live
        found[stage.pk] = _of_stage(rules, str(stage.number), categories)
    return found, [*_rewritten(cycle, versions, noted), *_gone_past(cycle, versions, live)]


def _history(kind: str, keys: list[str], verbs: tuple[str, ...]) -> Any:
    rows = HistoryRow.objects.filter(kind=kind, key__in=keys, verb__in=verbs).order_by("pk")
    return rows.values_list("pk", "key", "codes")


def _of_stage(rules: dict[str, Any], number: str, categories: dict[str, int]) -> InForce:
    stage = rules["stages"][number]
    criteria = rules["rubrics"].get(stage["rubric"], {}).get("criteria", {})
    return InForce(
        rule=stage["rule"],
        places={
            categories[slug]: row["places"] for slug, row in rules["places"].items() if slug in categories
        },
        weights={code: one["weight"] for code, one in criteria.items()},
        ineligible_codes=tuple(
            name.removeprefix(INELIGIBLE) for name in sorted(rules["reasons"]) if name.startswith(INELIGIBLE)
        ),
    )


def _rewritten(cycle: Cycle, versions: dict[int, ProtocolVersion], noted: Any) -> list[recorded.Difference]:
    """Versions that are not what the sealed history says was published."""
    found = []
    for _pk, _key, codes in noted:
        version = versions.get(codes["version"])
        held = digest_of(version.rules) if version else None
        if held != codes["digest"]:
            what = f"digest of version {codes['version']} of the protocol"
            found.append(recorded.Difference("", cycle.slug, 0, what, held, codes["digest"]))
    return found


def _gone_past(
    cycle: Cycle, versions: dict[int, ProtocolVersion], live: dict[str, Any]
) -> list[recorded.Difference]:
    """Rules and places of today that no version has published."""
    if not versions:
        return []
    last, found = versions[max(versions)].rules, []
    for slug in sorted(last["places"].keys() | live["places"].keys()):
        published, held = (rules["places"].get(slug, {}).get("places") for rules in (last, live))
        if published != held:
            found.append(recorded.Difference("", cycle.slug, 0, f"places of {slug}", held, published))
    for number in sorted(last["stages"].keys() | live["stages"].keys(), key=int):
        before, now = (rules["stages"].get(number, {}) for rules in (last, live))
        parts: list[tuple[str, Any, Any]] = [("kind", now.get("kind"), before.get("kind"))]
        rule, other = before.get("rule", {}), now.get("rule", {})
        parts += [(f"rule, {name}", other.get(name), rule[name]) for name in sorted(rule)]
        found += [
            recorded.Difference("", f"{cycle.slug}/{number}", int(number), what, held, published)
            for what, held, published in parts
            if held != published
        ]
    return found
