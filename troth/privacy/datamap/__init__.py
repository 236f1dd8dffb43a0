"""What is kept about whom, why, where, how long, and who sees it: all of it read from the data registry.

Owns: the pages "Your data" and "Where your data goes", the record of processing, the list of sub-processors.
Never: says anything of a table or a host that the registries do not say.
Start here: `shown.py`, which turns declarations into what people read; `words.py` has the words.
"""
