"""Who writes by a link and has no account gets mail in the language in which they wrote."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nominations", "0006_triage")]

    operations = [
        migrations.AddField(
            model_name="support",
            name="language",
            field=models.CharField(
                blank=True, default="", max_length=10, verbose_name="language of the page they wrote on"
            ),
            preserve_default=False,
        ),
    ]
