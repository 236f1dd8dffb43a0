"""What an operator gave to the database itself, beside what is in it: rights on it, and settings for it.

No dump holds these, and a backup role that could not connect after a restore would be found out too late.
"""

import psycopg
from psycopg import sql

from config.backup.reach import Connection, Reach
from config.backup.telling import Voice

_RIGHTS = (
    "SELECT pg_get_userbyid(a.grantee), a.privilege_type, a.is_grantable FROM pg_database d, aclexplode(d.datacl) a"
    " WHERE d.datname = %s AND a.grantee NOT IN (0, d.datdba) AND a.grantee IN (SELECT oid FROM pg_roles)"
)
_SETTINGS = (
    "SELECT r.rolname, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1) FROM pg_db_role_setting s"
    " JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c"
    " WHERE d.datname = %s"
)


def give_likewise(reach: Reach, *, old: str, new: str, voice: Voice) -> None:
    """Give a new database the rights and settings of another one on the same server."""
    with reach.connected(new) as connection:
        for role, right, grantable in connection.execute(_RIGHTS, [old]).fetchall():
            command = sql.SQL("GRANT {} ON DATABASE {} TO {}").format(
                sql.SQL(str(right)), sql.Identifier(new), sql.Identifier(str(role))
            )
            connection.execute(command + sql.SQL(" WITH GRANT OPTION" if grantable else ""))
        for role, name, value in connection.execute(_SETTINGS, [old]).fetchall():
            try:
                _set(connection, new, role=role, name=str(name), value=value)
            except psycopg.Error:
                voice.say(f"The database's setting {name} could not be taken over: set it again yourself.")


def _set(connection: Connection, database: str, *, role: object, name: str, value: object) -> None:
    # From the session, so that nobody has to quote the value for every kind of setting.
    connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    whose = sql.SQL("DATABASE {}") if role is None else sql.SQL("ROLE {} IN DATABASE {}")
    names = [sql.Identifier(str(one)) for one in (role, database) if one is not None]
    connection.execute(
        sql.SQL("ALTER {} SET {} FROM CURRENT").format(whose.format(*names), sql.Identifier(*name.split(".")))
    )
