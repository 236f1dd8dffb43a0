"""Copies of data, made from what the registry declares and from nothing else.

Owns: what belongs to a copy (walk.py), gathering it (gather.py), packing it in every form (pack.py), handing it out once.
Never: exports a secret, names a model, or keeps anything in clear on a disk.
Start here: asking.py, then job.py.
"""

from troth.privacy.rights.exports.asking import TooMany, request_export, request_personal_export

__all__ = ["TooMany", "request_export", "request_personal_export"]
