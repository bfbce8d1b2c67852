"""Where a program asks for nominators of another employer, the second one says by their link where they work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nominations", "0007_language_of_supporters")]

    operations = [
        migrations.AddField(
            model_name="support",
            name="employer",
            field=models.CharField(
                blank=True, default="", max_length=160, verbose_name="employer, as they wrote it"
            ),
            preserve_default=False,
        ),
    ]
