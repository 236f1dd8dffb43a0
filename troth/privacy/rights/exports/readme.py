"""The page inside each copy that explains it. In English, since programs' makers read it."""

TEXT = """\
A COPY OF DATA, MADE BY TROTH ({kind})

index.html        Open this to read. It needs no internet.
threads/, parts/  The pages that it leads to.
workbook.xlsx     Everything as tables, one sheet a part. All cells are text.
csv/              The same, one file a part (UTF-8). A cell that a spreadsheet could take for a formula begins
                  with an apostrophe; phone numbers (+60123456789) stand as they are.
contacts.vcf      People as vCards, for an address book.
data/             Everything, lossless, for programs: one file a part, one JSON object a line (UTF-8).
manifest.json     The version of this form, and of every other file its size and SHA-256.

THE FILES IN data/, VERSION 1

- Ids are UUIDs. A value named after another part, such as "contact" or "channel", is the id of a row there.
- Instants are in UTC with microseconds: 2026-11-28T09:30:00.000000Z.
- files/ holds the pictures, sounds and papers that came with messages, each under the id of its row in data/files.jsonl,
  whose "message" says where it belongs. Pictures were rid of the place and the camera that phones write into them.
- A message's "content" is what was said: kind, text, media (type, name and size),
  data (places, cards, choices), occasion (the advertisement or product that somebody wrote about). "direction" is in, out, or echo (written in the phone app). "status" is 0 received,
  10 waiting, 20 being sent, 30 not sure, 40 sent, 50 not delivered, 60 delivered, 70 read, 80 played.
- A reaction's "message" is the id of the message that it sits on, null where that message never came.
- "colleagues" are the names under which members stand in the workspace.
- Left out: passwords, tokens and other secrets; keyed hashes, which mean nothing elsewhere.
{more}
A whole workspace's copy can be restored into an empty workspace: Settings, Privacy, Import.
"""
MORE = {
    "contact": "- This copy is about one person. Members of the team stand in it by their role, other people not at all.\n",
    "person": "- This copy is about one account: what is known of the person, and their places in workspaces.\n",
}


def readme(kind: str) -> str:
    """Return the text for a copy of this kind: "workspace", "contact" or "person"."""
    return TEXT.format(kind=kind, more=MORE.get(kind, ""))
