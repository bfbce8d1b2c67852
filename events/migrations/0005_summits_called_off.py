"""A summit can be called off, for a reason that everybody reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0004_revisions_of_summits")]

    operations = [
        migrations.AddField(
            model_name="summit",
            name="called_off_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="called off"),
        ),
        migrations.AddField(
            model_name="summit",
            name="called_off_because",
            field=models.TextField(blank=True, verbose_name="why it was called off"),
        ),
    ]
