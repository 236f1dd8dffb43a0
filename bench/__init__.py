"""Measures the product against its aims, and against other ways of doing the same, in one run on one machine.

Owns: the workloads, the load generator, the systems compared with.
Never: traffic to another machine, unbounded loops, figures without what was lost beside them.
Start here: __main__.py, then stage.py and workloads/ingest.py.
"""
