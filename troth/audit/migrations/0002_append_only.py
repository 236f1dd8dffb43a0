"""A chain is seen by its workspace only (the installation's outside of any), grows, and changes in one way: a detail
may become nothing."""

from django.db import migrations

CURRENT = "nullif(current_setting('app.workspace_id', true), '')::uuid"

WALL = f"""
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_wall ON audit_entry
    USING (workspace_id IS NOT DISTINCT FROM {CURRENT}) WITH CHECK (workspace_id IS NOT DISTINCT FROM {CURRENT});
REVOKE ALL ON audit_entry FROM troth_app;
GRANT SELECT, INSERT, UPDATE (detail) ON audit_entry TO troth_app;
"""

GUARD = """
CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.detail IS NULL AND to_jsonb(NEW) - 'detail' = to_jsonb(OLD) - 'detail' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit entries are never changed or removed' USING ERRCODE = 'insufficient_privilege';
END $guard$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();
CREATE TRIGGER audit_entry_stays_whole BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, "DROP FUNCTION audit_entry_stays() CASCADE"),
    ]
