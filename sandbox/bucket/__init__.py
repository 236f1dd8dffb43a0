"""A stand-in for an S3-compatible store, on this machine only: one bucket, as strict as Amazon's where we rely on it.

It checks signatures, digests and clocks, speaks ListObjectsV2, versions, ranges and DeleteObjects, and has troubles on demand.
Start here: `testing.py` runs one in a test, `python -m sandbox.bucket` runs one by itself.
"""
