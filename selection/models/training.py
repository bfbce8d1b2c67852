"""Invented cases on which reviewers try the rubric before their first real review."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Person
from selection.models.rubrics import Rubric


class TrainingCase(models.Model):
    """An invented dossier that a panel has marked.

    ``items`` are its contributions, ``{"title", "kind", "when", "reach", "note"}``; ``endorsements`` texts with who
    they are from, ``{"text", "relation"}``. ``marks`` holds for each criterion's code what the panel gave,
    ``{"mark", "lowest", "highest", "why"}``: its mark, its spread and a sentence.
    """

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="training_cases")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    about = models.CharField(_("area and region"), max_length=120)
    statement = models.TextField()
    items = models.JSONField(default=list)
    endorsements = models.JSONField(default=list, blank=True)
    marks = models.JSONField(_("marks of the panel"))

    class Meta:
        verbose_name = _("training case")
        verbose_name_plural = _("training cases")
        ordering = ["rubric", "position"]
        constraints = [models.UniqueConstraint(fields=["rubric", "slug"], name="training_case_once")]

    def __str__(self) -> str:
        return self.title


class TrainingAnswer(models.Model):
    """What a reviewer gave a training case: a mark for each criterion's code. Given once, counted nowhere."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    case = models.ForeignKey(TrainingCase, models.CASCADE, related_name="answers")
    marks = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to a training case")
        verbose_name_plural = _("answers to training cases")
        constraints = [models.UniqueConstraint(fields=["person", "case"], name="one_answer_a_training_case")]

    def __str__(self) -> str:
        return f"{self.person}: {self.case}"
