"""New history rows enter a waiting list, which sealing empties: transaction ids are not needed any more."""

from django.db import migrations, models

CREATE = """
INSERT INTO common_historywaiting (row_id)
    SELECT id FROM common_historyrow EXCEPT SELECT unnest(row_ids) FROM common_historyblock;
CREATE FUNCTION history_rows_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO common_historywaiting (row_id) SELECT id FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER rows_wait AFTER INSERT ON common_historyrow
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION history_rows_wait();
"""
DROP = """
DROP TRIGGER rows_wait ON common_historyrow;
DROP FUNCTION history_rows_wait();
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0003_append_only")]
    operations = [
        migrations.CreateModel(
            name="HistoryWaiting",
            fields=[("row_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={
                "verbose_name": "history row to be sealed",
                "verbose_name_plural": "history rows to be sealed",
            },
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.RemoveIndex(model_name="historyrow", name="history_by_transaction"),
        migrations.AlterField(  # so that the way back finds a value
            model_name="historyblock",
            name="below_transaction",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.RemoveField(model_name="historyblock", name="below_transaction"),
        migrations.RemoveField(model_name="historyrow", name="transaction"),
        migrations.AddIndex(
            model_name="historyblock",
            index=models.Index(fields=["last_row"], name="blocks_by_last_row"),
        ),
        migrations.AddConstraint(
            model_name="historyblock",
            constraint=models.UniqueConstraint(fields=("previous_digest",), name="chain_never_forks"),
        ),
    ]
