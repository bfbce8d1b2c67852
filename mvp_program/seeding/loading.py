"""Which files are loaded in which order, and when a file is left alone.

Everything happens in one transaction. The digest of each file is kept: a file that has not changed since it was
loaded is not read again, so that what the program office changed on the site stays as it is.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, history
from common.models import DemoMarker, SiteFact
from mvp_program.seeding import charter, gatherings, people, presets, rounds, selections
from mvp_program.seeding.days import Calendar, keep_first_day
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import FOLDER, SeedError
from mvp_program.seeding.training import load_training
from people.models import Person

FACT = "seed_files"


@dataclass(frozen=True)
class Step:
    """Files that are loaded together. ``once``: invented people are never loaded a second time."""

    title: str
    files: tuple[str, ...]
    load: Callable[[Calendar, Tally], None]
    once: bool = False

    def digest(self) -> str:
        digest = hashlib.sha256()
        for name in self.files:
            path = FOLDER / f"{name}.yaml"
            if not path.exists():
                raise SeedError(f"seeds/{name}.yaml is missing.")
            digest.update(path.read_bytes())
        return digest.hexdigest()


def steps(*, demo: bool) -> list[Step]:
    """The program first, then (for a demo) its people."""
    program = [
        Step(_("program"), ("program",), charter.load_program),
        Step(_("regions and countries"), ("regions",), charter.load_regions),
        Step(_("spellings of countries"), ("countries",), charter.load_countries),
        Step(_("award categories"), ("categories",), charter.load_categories),
        Step(_("technology areas"), ("areas", "successions"), charter.load_areas),
        Step(_("agreements"), ("agreements",), charter.load_agreements),
        Step(_("translated names"), ("wordings",), charter.load_wordings),
        Step(_("pages"), tuple(f"pages_{code}" for code in charter.PAGE_LANGUAGES), charter.load_pages),
        Step(_("reason codes"), ("reason_codes",), charter.load_reason_codes),
        Step(_("contribution types"), ("contribution_types",), rounds.load_contribution_types),
        Step(_("rubric"), ("rubric",), rounds.load_rubric),
        Step(_("training cases"), ("training",), load_training),
        Step(_("presets"), presets.preset_files(), presets.load_presets),
        Step(_("cycles"), ("cycles", "stages"), partial(rounds.load_cycles, demo=demo)),
        Step(_("summits"), ("summits",), partial(rounds.load_summits, demo=demo)),
    ]
    invented = [
        Step(_("cast"), ("cast",), people.load_cast, once=True),
        Step(
            _("cases of two past cycles and the one in review"), ("cases",), selections.load_cases, once=True
        ),
        Step(_("who comes to the summits"), ("registrations",), gatherings.load_registrations, once=True),
    ]
    return [*program, *invented] if demo else program


def load_seeds(*, demo: bool, say: Callable[[str, Tally], None]) -> Tally:
    """Load what changed; ``say(title, tally)`` hears of each step. Returns what happened altogether."""
    total = Tally()
    with transaction.atomic():
        is_demo = _check_whose(demo=demo)
        calendar = keep_first_day()
        fact, _made = SiteFact.objects.get_or_create(name=FACT, defaults={"value": {}})
        for step in steps(demo=is_demo):
            key, digest = "+".join(step.files) + ("*" if is_demo else ""), step.digest()
            known = fact.value.get(key)
            if known == digest or (known and step.once):
                continue
            tally = Tally()
            step.load(calendar, tally)
            fact.value[key] = digest
            say(step.title, tally)
            for name in ("new", "changed", "same", "removed"):
                setattr(total, name, getattr(total, name) + getattr(tally, name))
            fact.save()
        if not total.nothing:
            history.record("site", "seeds", "load_seeds", by=None, codes={"demo": is_demo}, at=clock.now())
    history.seal()
    return total


def _check_whose(*, demo: bool) -> bool:
    """Invented rows never come to lie among real ones. True if this is (now) a demo."""
    marked = DemoMarker.objects.exists()
    if not marked and Person.objects.exists():
        raise SeedError(
            _(
                "This database holds people and no demo marker, so they may be real. Seeding leaves it alone; "
                "change the program on the pages of the program office, or use another DATABASE_URL."
            )
        )
    if demo and not marked:
        DemoMarker.objects.create()
    return demo or marked
