"""A summit says what it costs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0006_agenda")]

    operations = [
        migrations.AddField(
            model_name="summit",
            name="cost",
            field=models.CharField(
                blank=True,
                help_text="What the program pays and what it does not, in a sentence or two.",
                max_length=200,
                verbose_name="what it costs",
            ),
        ),
    ]
