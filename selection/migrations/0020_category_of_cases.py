"""The category of a case beside its stage: a decision group is found without reading all cases of the stage.

Triggers keep it as the nomination has it, so that no action, import or repair by hand has to think of it.
"""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE FUNCTION category_of_candidacy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN  -- waits for a change of the category that is not committed; it would not find this row
        SELECT category_id INTO NEW.category_id FROM nominations_nomination WHERE id = NEW.nomination_id FOR SHARE;
    ELSE  -- a change beside this one waits for the lock of this row
        SELECT category_id INTO NEW.category_id FROM nominations_nomination WHERE id = NEW.nomination_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER category_of_candidacy BEFORE INSERT OR UPDATE OF nomination_id, category_id ON selection_candidacy
    FOR EACH ROW EXECUTE FUNCTION category_of_candidacy();
CREATE FUNCTION category_of_candidacies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE selection_candidacy SET category_id = NEW.category_id WHERE nomination_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER category_of_candidacies AFTER UPDATE OF category_id ON nominations_nomination
    FOR EACH ROW WHEN (OLD.category_id IS DISTINCT FROM NEW.category_id)
    EXECUTE FUNCTION category_of_candidacies();
"""
DROP = """
DROP TRIGGER category_of_candidacies ON nominations_nomination;
DROP FUNCTION category_of_candidacies();
DROP TRIGGER category_of_candidacy ON selection_candidacy;
DROP FUNCTION category_of_candidacy();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("charter", "0001_initial"),
        ("nominations", "0001_initial"),
        ("selection", "0019_transparency_reports"),
    ]
    operations = [
        migrations.AddField(
            model_name="candidacy",
            name="category",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="charter.category",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.AddIndex(
            model_name="candidacy",
            index=models.Index(fields=["stage", "category"], name="candidacies_of_group"),
        ),
    ]
