"""What the numbers say of a decision group, the cases of one category in one stage: agreement, calibrated scores, chances.

Nothing here is typed by anybody; all of it is computed afresh from the marks that count.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Category
from people.models import Person
from selection.models.cases import Candidacy
from selection.models.stages import Stage


class GroupNumbers(models.Model):
    """Agreement and model of one category in one stage, over one set of its cases.

    ``seen`` is a digest of the cases that went in. There is one row for all cases of the group, and one for each
    smaller set that somebody who decides may look at: numbers shown to a person come from nothing but the marks
    that this person may see, so that no difference and no sum gives a hidden one away.

    Agreement: Krippendorff's α with its 90 % interval, on the weighted totals (interval level) and for each
    criterion (ordinal), and ICC(1). ``against_agreement`` and ``against_model`` are codes of why they are not
    shown. ``variances`` are those of cases, reviewers and noise in squared marks; ``pooled_sd`` the standard
    deviation of marks within cases.
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="numbers")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    seen = models.CharField(_("digest of the cases that went in"), max_length=64)
    is_whole = models.BooleanField(_("all cases of the group went in"), default=False)
    computed_at = models.DateTimeField()
    cases = models.PositiveIntegerField(_("cases with marks"))
    reviews = models.PositiveIntegerField()
    reviewers = models.PositiveIntegerField()
    alpha = models.FloatField(null=True, blank=True)
    alpha_low = models.FloatField(null=True, blank=True)
    alpha_high = models.FloatField(null=True, blank=True)
    criteria = models.JSONField(_("agreement on each criterion"), default=list, blank=True)
    icc = models.FloatField(null=True, blank=True)
    against_agreement = models.JSONField(default=list, blank=True)
    variances = ArrayField(models.FloatField(), default=list, blank=True)
    pooled_sd = models.FloatField(null=True, blank=True)
    against_model = models.JSONField(default=list, blank=True)
    places_known = models.PositiveIntegerField(_("chances are known up to so many places"), default=0)

    class Meta:
        verbose_name = _("numbers of a group")
        verbose_name_plural = _("numbers of groups")
        constraints = [
            models.UniqueConstraint(fields=["stage", "category", "seen"], name="group_numbers_once"),
            models.UniqueConstraint(
                fields=["stage", "category"],
                condition=models.Q(is_whole=True),
                name="group_numbers_of_all_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}, {self.category}"


class CaseNumbers(models.Model):
    """One case in the numbers of its group: score and 90 % interval in marks, and its chances.

    The score is the calibrated one where the model is shown, else the mean, with the standard error of either. It
    is stored to four decimals, so that whatever ranks by it meets the same ties each time.

    ``chances`` counts in how many of the 4,000 joint draws the case is among the first k: the first entry for
    k = ``chances_from``, the next for one more place, and so on. Before them the count is 0, after them as in the
    last. The line can so move without another fit.
    """

    group = models.ForeignKey(GroupNumbers, models.CASCADE, related_name="rows")
    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="numbers")
    score = models.DecimalField(max_digits=7, decimal_places=4)
    se = models.FloatField(_("standard error"), null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    chances_from = models.PositiveIntegerField(default=1)
    chances = ArrayField(models.SmallIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = _("numbers of a case")
        verbose_name_plural = _("numbers of cases")
        constraints = [models.UniqueConstraint(fields=["group", "candidacy"], name="case_numbers_once")]

    def __str__(self) -> str:
        return f"{self.candidacy.key}: {self.score:.2f}"


class ReviewerOffset(models.Model):
    """How far above or below the others a reviewer marks, in marks. For chairs alone: an offset is not an error."""

    group = models.ForeignKey(GroupNumbers, models.CASCADE, related_name="offsets")
    reviewer = models.ForeignKey(Person, models.CASCADE, related_name="+")
    offset = models.FloatField()
    se = models.FloatField(_("standard error"))
    reviews = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("offset of a reviewer")
        verbose_name_plural = _("offsets of reviewers")
        constraints = [models.UniqueConstraint(fields=["group", "reviewer"], name="offset_once")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.offset:+.2f}"
