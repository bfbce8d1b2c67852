"""The close of dossiers and the ends of second looks are told too when they move."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selection", "0017_dates_that_parties_were_told")]

    operations = [
        migrations.AddField(
            model_name="tolddate",
            name="candidacy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="told_dates",
                to="selection.candidacy",
                verbose_name="second look",
            ),
        ),
        migrations.AddField(
            model_name="tolddate",
            name="of_dossiers",
            field=models.BooleanField(default=False, verbose_name="close of dossiers"),
        ),
    ]
