"""Files of conversations, sealed: kept, read, checked and deleted. Who may see one is decided above.

Start here: `store.py` for what others use, `keeping.py` for what a keeper of files does, `bucket.py` for the far one.
"""
