"""A chain is seen by its workspace only (the installation's outside of any), grows, and changes in one way: a detail
may become nothing, or be sealed under a newer key. One function tells the head of every chain, for anchors.
"""

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
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'detail' = to_jsonb(OLD) - 'detail' AND (
        NEW.detail IS NULL
        -- Sealed again: as long as before, under a key of another number.
        OR (octet_length(NEW.detail) = octet_length(OLD.detail)
            AND substring(NEW.detail FROM 2 FOR 2) <> substring(OLD.detail FROM 2 FOR 2))
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit entries are never changed or removed' USING ERRCODE = 'insufficient_privilege';
END $guard$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();
CREATE TRIGGER audit_entry_stays_whole BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();
"""

HEADS = """
GRANT SELECT (workspace_id, number, at, hash) ON audit_entry TO troth_definer;
CREATE POLICY passage_reads ON audit_entry FOR SELECT TO troth_definer USING (true);
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE FUNCTION audit_heads(since timestamptz)
    RETURNS TABLE (workspace_id uuid, number bigint, hash bytea, at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $passage$
    SELECT DISTINCT ON (e.workspace_id) e.workspace_id, e.number, e.hash, e.at
    FROM audit_entry e WHERE e.at >= since ORDER BY e.workspace_id, e.number DESC
$passage$;
ALTER FUNCTION audit_heads(timestamptz) OWNER TO troth_definer;
REVOKE ALL ON FUNCTION audit_heads(timestamptz) FROM PUBLIC, troth_app, troth_door;
GRANT EXECUTE ON FUNCTION audit_heads(timestamptz) TO troth_app;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, "DROP FUNCTION audit_entry_stays() CASCADE"),
        migrations.RunSQL(HEADS, "DROP FUNCTION audit_heads(timestamptz)"),
    ]
