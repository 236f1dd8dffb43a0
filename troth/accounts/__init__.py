"""Who a person is.

Owns: users, sessions, sign-up, log-in, second factors, passkeys, queued mail.
Never: knows workspaces.
Start here: models/user.py.
"""
