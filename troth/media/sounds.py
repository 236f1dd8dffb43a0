"""Voice notes: made of what a browser recorded, and how a sound looks. Films of phones, put into the form that all can play."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

_PROGRAM = Path(__file__).with_name("sound_process.py")
WITHIN_S = 90.0
SOUND_BYTES_MAX = 32 * 1024 * 1024


class NoSound(Exception):
    """The bytes are no sound that can be opened, or too long a one."""


class NoFilm(Exception):
    """The bytes are no film that can be put into that form."""


class Sound(NamedTuple):
    """A sound: how long it lasts, how loud it is in each of 48 parts (0 to 255, one byte each), and, where one was made,
    the voice note (Ogg, one channel of Opus)."""

    duration_ms: int
    wave: bytes
    note: bytes


def voice_note(recording: bytes) -> Sound:
    """Return what a browser recorded as WhatsApp takes a voice note. Raises: NoSound."""
    return _asked("voice", recording)


def looked_at(sound: bytes) -> Sound:
    """Return how a sound looks. Raises: NoSound."""
    return _asked("wave", sound)


def film_for_all(film: bytes) -> bytes:
    """Return a film as MP4, without what the camera wrote into it; pictures and sound stay as they are. Raises: NoFilm."""
    try:
        return _run("film", film)[1]
    except NoSound as failed:
        raise NoFilm from failed


def _asked(wanted: str, sound: bytes) -> Sound:
    facts, note = _run(wanted, sound)
    return Sound(int(facts["duration_ms"]), bytes.fromhex(facts["wave"]), note)


def _run(wanted: str, sound: bytes) -> tuple[dict[str, Any], bytes]:
    """Ask the program that opens sounds and films; it is another process, which may fall without harm."""
    if len(sound) > SOUND_BYTES_MAX:
        raise NoSound
    command = [sys.executable, "-I", str(_PROGRAM), wanted]
    try:
        done = subprocess.run(  # our own program, with nothing of the input in its arguments
            command, input=sound, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=WITHIN_S, check=True
        )
        line, _end, made = done.stdout.partition(b"\n")
        return json.loads(line), made
    except (subprocess.SubprocessError, ValueError) as failed:
        raise NoSound from failed
