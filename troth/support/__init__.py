"""Help, and who looked.

Owns: help requests and their threads, grants, the staff's door, break-glass, the registers, the access log.
Never: sees data without a live grant.
Start here: grants.py.
"""
