"""The feed of new awards asks for the last fifty grants: without an index it sorts all of them each time."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("awards", "0006_summit_of_letters"),
        ("charter", "0006_translated_names"),
        ("people", "0010_joinings_that_can_be_undone"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="award",
            index=models.Index(
                condition=models.Q(granted_at__isnull=False),
                fields=["-granted_at", "-id"],
                name="awards_by_grant",
            ),
        ),
    ]
