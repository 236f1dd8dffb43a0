"""The walls; the passages of the staff's queue and of the jobs; and what is written once."""

from django.db import migrations

from troth.workspaces.walls import Passage, Wall

# A column goes from nothing to something, once; sealed ones may be sealed again under a newer key.
ONCE = """
CREATE FUNCTION support_written_once() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT EXISTS (
        SELECT 1 FROM jsonb_each_text(to_jsonb(OLD)) was JOIN jsonb_each_text(to_jsonb(NEW)) is_ USING (key)
        WHERE was.value IS NOT NULL AND was.value IS DISTINCT FROM is_.value
          AND NOT (was.value LIKE '\\\\x01%' AND length(was.value) = length(is_.value)
                   AND substring(was.value FROM 5 FOR 4) <> substring(is_.value FROM 5 FOR 4))
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $guard$;
CREATE TRIGGER support_grant_once BEFORE UPDATE ON support_grant
    FOR EACH ROW EXECUTE FUNCTION support_written_once();
"""
REGISTER = """
CREATE TRIGGER {table}_once BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION support_written_once();
CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION support_written_once();
REVOKE DELETE ON {table} FROM troth_app;
"""
REGISTERS = ("support_breakglass", "support_legaldisclosure", "support_breach", "support_operatorhold")
HELP = "id, workspace_id, problem, asked_at, due_at, closed_at"
GRANT = "id, workspace_id, request_id, starts_at, ended_at, expires_at"


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        Wall("HelpRequest"),
        Wall("HelpMessage"),
        Wall("Grant"),
        Wall("SupportChoice"),
        Wall("AnchorMail"),
        migrations.RunSQL(ONCE, "DROP FUNCTION support_written_once() CASCADE"),
        *[migrations.RunSQL(REGISTER.format(table=table), migrations.RunSQL.noop) for table in REGISTERS],
        Passage(
            "help_waiting(instant timestamptz)",
            returns=(
                "TABLE (workspace_id uuid, request_id uuid, problem text, asked_at timestamptz, due_at timestamptz,"
                " sight_until timestamptz)"
            ),
            body="""
                SELECT h.workspace_id, h.id, h.problem::text, h.asked_at, h.due_at,
                       (SELECT max(g.expires_at) FROM support_grant g WHERE g.request_id = h.id
                        AND g.starts_at IS NOT NULL AND g.ended_at IS NULL AND g.expires_at > instant)
                FROM support_helprequest h WHERE h.closed_at IS NULL ORDER BY h.due_at, h.id
            """,
            reads={"support_helprequest": HELP, "support_grant": GRANT},
        ),
        Passage(
            "help_place(which uuid)",
            returns="TABLE (workspace_id uuid)",
            body="SELECT workspace_id FROM support_helprequest WHERE id = which AND closed_at IS NULL",
            reads={"support_helprequest": HELP},
        ),
        Passage(
            "grants_over(instant timestamptz)",
            returns="TABLE (workspace_id uuid, grant_id uuid)",
            body="SELECT workspace_id, id FROM support_grant WHERE ended_at IS NULL AND expires_at <= instant",
            reads={"support_grant": GRANT},
        ),
        Passage(
            "anchor_readers()",
            returns="TABLE (workspace_id uuid, membership_id uuid)",
            body="SELECT workspace_id, membership_id FROM support_anchormail ORDER BY id",
            reads={"support_anchormail": "id, workspace_id, membership_id"},
        ),
        Passage(
            "workspace_place(by_handle text)",
            returns="TABLE (workspace_id uuid)",
            body="SELECT id FROM workspaces_workspace WHERE handle = by_handle",
            reads={"workspaces_workspace": "id, handle"},
        ),
        Passage(
            "workspaces_all()",
            returns="TABLE (workspace_id uuid)",
            body="SELECT id FROM workspaces_workspace ORDER BY id",
            reads={"workspaces_workspace": "id, handle"},
        ),
    ]
