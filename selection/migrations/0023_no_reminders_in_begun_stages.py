"""Stages that have begun get no days of reminders: a day that is past already would send its mail at once."""

from django.db import migrations

CLEAR = "UPDATE selection_stage SET reminder_days = '{}' WHERE state IN ('open', 'closed')"


class Migration(migrations.Migration):
    dependencies = [("selection", "0022_days_of_reminders")]
    operations = [migrations.RunSQL(CLEAR, migrations.RunSQL.noop)]
