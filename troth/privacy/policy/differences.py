"""What changed between two versions of the policy, sentence by sentence and word by word. No Django here."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from troth.privacy.policy.clauses import Clause
from troth.privacy.policy.versions import Version

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"


@dataclass(frozen=True)
class Piece:
    """Some words of a changed sentence: kept, new or gone."""

    kind: str
    words: str


@dataclass(frozen=True)
class Difference:
    """What became of one sentence. `section` is the heading under which it stands now, or stood last."""

    clause: str
    section: str
    kind: str
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """The sentence with what was taken out and what was put in, in the order of reading."""
        return list(_pieces(self.before.split(), self.after.split()))


def differences(old: Version, new: Version) -> list[Difference]:
    """Return the sentences that differ, in the order of the newer policy; what is gone comes last."""
    before, after = _said(old), _said(new)
    titles = {section.id: section.title for version in (old, new) for section in version.text.sections}
    found = []
    for clause in [*new.text.all, *(gone for gone in old.text.all if gone.id not in after)]:
        was, now_is = before.get(clause.id, ""), after.get(clause.id, "")
        if was != now_is:
            kind = ADDED if not was else REMOVED if not now_is else CHANGED
            found.append(Difference(clause.id, titles[clause.section], kind, was, now_is))
    return found


def _said(version: Version) -> dict[str, str]:
    return {clause.id: _whole(clause) for clause in version.text.all}


def _whole(clause: Clause) -> str:
    return f"{clause.sentence} {clause.limit}".strip()


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, " ".join(after[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Piece(REMOVED, " ".join(before[old_from:old_to]))
        if new_to > new_from:
            yield Piece(ADDED, " ".join(after[new_from:new_to]))
