"""The ground that everything stands on.

Owns: the clock, ids, sealing, phone numbers, log privacy, the data registry's words, the one outbound HTTP client.
Never: knows a customer.
Start here: sealing.py, then fields.py.
"""
