"""The walls, and the passages of links and clocks, which are asked before a scope exists."""

from django.db import migrations

from troth.workspaces.walls import Passage, Wall

CURRENT = "nullif(current_setting('app.workspace_id', true), '')::uuid"
# An erasure is seen in its workspace only, one of none outside of any.
WALL = f"""
ALTER TABLE privacy_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE privacy_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_wall ON privacy_erasure
    USING (workspace_id IS NOT DISTINCT FROM {CURRENT}) WITH CHECK (workspace_id IS NOT DISTINCT FROM {CURRENT});
"""
CASE_READS = (
    "id, workspace_id, token_hash, closed_at, opened_at, due_at, acknowledged_at, alarmed_heard_at, alarmed_20_at,"
    " alarmed_27_at, alarmed_late_at"
)
EXPORT_READS = "id, workspace_id, link_hash, state, beat_at, created_at, expires_at"


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
        Wall("Hold"),
        Wall("HeldRecord"),
        Wall("RetentionRule"),
        Wall("Case"),
        Wall("CaseNote"),
        Wall("Export"),
        Wall("DataImport"),
        Wall("Intake"),
        Wall("UsageCount"),
        Wall("UsageOptOut"),
        Passage(
            "case_by_token(by_hash bytea)",
            returns="TABLE (workspace_id uuid, case_id uuid)",
            body="SELECT workspace_id, id FROM privacy_case WHERE token_hash = by_hash",
            reads={"privacy_case": CASE_READS},
        ),
        Passage(
            "cases_due(instant timestamptz)",
            returns="TABLE (workspace_id uuid, case_id uuid)",
            body="""
                SELECT workspace_id, id FROM privacy_case
                WHERE closed_at IS NULL AND (
                    (due_at <= instant AND alarmed_late_at IS NULL)
                    OR (due_at <= instant + interval '3 days' AND alarmed_27_at IS NULL)
                    OR (due_at <= instant + interval '10 days' AND alarmed_20_at IS NULL)
                    OR (acknowledged_at IS NULL AND opened_at <= instant - interval '20 hours' AND alarmed_heard_at IS NULL)
                )
            """,
            reads={"privacy_case": CASE_READS},
        ),
        Passage(
            "export_by_link(by_hash bytea)",
            returns="TABLE (workspace_id uuid, export_id uuid)",
            body="SELECT workspace_id, id FROM privacy_export WHERE link_hash = by_hash",
            reads={"privacy_export": EXPORT_READS},
        ),
        Passage(
            "exports_due(silent_since timestamptz, instant timestamptz)",
            returns="TABLE (workspace_id uuid, export_id uuid)",
            body="""
                SELECT workspace_id, id FROM privacy_export
                WHERE (state IN ('waiting', 'gathering', 'packing') AND coalesce(beat_at, created_at) < silent_since)
                   OR (state = 'ready' AND expires_at <= instant)
            """,
            reads={"privacy_export": EXPORT_READS},
        ),
        Passage(
            "imports_due(silent_since timestamptz)",
            returns="TABLE (workspace_id uuid, import_id uuid)",
            body="""
                SELECT workspace_id, id FROM privacy_dataimport
                WHERE state IN ('waiting', 'checking', 'restoring') AND coalesce(beat_at, created_at) < silent_since
            """,
            reads={"privacy_dataimport": "id, workspace_id, state, beat_at, created_at"},
        ),
        Passage(
            "places_ever_of(by_user uuid)",
            returns="TABLE (workspace_id uuid, membership_id uuid)",
            body="SELECT workspace_id, id FROM workspaces_membership WHERE user_id = by_user ORDER BY id",
            reads={"workspaces_membership": "id, workspace_id, user_id"},
        ),
        Passage(
            "workspace_by_handle(by_handle text)",
            returns="TABLE (workspace_id uuid)",
            body="SELECT id FROM workspaces_workspace WHERE handle = by_handle",
            reads={"workspaces_workspace": "id, handle"},
        ),
        Passage(
            "owners_of_all()",
            returns="TABLE (user_id uuid)",
            body="""
                SELECT DISTINCT m.user_id FROM workspaces_membership m WHERE m.role = 'owner' AND m.removed_at IS NULL
            """,
            reads={"workspaces_membership": "id, workspace_id, user_id, role, removed_at"},
        ),
        Passage(
            "usage_totals(since date)",
            returns="TABLE (day date, event text, count bigint)",
            body="""
                SELECT u.day, u.event::text, sum(u.count)::bigint FROM privacy_usagecount u WHERE u.day >= since
                GROUP BY u.day, u.event HAVING count(DISTINCT u.workspace_id) >= 10
            """,
            reads={"privacy_usagecount": "workspace_id, day, event, count"},
        ),
    ]
