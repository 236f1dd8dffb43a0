"""Taking a workspace's copy back into an empty workspace.

Owns: checking a copy before anything is touched (reading.py, values.py), restoring it (restoring.py).
Never: sends anything, makes anybody a member, or believes a file.
Start here: job.py.
"""
