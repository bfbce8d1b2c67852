"""Of two editors the second is shown what the first one saved; calendars learn of a newer file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_registrations")]

    operations = [
        migrations.AddField(
            model_name="summit",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="revision"),
        ),
    ]
