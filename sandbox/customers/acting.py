"""Carries out one turn of a customer."""

from sandbox import inbound
from sandbox.accounts import Account, Number
from sandbox.customers import media_made
from sandbox.customers.lines import Say
from sandbox.people import Person
from sandbox.threads import Line
from sandbox.world import World


def act(world: World, account: Account, number: Number, person: Person, line: Say, *, at: int | None = None) -> None:
    """Let a person do what a line says; a turn that refers to something that is not there becomes plain text."""
    theirs = _last(world, number, person, out=True)
    own = _last(world, number, person, out=False)
    if line.kind == "react":
        if theirs:
            reaction = {"message_id": theirs.id, "emoji": line.text}
            inbound.write(world, account, number, person, kind="reaction", content=reaction, at=at)
    elif line.kind == "edit":
        if own and own.kind == "text":
            inbound.edit(world, account, number, person, original_id=own.id, body=line.text, at=at)
    elif line.kind == "revoke":
        if own:
            inbound.revoke(world, account, number, person, original_id=own.id, at=at)
    elif line.kind == "change_number":
        inbound.change_number(world, account, number, person, wa_id=line.text)
    elif line.kind in inbound.MEDIA_KINDS:
        _send_file(world, account, number, person, line, at=at)
    else:
        content = line.content if line.content is not None else {"body": line.text}
        reply_to = theirs.id if line.quotes and theirs else None
        inbound.write(
            world,
            account,
            number,
            person,
            kind=line.kind,
            content=content,
            reply_to=reply_to,
            extras=line.extras,
            at=at,
        )


def _last(world: World, number: Number, person: Person, *, out: bool) -> Line | None:
    lines = world.threads.of(number.id, person.key).lines
    return next((line for line in reversed(lines) if line.out is out), None)


def _send_file(world: World, account: Account, number: Number, person: Person, line: Say, *, at: int | None) -> None:
    wish = line.content if isinstance(line.content, dict) else {}
    filename = str(wish.get("filename", "paper.pdf")) if line.kind == "document" else None
    made = {
        "image": lambda: media_made.picture(int(wish.get("seed", 1))),
        "audio": lambda: media_made.voice(int(wish.get("seconds", 2))),
        "document": lambda: media_made.paper(filename or ""),
    }
    inbound.media(
        world, account, number, person, kind=line.kind, mime_type=media_made.MIME_TYPES[line.kind],
        data=made[line.kind]() if line.kind in made else media_made.example(line.kind), caption=line.text or None,
        filename=filename, voice=line.kind == "audio", at=at,
    )  # fmt: skip
