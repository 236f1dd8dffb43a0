"""Keeping our word: what the policy promises, as running features.

Owns: the data map, policy versions and promises, cases, exports, erasure, retention, holds, certificates, cookie choice.
Never: guesses what is personal; the data registry says it.
Start here: the package of the promise at hand (datamap, policy, rights, forgetting, browser), each with a page of its own.
"""
