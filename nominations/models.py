"""Who is proposed: the case of one nominee for one area in one cycle, and everybody tied to it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import User
from charter.models import Area, Category, Cycle, Region
from common.keys import new_key
from contributions.models import Contribution, ContributionFacts
from nominations import states
from people.models import Person


def nomination_key() -> str:
    return new_key(8)


def link_key() -> str:
    return new_key(20)


class Nomination(models.Model):
    """The case of one nominee for one technology area in one cycle, whoever brought it.

    A draft holds what was typed (``draft``) and no person. On submission the nominee's row is found or made,
    and area name, category, country and region are frozen as of that day. A case that was joined with another
    stays as a row of its own and keeps its supports, so that joining can be undone.
    """

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("Draft")
        INVITED = states.INVITED, _("Invited")
        ACCEPTED = states.ACCEPTED, _("Accepted")
        COMPLETE = states.COMPLETE, _("Complete")
        IN_REVIEW = states.IN_REVIEW, _("In review")
        AWARDED = states.AWARDED, _("Awarded")
        ON_RESERVE = states.ON_RESERVE, _("On reserve")
        NOT_AWARDED = states.NOT_AWARDED, _("Not awarded")
        SECOND_LOOK = states.SECOND_LOOK, _("Second look")
        INELIGIBLE = states.INELIGIBLE, _("Ineligible")
        DECLINED = states.DECLINED, _("Declined by the nominee")
        AWARD_DECLINED = states.AWARD_DECLINED, _("Award declined")
        EXPIRED = states.EXPIRED, _("Expired")
        WITHDRAWN = states.WITHDRAWN, _("Withdrawn")
        MERGED = states.MERGED, _("Joined with another case")

    key = models.CharField(max_length=12, unique=True, default=nomination_key)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="nominations")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="nominations")
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    state_before = models.CharField(_("state before it was joined"), max_length=16, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    nominee = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="nominations")
    nominee_name = models.CharField(_("name of the nominee"), max_length=200, blank=True)
    nominee_email = models.EmailField(_("e-mail address of the nominee"), blank=True)
    country = CountryField(_("country"), blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    area_name = models.CharField(max_length=80, blank=True)
    is_renewal = models.BooleanField(_("renewal"), default=False)
    draft = models.JSONField(_("what was typed so far"), default=dict, blank=True)
    text_print = models.BigIntegerField(_("print of the statement"), null=True, blank=True)
    draft_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="drafts")
    nominator_may_learn_outcome = models.BooleanField(null=True, blank=True)
    attested_not_employee = models.BooleanField(default=False)
    attested_adult = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    saved_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    second_look_at = models.DateTimeField(_("second look asked for"), null=True, blank=True)
    erase_at = models.DateTimeField(_("personal data end on"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["cycle", "state"], name="nominations_by_state"),
            models.Index(fields=["cycle", "category", "state"], name="nominations_by_category"),
            models.Index(fields=["cycle", "region", "state"], name="nominations_by_region"),
            models.Index(
                Lower(KT("draft__answers__email")), condition=Q(state=states.DRAFT), name="drafts_by_address"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "nominee", "area"],
                condition=~Q(
                    state__in=[states.DRAFT, states.WITHDRAWN, states.DECLINED, states.EXPIRED, states.MERGED]
                ),
                name="one_case_of_nominee_and_area",
            ),
            models.CheckConstraint(
                condition=Q(state=states.DRAFT) | Q(state=states.WITHDRAWN) | Q(nominee__isnull=False),
                name="case_has_nominee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.nominee_name}"


class Sending(models.Model):
    """That a nomination came from a place: keyed digests of network address, mailbox and domain, kept for a day."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="sendings")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("place of a nomination")
        verbose_name_plural = _("places of nominations")
        indexes = [models.Index(fields=["digest", "at"], name="sendings_of_place")]
        constraints = [models.UniqueConstraint(fields=["nomination", "digest"], name="one_sending_a_place")]

    def __str__(self) -> str:
        return self.digest[:12]


