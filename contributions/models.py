"""What someone did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Area
from common.keys import new_key
from common.languages import named
from contributions import states
from people.models import Person, Visibility


class LinkKey(models.Func):
    """A link as it is compared: lower-case, without scheme, "www.", fragment and a slash at the end."""

    function = "regexp_replace"
    template = r"lower(%(function)s(%(expressions)s, '^https?://(www\.)?|/*(#.*)?$', '', 'gi'))"
    output_field = models.CharField()


def contribution_key() -> str:
    return new_key(10)


class ContributionType(models.Model):
    """A kind of activity and the metrics that it asks for. An empty label means: not asked.

    ``other_names`` are what files and quick lines may call it.
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    other_names = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    quantity_label = models.CharField(max_length=60, blank=True)
    second_quantity_label = models.CharField(max_length=60, blank=True)
    reach_label = models.CharField(max_length=60, blank=True)
    link_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("contribution type")
        verbose_name_plural = _("contribution types")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return named(self.name)


class ContributionFacts(models.Model):
    """The columns that a contribution and its frozen copy in a dossier share."""

    type = models.ForeignKey(ContributionType, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    area_text = models.CharField(_("area as typed or imported"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=250)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    starts = models.DateField(_("date"))
    ends = models.DateField(_("until"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    second_quantity = models.PositiveIntegerField(null=True, blank=True)
    reach = models.PositiveBigIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours given"), null=True, blank=True)
    role = models.CharField(_("role"), max_length=60, blank=True)
    audience = models.CharField(_("audience"), max_length=120, blank=True)
    private_note = models.TextField(_("note for reviewers"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Contribution(ContributionFacts):
    """One dated activity in a person's log."""

    key = models.CharField(max_length=14, unique=True, default=contribution_key)
    person = models.ForeignKey(Person, models.CASCADE, related_name="contributions")
    more_areas = models.ManyToManyField(Area, blank=True, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.EVERYONE)
    high_impact = models.BooleanField(_("high impact"), default=False)
    source = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=80, blank=True)
    link_checked_at = models.DateTimeField(null=True, blank=True)
    link_answers = models.BooleanField(null=True, blank=True)
    link_failures = models.PositiveSmallIntegerField(default=0)
    link_failing_since = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-starts", "-id"]
        indexes = [
            models.Index(fields=["person", "-starts"], name="contributions_of_person"),
            models.Index(LinkKey("url"), name="contributions_by_link", condition=~models.Q(url="")),
            models.Index(
                fields=["-starts"],
                name="links_never_tried",
                condition=~models.Q(url="") & models.Q(link_checked_at__isnull=True),
            ),
            models.Index(fields=["link_checked_at"], name="links_tried", condition=~models.Q(url="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="contribution_days_in_order",
            )
        ]


class DeletedContribution(models.Model):
    """What was taken out of a log, whole, for as long as that can be undone; see ``snapshots``."""

    key = models.CharField(max_length=14, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    title = models.CharField(max_length=250)
    content = models.JSONField()
    deleted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("deleted contribution")
        verbose_name_plural = _("deleted contributions")
        ordering = ["-deleted_at", "-id"]

    def __str__(self) -> str:
        return self.title


class ContributionImport(models.Model):
    """A file that its owner handed in: checked, then taken over or not; for two weeks it can be undone."""

    class State(models.TextChoices):
        CHECKED = states.CHECKED, _("Checked")
        IMPORTED = states.IMPORTED, _("Imported")
        UNDONE = states.UNDONE, _("Undone")

    key = models.CharField(max_length=14, unique=True, default=contribution_key)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKED)
    counts = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    made_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import of contributions")
        verbose_name_plural = _("imports of contributions")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of such a file and its fate.

    ``facts`` is what the file says, ``before`` what stood there in the columns that change, ``key`` the entry that
    is made or changed, ``twin`` one that may be the same, ``advice`` what is ticked first, ``choice`` what was chosen.
    """

    of = models.ForeignKey(ContributionImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    fate = models.CharField(max_length=10)
    ref = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=250, blank=True)
    type_name = models.CharField(max_length=130, blank=True)
    type = models.ForeignKey(ContributionType, models.PROTECT, null=True, related_name="+")
    day = models.CharField(max_length=130, blank=True)
    facts = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    needs = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=14, blank=True)
    twin = models.CharField(max_length=14, blank=True)
    advice = models.CharField(max_length=5, blank=True)
    choice = models.CharField(max_length=5, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["id"]
        indexes = [models.Index(fields=["of", "fate", "line"], name="import_rows_by_fate")]

    def __str__(self) -> str:
        return self.title
