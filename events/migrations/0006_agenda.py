"""A summit has an agenda, as Markdown and as it is shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0005_summits_called_off")]

    operations = [
        migrations.AddField(
            model_name="summit",
            name="agenda",
            field=models.TextField(blank=True, verbose_name="agenda"),
        ),
        migrations.AddField(
            model_name="summit",
            name="agenda_html",
            field=models.TextField(blank=True, editable=False),
        ),
    ]