class TriageBatch(models.Model):
    """What the office decided on held nominations at one time; it can be undone until it took effect."""

    class Decision(models.TextChoices):
        RELEASE = "release", _("let it go on")
        REJECT = "reject", _("do not take it")

    key = models.CharField(max_length=12, unique=True, default=nomination_key)
    decision = models.CharField(max_length=10, choices=Decision)
    reason_code = models.SlugField(_("rule that is not met"), max_length=40, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision on held nominations")
        verbose_name_plural = _("decisions on held nominations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.key} {self.decision}"


class Hold(models.Model):
    """A nomination that a person looks at before the nominee is asked.

    Those that came in a flood, or with the text of others, wait as drafts, so that nothing is made of them. Those
    about which the office knows something that a stranger must not learn look like any other invited case; only
    their mail waits.
    """

    class Reason(models.TextChoices):
        RATE = "rate", _("many from one place")
        ALIKE = "alike", _("text like others")
        ONESELF = "oneself", _("may be the nominator")
        DECEASED = "deceased", _("noted as deceased")
        EMPLOYEE = "employee", _("noted as an employee")
        BARRED = "barred", _("an award was revoked")

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="hold")
    reasons = ArrayField(models.CharField(max_length=10, choices=Reason))
    made_at = models.DateTimeField()
    batch = models.ForeignKey(TriageBatch, models.SET_NULL, null=True, blank=True, related_name="holds")
    decision = models.CharField(max_length=10, choices=TriageBatch.Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(_("took effect"), null=True, blank=True)
    problem = models.CharField(_("why it could not go on"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("held nomination")
        verbose_name_plural = _("held nominations")
        ordering = ["id"]
        indexes = [models.Index(fields=["decision", "decided_at"], name="holds_by_decision")]

    def __str__(self) -> str:
        return f"{self.nomination.key}: {', '.join(self.reasons)}"


class Support(models.Model):
    """A nominator, co-nominator or endorser and what they wrote. Their number is never a score."""

    class Kind(models.TextChoices):
        NOMINATOR = "nominator", _("nominator")
        CO_NOMINATOR = "co_nominator", _("co-nominator")
        ENDORSER = "endorser", _("endorser")

    key = models.CharField(max_length=12, unique=True, default=nomination_key)
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=12, choices=Kind)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="supports")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    relation = models.CharField(_("how they know the nominee"), max_length=160, blank=True)
    employer = models.CharField(_("employer, as they wrote it"), max_length=160, blank=True)
    language = models.CharField(_("language of the page they wrote on"), max_length=10, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)
    named = models.BooleanField(_("the nominee may know who it was"), default=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("nominators and endorsers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "person"],
                condition=Q(person__isnull=False),
                name="one_support_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"


class AccessLink(models.Model):
    """A link in a mail that lets its reader act on a case once.

    The address holds ``key`` and a keyed digest of it; nothing in this table alone opens a link.
    """

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm a nomination")
        RESUME = "resume", _("go on with a draft")
        INVITATION = "invitation", _("answer an invitation")
        ENDORSE = "endorse", _("write an endorsement")

    key = models.CharField(max_length=24, unique=True, default=link_key)
    purpose = models.CharField(max_length=12, choices=Purpose)
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="access_links")
    support = models.ForeignKey(Support, models.CASCADE, null=True, blank=True, related_name="access_links")
    email = models.EmailField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link in a mail")
        verbose_name_plural = _("links in mails")
        indexes = [models.Index(fields=["email", "made_at"], name="links_to_address")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.nomination}"


class InvitationStop(models.Model):
    """An address that wants no invitations: a keyed digest, no name. No end means for good."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stop of invitations")
        verbose_name_plural = _("stops of invitations")

    def __str__(self) -> str:
        return self.digest[:12]


class DossierItem(ContributionFacts):
    """A frozen copy of a contribution, made when the case is completed."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="dossier_items")
    contribution = models.ForeignKey(Contribution, models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    high_impact = models.BooleanField(default=False)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("contribution in a dossier")
        verbose_name_plural = _("contributions in dossiers")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "contribution"], name="contribution_once_a_dossier")
        ]


class Conflict(models.Model):
    """A tie between a case and a person that bars, or may bar, that person from the case.

    A suggested one waits for a chair, who confirms it (then it is hard) or dismisses it; a dismissed one stays, so
    that it is not suggested again. ``ended_at``: what made it one is gone since (an employer taken off, an endorser
    who declined, a role that ended). It bars all the same, until a chair lifts it.
    """

    class Kind(models.TextChoices):
        SELF = "self", _("is the nominee")
        NOMINATOR = "nominator", _("nominated the case")
        ENDORSER = "endorser", _("endorsed the case")
        EMPLOYER = "employer", _("same employer within 12 months")
        FAMILY = "family", _("family")
        PARTNER = "partner", _("partner")
        MANAGER = "manager", _("manager or report")
        CLOSE = "close", _("knows the nominee closely")
        WORK = "work", _("took part in something in the dossier")
        DOMAIN = "domain", _("shared mail domain")
        MUTUAL = "mutual", _("each reviews the other")
        OTHER = "other", _("another tie")

    class Strength(models.TextChoices):
        HARD = "hard", _("hard")
        SUGGESTED = "suggested", _("suggested")

    class Source(models.TextChoices):
        SYSTEM = "system", _("found by the system")
        DECLARED = "declared", _("declared by the person")
        CHAIR = "chair", _("confirmed by the chair")

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=12, choices=Kind)
    strength = models.CharField(max_length=10, choices=Strength, default=Strength.HARD)
    source = models.CharField(max_length=10, choices=Source, default=Source.SYSTEM)
    found_at = models.DateTimeField(db_default=models.functions.Now())
    dismissed_at = models.DateTimeField(_("found to be no tie"), null=True, blank=True)
    ended_at = models.DateTimeField(_("cause gone since"), null=True, blank=True)

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [
            models.UniqueConstraint(fields=["nomination", "person", "kind"], name="one_conflict_of_a_kind")
        ]
        indexes = [models.Index(fields=["person", "strength", "nomination"], name="conflicts_of_person")]

    def __str__(self) -> str:
        return f"{self.nomination} / {self.person}: {self.get_kind_display()}"
