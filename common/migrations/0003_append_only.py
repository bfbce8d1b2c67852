"""History can only grow: triggers refuse UPDATE and DELETE of rows and blocks.

There is no TRUNCATE trigger: it would break transactional tests; the application's role has no such right.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON common_historyrow
    FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON common_historyblock
    FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
"""
DROP = """
DROP TRIGGER append_only ON common_historyrow;
DROP TRIGGER append_only ON common_historyblock;
DROP FUNCTION history_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
