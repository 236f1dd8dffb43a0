"""Reports: read-only figures.

Owns: what was spent on messages, by day, number, category and team; its plot and its file.
Never: writes anything, nor keeps a figure that can be reckoned from what others keep.
Start here: `spend.py`.
"""
