"""A letter names the summit that it speaks of, so that it is void once that is called off."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("awards", "0005_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="about_key",
            field=models.CharField(blank=True, max_length=60, verbose_name="key of the summit"),
        ),
    ]
