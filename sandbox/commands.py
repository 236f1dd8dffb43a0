"""The command line: serve the sandbox, deliver stored webhooks, speak as a customer."""

import argparse
from pathlib import Path

from sandbox.calls import call
from sandbox.deliver import deliver
from sandbox.settings import Settings, from_environment

CREATED = 201


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = from_environment(seed=getattr(options, "seed", None))
    except ValueError as error:
        print(f"A setting is not a number: {error}. See TROTH_PORT, TROTH_SANDBOX_PORT and SANDBOX_TEMPO.")
        return 2
    if options.command == "deliver":
        return deliver(settings, options.files, as_=options.as_, channel=options.channel, twice=options.twice)
    if options.command == "say":
        return say(settings, options)
    from sandbox.serve import run  # noqa: PLC0415 - the other commands start faster without the server

    return run(settings, parent=options.with_parent)


def say(settings: Settings, options: argparse.Namespace) -> int:
    """Let a customer write one text, and return an exit code."""
    body = {"text": options.text, "name": options.name, "to": options.to, "hidden": options.hidden or None}
    who = "from" if any(character.isdigit() for character in options.number) else "person"
    try:
        status, answer = call(
            "POST", f"{settings.own_url}/_sandbox/say", token=settings.dev_token, body={**body, who: options.number}
        )
    except OSError:
        print(f"No sandbox answers at {settings.own_url}. Start it with bin/run or bin/sandbox serve.")
        return 2
    if status != CREATED:
        print(answer.get("error", f"The sandbox answered {status}."))
        return 1
    if not answer["heard"]:
        print("Said, but nobody listens: connect the number on Troth's channel page first.")
        return 1
    print(f"Said as {answer['wa_id'] or answer['user_id']}: {answer['id']}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/sandbox", description="A stand-in for Meta's Graph API on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="run the stand-in")
    serving.add_argument("--seed", help="what all chance and all ids are made from (SANDBOX_SEED)")
    serving.add_argument(
        "--with-parent", type=int, metavar="PID", help="stop when this process, which started it, is gone"
    )
    delivering = commands.add_parser("deliver", help="sign stored webhook bodies and post them at the product's door")
    delivering.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a JSON file, or a folder of them")
    delivering.add_argument("--as", dest="as_", metavar="NUMBER", help="rewrite the ids to those of this number")
    delivering.add_argument("--channel", metavar="ID", help="post at this channel's door")
    delivering.add_argument("--twice", action="store_true", help="deliver everything a second time")
    saying = commands.add_parser("say", help="let a customer write")
    saying.add_argument("number", metavar="NUMBER", help="the customer's phone number, or a name for one without")
    saying.add_argument("text", metavar="TEXT")
    saying.add_argument("--name", help="the name in the customer's profile")
    saying.add_argument("--to", metavar="CONNECTED", help="the business number; without it the connected one")
    saying.add_argument("--hidden", action="store_true", help="the customer shows no phone number")
    return parser
