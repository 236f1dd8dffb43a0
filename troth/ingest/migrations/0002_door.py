"""The door's role may put deliveries in and do nothing else, not even read them; the digest lane is told of each batch."""

from django.db import migrations

NOTIFY = """
CREATE FUNCTION ingest_delivery_arrived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('digest', '');
    RETURN NULL;
END $$;
CREATE TRIGGER ingest_delivery_arrived AFTER INSERT ON ingest_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION ingest_delivery_arrived();
"""


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "GRANT INSERT ON ingest_delivery TO troth_door",
            "REVOKE INSERT ON ingest_delivery FROM troth_door",
        ),
        migrations.RunSQL(NOTIFY, "DROP FUNCTION ingest_delivery_arrived() CASCADE"),
    ]
