"""Whose data it is.

Owns: workspaces, memberships, roles, invitations, teams, `scope()`, and the walls between tenants.
Never: knows prices, channels or conversations.
Start here: scope.py, then models/base.py and walls.py.
"""
