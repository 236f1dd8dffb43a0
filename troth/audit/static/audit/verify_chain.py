"""Proves that a downloaded chain of Troth is unbroken. Needs Python 3 and nothing else:

    python3 verify_chain.py chain.jsonl [COUNT HASH]

Each line's hash is SHA-256 of the hash before it (32 zero bytes for the first) and of the line's facts as JSON with
sorted keys. A detail that was erased shows as null; its hash stays, so the chain still holds. With COUNT and HASH (an
anchor from a mail or an anchor file) it also proves that nothing was cut off the end or made anew.
"""

import hashlib
import json
import sys

FACTS = ("workspace", "number", "at", "actor", "action", "target", "detail")


def verify(lines, anchor=None):  # type: ignore[no-untyped-def]  # it stands alone
    previous, count = b"\0" * 32, 0
    for text in lines:
        line = json.loads(text)
        facts = json.dumps({name: line[name] for name in FACTS}, sort_keys=True, separators=(",", ":")).encode()
        found = hashlib.sha256(previous + facts).digest()
        if line["number"] != count + 1:
            return f"BROKEN: entry {count + 1} is missing"
        if found.hex() != line["hash"]:
            return f"BROKEN: entry {count + 1}, or one before it, was changed"
        said = line.get("said")
        if said and hashlib.sha256(bytes.fromhex(said["salt"]) + said["text"].encode()).hexdigest() != line["detail"]:
            return f"BROKEN: the detail of entry {count + 1} was changed"
        previous, count = found, count + 1
        if anchor and anchor[0] == count and anchor[1] != line["hash"]:
            return f"BROKEN: entry {count} is not the one that was anchored"
    if anchor and anchor[0] > count:
        return f"BROKEN: {anchor[0] - count} entries were cut off the end"
    return f"UNBROKEN: {count} entries, the last is {previous.hex()}"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        verdict = verify(file, (int(sys.argv[2]), sys.argv[3]) if len(sys.argv) > 3 else None)  # type: ignore[no-untyped-call]
    sys.stdout.write(verdict + "\n")
    sys.exit(not verdict.startswith("UNBROKEN"))
