"""What reviewers score: criteria with weights, and the sentence behind each mark."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Rubric(models.Model):
    """A set of weighted criteria."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    not_applicable_at_most = models.PositiveSmallIntegerField(default=1)
    reason_length = models.PositiveSmallIntegerField(
        _("signs of reason for a lowest or highest mark"), default=80
    )

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """One criterion; weights are integer percents that add up to 100 in a rubric."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    question = models.CharField(max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight, percent"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="criterion_once"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="weight_at_most_100"),
        ]

    def __str__(self) -> str:
        return self.name


class Anchor(models.Model):
    """The sentence that says what a mark means."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="anchors")
    mark = models.PositiveSmallIntegerField()
    sentence = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ["mark"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "mark"], name="one_anchor_a_mark"),
            models.CheckConstraint(condition=Q(mark__range=(1, 5)), name="anchor_mark_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.mark}: {self.sentence}"
