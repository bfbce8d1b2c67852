"""Who may not be nominated was sent to a page that does not say which rule it was: say where to ask, as ``seeds/`` does.

The office's own sentences stay.
"""

from django.db import migrations

BEFORE = "The rules of this cycle do not allow this nomination. The status page says which rule."
AFTER = "The rules of this cycle do not allow this nomination. Ask the program office which one."


def forwards(apps, schema_editor):
    apps.get_model("charter", "ReasonCode").objects.filter(sentence=BEFORE).update(sentence=AFTER)


def backwards(apps, schema_editor):
    apps.get_model("charter", "ReasonCode").objects.filter(sentence=AFTER).update(sentence=BEFORE)


class Migration(migrations.Migration):
    dependencies = [("charter", "0006_translated_names")]
    operations = [migrations.RunPython(forwards, backwards)]
