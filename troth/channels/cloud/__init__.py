"""WhatsApp through Meta's Cloud API.

Owns: the wire of the Cloud API, both ways; the meaning of its errors; the checks of a new connection.
Never: decides what to do with a message, touches the database, decodes a message id.
Start here: `adapter.py`; what comes in is read by `wire/`, what goes out is written by `build.py`.
"""
