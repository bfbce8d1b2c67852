"""Files and quick lines may call a type by other names."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0002_found_by_link")]

    operations = [
        migrations.AddField(
            "contributiontype",
            "other_names",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=80), blank=True, default=list, size=None
            ),
        ),
    ]
