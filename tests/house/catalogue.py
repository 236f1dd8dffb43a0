"""Everything that makes a database's roles, rights and walls, read from its catalogue, to compare two of them."""

import re
from typing import Any

import psycopg

# Lists of rights are sorted, since their order says when each was given and nothing else.
_QUESTIONS = """
SELECT 'table', c.relname, c.relkind, r.rolname, sorted(c.relacl), c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relnamespace = 'public'::regnamespace

SELECT 'policy', tablename, policyname, cmd, roles::text[], qual, with_check FROM pg_policies

SELECT 'function', p.oid::regprocedure::text, r.rolname, sorted(p.proacl), p.prosecdef, p.proconfig, p.prosrc
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'public'::regnamespace

SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
FROM pg_constraint WHERE connamespace = 'public'::regnamespace

SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'

SELECT 'trigger', tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal

SELECT 'column', a.attrelid::regclass::text, a.attname, a.atttypid::regtype::text, a.attnotnull, a.attidentity,
sorted(a.attacl) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped

SELECT 'schema', n.nspname, r.rolname, sorted(n.nspacl)
FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.nspname = 'public'

SELECT 'database', r.rolname, sorted(d.datacl), pg_encoding_to_char(d.encoding), d.datlocprovider, d.datlocale, d.datcollate
FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = current_database()

SELECT 'setting', s.setrole::regrole::text, s.setconfig
FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()

SELECT 'default', r.rolname, d.defaclobjtype, sorted(d.defaclacl)
FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole

SELECT 'extension', e.extname, r.rolname FROM pg_extension e JOIN pg_roles r ON r.oid = e.extowner

SELECT 'type', t.typname, r.rolname FROM pg_type t JOIN pg_roles r ON r.oid = t.typowner
WHERE t.typnamespace = 'public'::regnamespace AND t.typelem = 0
"""
_CAST = re.compile(r"::(?:text|character varying)(?:\[\])?|[()]")
_SORTED = "CREATE FUNCTION pg_temp.sorted(rights aclitem[]) RETURNS text[] LANGUAGE sql AS 'SELECT array_agg(a::text ORDER BY a::text) FROM unnest(rights) AS a'"


def catalogue(connection: psycopg.Connection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return all of it, in an order that two databases share. The connection is a superuser's."""
    connection.execute(_SORTED)
    found: list[tuple[Any, ...]] = []
    for question in _QUESTIONS.strip().split("\n\n"):
        found += connection.execute(question.replace("sorted(", "pg_temp.sorted(").encode()).fetchall()
    return sorted((_as_written(row) for row in found), key=repr)


def _as_written(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return conditions without the casts and brackets that PostgreSQL puts in when it reads its own text again."""
    if row[0] not in ("index", "constraint"):
        return row
    return tuple(_CAST.sub("", part) if isinstance(part, str) else part for part in row)
