"""A log marks what changed something for people, before there is a dossier."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0003_types_have_other_names")]

    operations = [
        migrations.AddField(
            "contribution", "high_impact", models.BooleanField(default=False, verbose_name="high impact")
        ),
    ]
