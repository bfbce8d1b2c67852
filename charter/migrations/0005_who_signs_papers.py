"""Certificates and letters are signed by somebody with a name and an office."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("charter", "0004_content_versions")]

    operations = [
        migrations.AddField(
            model_name="program",
            name="signer_name",
            field=models.CharField(
                blank=True, help_text="Empty: the program.", max_length=120,
                verbose_name="who signs certificates and letters",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="signer_role",
            field=models.CharField(
                blank=True, help_text="Empty: the program office.", max_length=120, verbose_name="their office"
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="signer_note",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="what stands under the signature of a letter",
                help_text="For example that it was made by a machine and is valid without a signature by hand.",
            ),
        ),
    ]
