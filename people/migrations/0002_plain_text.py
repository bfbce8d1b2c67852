"""``plain_text(text)``: lower-case, without accents. Immutable by naming its dictionary, so that it can be indexed."""

from django.db import migrations

CREATE = """
DO $do$
DECLARE place text := (
    SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'unaccent'
);
BEGIN
    EXECUTE format(
        $f$CREATE FUNCTION plain_text(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
        AS 'SELECT lower(%1$s.unaccent(''%1$s.unaccent''::regdictionary, $1))'$f$, place);
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("common", "0001_extensions")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION plain_text(text)")]
