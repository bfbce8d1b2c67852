"""The free text of an event can be erased, never rewritten."""

from django.db import migrations

CREATE = """
CREATE TRIGGER never_rewritten BEFORE UPDATE ON common_historytext
    FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
"""
DROP = "DROP TRIGGER never_rewritten ON common_historytext"


class Migration(migrations.Migration):
    dependencies = [("common", "0004_rows_wait_for_their_seal")]
    operations = [migrations.RunSQL(CREATE, DROP)]
