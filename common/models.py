"""Tables that every room writes to: history and its seals, the outbox, facts about the site."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import clock, mail_groups


class HistoryRow(models.Model):
    """One event: who did what to which row, when. Holds keys and codes only; append-only by trigger."""

    at = models.DateTimeField(_("when it happened"))
    inserted_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(_("kind of row"), max_length=40)
    key = models.CharField(_("key of the row"), max_length=80)
    verb = models.CharField(_("what was done"), max_length=60)
    old_state = models.CharField(max_length=40, blank=True)
    new_state = models.CharField(max_length=40, blank=True)
    actor = models.CharField(_("pseudonym of the actor"), max_length=32)
    codes = models.JSONField(default=dict, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("history row")
        verbose_name_plural = _("history")
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "key", "id"], name="history_of_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.verb}"


class HistoryWaiting(models.Model):
    """A row that no block holds yet. A trigger writes it beside the row, sealing takes it away."""

    row_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("history row to be sealed")
        verbose_name_plural = _("history rows to be sealed")

    def __str__(self) -> str:
        return str(self.row_id)


class HistoryText(models.Model):
    """Free text of an event, kept apart so that it can be erased; the row keeps a salted digest."""

    row = models.OneToOneField(HistoryRow, models.CASCADE, related_name="text")
    salt = models.CharField(max_length=32)
    text = models.TextField()
    for_nominee = models.BooleanField(_("the nominee may read it"), default=False)

    class Meta:
        verbose_name = _("history text")
        verbose_name_plural = _("history texts")

    def __str__(self) -> str:
        return self.text[:60]


class HistoryBlock(models.Model):
    """Sealed history rows in id order, chained to the block before; nothing can follow a block twice."""

    first_row = models.BigIntegerField()
    last_row = models.BigIntegerField()
    row_count = models.PositiveIntegerField()
    row_ids = ArrayField(models.BigIntegerField())
    row_digests = ArrayField(models.CharField(max_length=64))
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("history block")
        verbose_name_plural = _("history blocks")
        ordering = ["id"]
        indexes = [models.Index(fields=["last_row"], name="blocks_by_last_row")]
        constraints = [models.UniqueConstraint(fields=["previous_digest"], name="chain_never_forks")]

    def __str__(self) -> str:
        return f"{self.first_row}–{self.last_row} {self.digest[:12]}"


class OutboxMail(models.Model):
    """One letter to one address, written in the transaction that causes it, sent by the worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        WITHHELD = "withheld", _("withheld")
        HELD = "held", _("waits for the mail of the day")
        GATHERED = "gathered", _("in the mail of the day")

    BOUNCING, STOPPED = "bouncing", "stopped"  # in ``error``: why a mail is withheld

    cause = models.CharField(_("unique cause"), max_length=160, unique=True)
    kind = models.CharField(max_length=60)
    to = models.EmailField(max_length=254)
    person_key = models.CharField(max_length=20, blank=True, db_index=True)
    language = models.CharField(max_length=12, default="en")
    keys = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField(_("next attempt"), default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    gathered_in = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("mail of the day"),
    )

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="outbox_by_state"),
            models.Index(fields=["try_at", "id"], condition=models.Q(state="queued"), name="outbox_queue"),
            models.Index(fields=["try_at", "id"], condition=models.Q(state="held"), name="outbox_held"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"

    @property
    def key(self) -> str:
        """Its public key: the local part of the Message-ID."""
        return self.message_id.strip("<").partition("@")[0]

    @property
    def kind_in_words(self) -> str:
        return mail_groups.kind_in_words(self.kind)


class Bounce(models.Model):
    """One report that mail to an address came back or was called unwanted; see ``common.bounces``."""

    class Kind(models.TextChoices):
        HARD = "hard", _("hard: there is no such mailbox")
        SOFT = "soft", _("soft: full or away for now")
        COMPLAINT = "complaint", _("complaint: its reader calls it unwanted")

    event = models.CharField(_("digest of the report"), max_length=64, unique=True)
    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=300, blank=True)
    mail = models.ForeignKey(OutboxMail, models.CASCADE, null=True, blank=True, related_name="bounces")
    noted_at = models.DateTimeField()
    lifted_at = models.DateTimeField(_("works again since"), null=True, blank=True)

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["email"], condition=models.Q(lifted_at=None), name="bounces_by_address")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.email}"


class SiteFact(models.Model):
    """A fact about this installation, such as the day of the first seeding."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()

    class Meta:
        verbose_name = _("fact about the site")
        verbose_name_plural = _("facts about the site")

    def __str__(self) -> str:
        return self.name


class DemoMarker(models.Model):
    """Its one row says: everything in this database is invented. Written by ``seed --demo`` only."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("demo marker")
        verbose_name_plural = _("demo marker")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_demo_marker")]

    def __str__(self) -> str:
        return "demo"
