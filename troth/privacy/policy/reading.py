"""A version of the policy, laid out for reading: headings, sentences, and what does not apply here yet."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.privacy.policy.clauses import Clause, Section
from troth.privacy.policy.standing import is_installed
from troth.privacy.policy.versions import Version

PART_NAMES: dict[str, str | Promise] = {"google": _("Google"), "billing": _("billing"), "web": _("WhatsApp Web")}


@dataclass(frozen=True)
class Sentence:
    """One sentence. `comes_with` names the part that this installation lacks, "" where the sentence applies."""

    clause: Clause
    comes_with: str | Promise


@dataclass(frozen=True)
class Chapter:
    """A heading with its sentences."""

    section: Section
    sentences: tuple[Sentence, ...]

    @property
    def applies(self) -> bool:
        """Whether any of its sentences applies here."""
        return any(not sentence.comes_with for sentence in self.sentences)


def read(version: Version) -> list[Chapter]:
    """Return the chapters of a version."""
    return [
        Chapter(section, tuple(Sentence(clause, comes_with(clause)) for clause in version.text.of(section)))
        for section in version.text.sections
    ]


def comes_with(clause: Clause) -> str | Promise:
    """Return the name of the part that a clause waits for, "" where it applies here."""
    return "" if is_installed(clause.part) else PART_NAMES[clause.part]
