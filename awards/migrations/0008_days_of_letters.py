"""A letter keeps the days that it asks for, so that it can be said when the summit was moved since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("awards", "0007_newest_awards")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="about_starts",
            field=models.DateField(blank=True, null=True, verbose_name="first day of the summit, as it says"),
        ),
        migrations.AddField(
            model_name="paper",
            name="about_ends",
            field=models.DateField(blank=True, null=True, verbose_name="last day of the summit, as it says"),
        ),
    ]
