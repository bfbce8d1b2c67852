"""The cases that are there get the category of their nomination: the trigger fills it in."""

from django.db import migrations

FILL = "UPDATE selection_candidacy SET category_id = NULL"


class Migration(migrations.Migration):
    dependencies = [("selection", "0020_category_of_cases")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
