"""Telling open screens to look again.

Owns: `poke()` and the event stream `/events`.
Never: carries content.
Start here: pokes.py.
"""
