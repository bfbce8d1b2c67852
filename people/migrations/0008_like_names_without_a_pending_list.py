"""New names go straight into the index: a search would read the list of those that wait, up to 4 MB, each time."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0007_search_for_like_names")]

    operations = [
        migrations.RemoveIndex(model_name="person", name="people_name_trigram"),
        migrations.AddIndex(
            model_name="person",
            index=GinIndex(
                OpClass("sort_key", name="gin_trgm_ops"), fastupdate=False, name="people_name_trigram"
            ),
        ),
    ]
