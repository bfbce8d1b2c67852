"""What was deleted from a log can be brought back for a while."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0004_marks_in_the_log"), ("people", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DeletedContribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=14, unique=True)),
                ("title", models.CharField(max_length=250)),
                ("content", models.JSONField()),
                ("deleted_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "deleted contribution",
                "verbose_name_plural": "deleted contributions",
                "ordering": ["-deleted_at", "-id"],
            },
        ),
    ]
