"""Accounts, callbacks, templates and people survive; message ids never repeat; a broken file does no harm."""

from pathlib import Path

from sandbox import accounts
from sandbox.accounts import Callback, Template
from sandbox.settings import Settings, from_environment
from sandbox.state import Keeper
from sandbox.world import World, demo_account


def world_of(path: Path) -> tuple[World, Keeper]:
    keeper = Keeper(path)
    world = World(Settings(seed="restart"), epoch=keeper.epoch)
    world.add_account(demo_account(), token=accounts.DEMO_TOKEN)
    keeper.restore(world)
    return world, keeper


def test_what_was_set_up_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "sandbox" / "state.json"
    first, keeper = world_of(path)
    account = first.accounts[accounts.DEMO_WABA_ID]
    account.subscribed = True
    account.callback = Callback("http://127.0.0.1:8000/hooks/cloud/x", "v")
    account.numbers[0].profile = {"about": "Flowers"}
    account.numbers[0].opened_for = "somewhere"
    template = Template("5", "hello", "en", "UTILITY", [{"type": "BODY", "text": "Hi"}], status="APPROVED")
    account.templates["5"] = template
    keeper.save(first)
    second, _keeper = world_of(path)
    again = second.accounts[accounts.DEMO_WABA_ID]
    assert again.callback == account.callback
    assert again.subscribed
    assert again.numbers[0].profile == {"about": "Flowers"}
    assert again.numbers[0].opened_for == "somewhere"
    assert again.templates == account.templates
    assert again.templates["5"] == template
    assert second.tokens[accounts.DEMO_TOKEN].account is again
    assert second.templates["5"][0] is again
    assert len(second.accounts) == 1


def test_message_ids_go_on_and_people_stay_who_they_are(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    worlds = [world_of(path)[0] for _turn in range(2)]
    ids = [world.mint.message_id("447700900123") for world in worlds]
    assert ids[0] != ids[1]
    people = {world.people.user_id(world.people.by_number("447700900123"), "1") for world in worlds}
    assert len(people) == 1


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "sandbox" / "state.json"
    world_of(path)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_broken_or_foreign_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for content in ("", "{", "[]", '{"epoch": 3, "accounts": [{"id": "1"}]}'):
        path.write_text(content)
        assert accounts.DEMO_WABA_ID in world_of(path)[0].accounts


def test_settings_come_from_the_surroundings(tmp_path: Path) -> None:
    home = {"TROTH_HOME": str(tmp_path)}
    plain = from_environment({**home, "TROTH_DEV_TOKEN": "t"})
    assert (plain.port, plain.product_port, plain.seed, plain.customers) == (8100, 8000, "troth", True)
    told = {"TROTH_SANDBOX_PORT": "1", "TROTH_PORT": "2", "SANDBOX_SEED": "s", "SANDBOX_CUSTOMERS": "off"}
    asked = from_environment({**home, **told})
    assert (asked.port, asked.product_port, asked.seed, asked.customers) == (1, 2, "s", False)
    secret = tmp_path / "secrets" / "dev-token"
    assert asked.dev_token == secret.read_text() == from_environment(home).dev_token
    assert secret.stat().st_mode & 0o077 == 0
