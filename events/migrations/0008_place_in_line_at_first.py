"""Who waits reads from which place in line they started."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0007_cost")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="joined_as",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="place in line when they joined it"
            ),
        ),
    ]
