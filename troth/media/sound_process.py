"""The program that opens sounds and films: on its own, with little memory and time, since what it opens may come from anybody.

Reads a sound from its input. Writes one line of JSON (`duration_ms`, and `wave` as hexadecimal digits, one byte a bar) and,
where it was asked for a voice note, the note: Ogg with one channel of Opus, as WhatsApp wants it. Of a `film` it writes an
empty line of JSON and the film as MP4.
Run as a file, with `voice`, `wave` or `film`; imports nothing of ours, so that it starts at once.
"""

import io
import json
import resource
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress

import av

MEMORY_BYTES_MAX = 1024 * 1024 * 1024
CPU_S_MAX = 60
INPUT_BYTES_MAX = 32 * 1024 * 1024
BARS = 48
WAVE_RATE = 8_000  # samples a second: enough to draw by
OPUS_RATE = 48_000
BITS_PER_SECOND = 32_000
DURATION_S_MAX = 3_600
LOUDEST = 32_768


def main(wanted: str) -> int:
    """Do what was asked and return the exit code: 1 where the input is no sound that can be opened."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MAX, CPU_S_MAX))
    av.logging.set_level(av.logging.PANIC)
    data = sys.stdin.buffer.read(INPUT_BYTES_MAX + 1)
    if len(data) > INPUT_BYTES_MAX:
        return 1
    try:
        note = {"voice": _note, "film": _film}[wanted](data) if wanted != "wave" else b""
        facts = _facts(note or data) if wanted != "film" else {}
    except (av.error.FFmpegError, ValueError, IndexError, MemoryError):
        return 1
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + note)
    return 0


def _note(data: bytes) -> bytes:
    """Return a sound as Ogg with one channel of Opus: repacked where it is that already, written anew where it is not."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="ogg") as target:
        stream = source.streams.audio[0]
        codec = stream.codec_context
        if codec.name in ("opus", "libopus") and codec.channels == 1:
            copy = target.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is not None:
                    packet.stream = copy
                    target.mux(packet)
        else:
            written = target.add_stream("libopus", rate=OPUS_RATE, layout="mono")
            written.bit_rate = BITS_PER_SECOND
            for frame in _resampled(source, "s16", OPUS_RATE):
                target.mux(written.encode(frame))
            target.mux(written.encode(None))
    return out.getvalue()


def _film(data: bytes) -> bytes:
    """Return a film as MP4, its pictures and sound as they are: those that WhatsApp plays, and nothing that stood beside
    them."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="mp4") as target:
        streams = [source.streams.video[0], *source.streams.audio[:1]]
        if [one.codec_context.name for one in streams] not in (["h264"], ["h264", "aac"]):
            raise ValueError("WhatsApp plays no such film")
        copies = {one.index: target.add_stream_from_template(one) for one in streams}
        for packet in source.demux(streams):
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                target.mux(packet)
    return out.getvalue()


def _facts(data: bytes) -> dict[str, object]:
    loudness = array("H")  # of each hundredth of a second
    samples = 0
    with av.open(io.BytesIO(data), "r") as source:
        step = WAVE_RATE // 100
        for frame in _resampled(source, "s16", WAVE_RATE):
            heard = array("h", bytes(frame.planes[0])[: frame.samples * 2])
            samples += len(heard)
            for first in range(0, len(heard), step):
                part = heard[first : first + step]
                loudness.append(min(LOUDEST, max(max(part), -min(part))))
            if samples > WAVE_RATE * DURATION_S_MAX:
                raise ValueError("too long")
    if not samples:
        raise ValueError("no sound")
    return {"duration_ms": samples * 1000 // WAVE_RATE, "wave": _bars(loudness).hex()}


def _bars(loudness: "array[int]") -> bytes:
    """Return one byte a bar: its loudest moment, against the loudest of all."""
    top = max(loudness) or 1
    bars = bytearray()
    for bar in range(BARS):
        first = bar * len(loudness) // BARS
        part = loudness[first : max(first + 1, (bar + 1) * len(loudness) // BARS)]
        bars.append(max(part) * 255 // top)
    return bytes(bars)


def _resampled(source: "av.container.InputContainer", form: str, rate: int) -> "Iterator[av.AudioFrame]":
    resampler = av.AudioResampler(format=form, layout="mono", rate=rate)
    for frame in source.decode(audio=0):
        yield from resampler.resample(frame)
    with suppress(ValueError):
        yield from resampler.resample(None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
