"""Starts, watches and stops the processes of one machine, PostgreSQL among them.

Owns: the data folder of the embedded PostgreSQL, the database roles, the child processes of `bin/run`.
Never: opens a folder to others, uses a PostgreSQL found on the PATH, leaves a process behind.
Start here: `run.py` for the order of things, `postgres.py` for the database server.
"""
