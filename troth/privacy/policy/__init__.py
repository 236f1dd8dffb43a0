"""The policy and its promises: clauses, versions, notices, probes, and the public pages that show them.

Owns: policy/clauses.yaml and its versions, what tests and probes say of each clause, the notice of changes.
Never: writes a sentence of the policy anywhere but in policy/clauses.yaml.
Start here: clauses.py, then versions.py and standing.py.
"""
