"""The kinds of disturbance that a test is replayed under, each made from a seed. Pure."""

from __future__ import annotations

import random
from enum import StrEnum

from assay.browser.port import Disturbance


class DisturbanceKind(StrEnum):
    """What is disturbed, in the order in which a certificate goes through the kinds."""

    CPU = "cpu"
    LATE = "late"
    REORDERED = "reordered"
    MEDIA = "media"
    VIEWPORT = "viewport"
    ALL = "all"


_KINDS = tuple(DisturbanceKind)


def kind_of(seed: int) -> DisturbanceKind:
    """The kind that a seed stands for where none is asked for: seeds in a row have all in turn."""
    return _KINDS[seed % len(_KINDS)]


def disturbance(kind: DisturbanceKind, seed: int) -> Disturbance:
    """The disturbance of a kind that a seed makes; the same each time.

    The ranges are of what people meet: processors 2 to 6 times slower than a test machine's
    (a mid-range phone counts as 4 times slower than a desktop in Chrome's own throttling presets),
    answers up to a second late, fonts and images up to two, windows down to four fifths wide.
    """
    # Text seeds are hashed with SHA-512, so they give the same on every machine.
    chance = random.Random(f"{kind.value} {seed}")
    everything = kind is DisturbanceKind.ALL
    cpu, late, overtaken, media, shrink = 1.0, 0.0, 0.0, 0.0, (1.0, 1.0)
    if everything or kind is DisturbanceKind.CPU:
        cpu = round(chance.uniform(2.0, 4.0 if everything else 6.0), 1)
    if everything or kind is DisturbanceKind.LATE:
        late = round(chance.uniform(0.2, 0.5 if everything else 1.0), 2)
    if everything or kind is DisturbanceKind.REORDERED:
        overtaken = round(chance.uniform(0.3, 0.8), 2)
    if everything or kind is DisturbanceKind.MEDIA:
        media = round(chance.uniform(0.5, 2.0), 1)
    if everything or kind is DisturbanceKind.VIEWPORT:
        shrink = (round(chance.uniform(0.8, 0.97), 2), round(chance.uniform(0.7, 0.95), 2))
    return Disturbance(seed, cpu, late, overtaken, media, shrink)


def in_words(what: Disturbance) -> str:
    """A disturbance for people: what it did, without its seed."""
    said: list[str] = []
    if what.cpu > 1:
        said.append(f"a processor {what.cpu:g} times slower")
    if what.late:
        said.append(f"answers up to {what.late:g} s late")
    if what.overtaken:
        said.append(f"answers overtaken by later ones (held up to {what.overtaken:g} s)")
    if what.media:
        said.append(f"fonts and images up to {what.media:g} s late")
    across, down = what.shrink
    if (across, down) != (1.0, 1.0):
        said.append(f"a window {100 * across:.0f} % as wide and {100 * down:.0f} % as high")
    return ", ".join(said) or "no disturbance"
