"""What a send must look like, by our own reading of the platform's rules: strict about keys, lengths and shapes.

Owns: the shape of every body for `/messages`. Never: looks at state (whether a medium or template exists).
Start here: `envelope.py`.
"""
