"""Sum up the reviews of cases that were reviewed before summaries were stored."""

from collections import defaultdict

from django.db import migrations

from selection.scoring import summary_of, weighted_total

NAMES = ["reviews_in", "mean", "median", "lowest", "highest", "sd"]


def fill(apps, schema_editor):
    Candidacy, Score = apps.get_model("selection", "Candidacy"), apps.get_model("selection", "Score")
    marks = defaultdict(lambda: defaultdict(list))
    rows = Score.objects.filter(review__state="submitted", review__assignment__state="done")
    columns = ("review__assignment__candidacy_id", "review_id", "criterion__weight", "mark")
    for candidacy, review, weight, mark in rows.values_list(*columns).iterator():
        marks[candidacy][review].append((weight, mark))
    changed = list(Candidacy.objects.filter(pk__in=marks, stage__kind="score").exclude(mean=None))
    for one in changed:
        for name, value in vars(summary_of([weighted_total(given) for given in marks[one.pk].values()])).items():
            if name != "mean":
                setattr(one, name, value)
    Candidacy.objects.bulk_update(changed, NAMES, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("selection", "0003_summaries_and_rights")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
