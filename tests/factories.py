"""Rows for volume. For questions of permission use the cast."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import RoleGrant, User
from awards.models import Award
from charter.models import Area, Category, Cycle, Region
from common import clock
from contributions.models import Contribution, ContributionType
from nominations.models import Nomination
from people.models import Address, Person
from selection.models import Stage


class RegionFactory(DjangoModelFactory[Region]):
    class Meta:
        model = Region

    slug = factory.Sequence(lambda n: f"region-{n}")
    name = factory.Sequence(lambda n: f"Region {n}")


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    slug = factory.Sequence(lambda n: f"category-{n}")
    name = factory.Sequence(lambda n: f"Category {n}")


class AreaFactory(DjangoModelFactory[Area]):
    class Meta:
        model = Area

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.Sequence(lambda n: f"Area {n}")
    category = factory.SubFactory(CategoryFactory)
    starts = dt.date(1993, 1, 1)


class CycleFactory(DjangoModelFactory[Cycle]):
    """A cycle whose nomination window is open now: it opened 10 days ago and closes in 20."""

    class Meta:
        model = Cycle

    slug = factory.Sequence(lambda n: f"cycle-{n}")
    name = factory.Sequence(lambda n: f"Cycle {n}")
    award_year = factory.LazyFunction(lambda: clock.now().year + 1)
    opens_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(days=10))
    closes_at = factory.LazyAttribute(lambda o: o.opens_at + dt.timedelta(days=30))
    dossiers_close_at = factory.LazyAttribute(lambda o: o.closes_at + dt.timedelta(days=14))
    release_planned_at = factory.LazyAttribute(lambda o: o.dossiers_close_at + dt.timedelta(days=90))
    term_starts = factory.LazyAttribute(lambda o: dt.date(o.award_year, 1, 1))
    term_ends = factory.LazyAttribute(lambda o: dt.date(o.award_year, 12, 31))
    reminder_days = [5, 12, 18]


class StageFactory(DjangoModelFactory[Stage]):
    class Meta:
        model = Stage

    cycle = factory.SubFactory(CycleFactory)
    number = factory.Sequence(lambda n: n + 1)
    kind = Stage.Kind.SCORE
    public_name = "Technology review"
    internal_name = "Technology review"
    opens_at = factory.LazyAttribute(lambda o: o.cycle.dossiers_close_at + dt.timedelta(days=20 * o.number))
    closes_at = factory.LazyAttribute(lambda o: o.opens_at + dt.timedelta(days=20))
    reviewer_role = "reviewer"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user-{n}@community.example")


class PersonFactory(DjangoModelFactory[Person]):
    """A person without an account. ``PersonFactory(user=UserFactory())`` has one."""

    class Meta:
        model = Person

    slug = factory.Sequence(lambda n: f"person-{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    sort_key = factory.LazyAttribute(lambda o: o.name.lower())
    search_text = factory.LazyAttribute(lambda o: o.name.lower())
    country = "LV"


class AwardFactory(DjangoModelFactory[Award]):
    """An award of this calendar year; ``first_year=`` sets another."""

    class Meta:
        model = Award

    person = factory.SubFactory(PersonFactory)
    area = factory.SubFactory(AreaFactory)
    category = factory.LazyAttribute(lambda o: o.area.category)
    area_name = factory.LazyAttribute(lambda o: o.area.name)
    category_name = factory.LazyAttribute(lambda o: o.area.category.name)
    country = factory.LazyAttribute(lambda o: str(o.person.country))
    first_year = factory.LazyFunction(lambda: clock.now().year)
    last_year = factory.LazyAttribute(lambda o: o.first_year)
    starts = factory.LazyAttribute(lambda o: dt.date(o.first_year, 1, 1))
    ends = factory.LazyAttribute(lambda o: dt.date(o.last_year, 12, 31) if o.last_year else None)
    granted_at = factory.LazyFunction(clock.now)


class ContributionTypeFactory(DjangoModelFactory[ContributionType]):
    class Meta:
        model = ContributionType
        django_get_or_create = ("code",)

    code = "article"
    name = "Article"
    quantity_label = "articles"
    reach_label = "views"


class ContributionFactory(DjangoModelFactory[Contribution]):
    class Meta:
        model = Contribution

    person = factory.SubFactory(PersonFactory)
    type = factory.SubFactory(ContributionTypeFactory)
    title = factory.Sequence(lambda n: f"How to mend a network, part {n}")
    url = factory.Sequence(lambda n: f"https://articles.example/{n}")
    starts = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=40))
    reach = 120


class NominationFactory(DjangoModelFactory[Nomination]):
    """A case in any state; ``state=`` sets it directly, as only bulk writers may."""

    class Meta:
        model = Nomination

    cycle = factory.SubFactory(CycleFactory)
    area = factory.SubFactory(AreaFactory)
    nominee = factory.SubFactory(PersonFactory)
    nominee_name = factory.LazyAttribute(lambda o: o.nominee.name if o.nominee else "")
    nominee_email = factory.Sequence(lambda n: f"nominee-{n}@community.example")
    category = factory.LazyAttribute(lambda o: o.area.category)
    area_name = factory.LazyAttribute(lambda o: o.area.name)
    country = "LV"
    state = Nomination.State.INVITED
    invited_at = factory.LazyFunction(clock.now)


def make_person(name: str, email: str, **fields: Any) -> Person:
    """A person with an account and a confirmed primary address."""
    user = UserFactory(email=email)
    person = PersonFactory(user=user, name=name, slug=email.partition("@")[0], **fields)
    Address.objects.create(person=person, email=email, primary=True, confirmed_at=clock.now())
    return person


def grant(person: Person, role: str, **scope: Any) -> RoleGrant:
    """A role in force since last year."""
    return RoleGrant.objects.create(
        user=person.user, role=role, starts=clock.today() - dt.timedelta(days=365), **scope
    )
