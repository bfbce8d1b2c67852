"""Each statement that changes what the roster shows leaves a row, so that what is kept of it is known to be old."""

from django.db import migrations, models

TABLES = {
    "awards_award": "INSERT OR UPDATE OR DELETE",
    "people_person": "UPDATE OR DELETE",  # a new person has no award yet
    "charter_program": "INSERT OR UPDATE OR DELETE",
    "charter_area": "INSERT OR UPDATE OR DELETE",
    "charter_areaname": "INSERT OR UPDATE OR DELETE",
    "charter_areasuccession": "INSERT OR UPDATE OR DELETE",
    "charter_category": "INSERT OR UPDATE OR DELETE",
    "charter_region": "INSERT OR UPDATE OR DELETE",
    "charter_countryalias": "INSERT OR UPDATE OR DELETE",
}
CREATE = """
CREATE FUNCTION roster_has_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO awards_rosterchange DEFAULT VALUES;
    RETURN NULL;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER roster_has_changed AFTER {events} ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION roster_has_changed();"
    for table, events in TABLES.items()
)
DROP = (
    "\n".join(f"DROP TRIGGER roster_has_changed ON {table};" for table in TABLES)
    + "DROP FUNCTION roster_has_changed();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0003_signed_proofs"),
        ("charter", "0003_places_of_floods"),
        ("people", "0007_search_for_like_names"),
    ]
    operations = [
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField(db_default=models.functions.Now())),
            ],
            options={
                "verbose_name": "change of the roster",
                "verbose_name_plural": "changes of the roster",
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
