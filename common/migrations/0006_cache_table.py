"""The table of Django's database cache, where the web processes count failed sign-ins together."""

from django.db import migrations

CREATE = """
CREATE TABLE mvp_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX mvp_cache_expires ON mvp_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0005_texts_are_never_rewritten")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE mvp_cache")]
