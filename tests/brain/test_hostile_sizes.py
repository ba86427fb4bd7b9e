"""Long and repetitive messages cost little: nobody can hold the server up with one."""

from __future__ import annotations

import time

import pytest

from assay.brain.credentials import extract
from assay.brain.understanding import understand

HOSTILE = (
    "user ", "a", "enter ", "password ", "x, ", "(", "\n1. a", "log in as a ", "config “x” ",
    "test ", "a@a.a", "reveal ", "ignore ", "“", "test that ", "steps: ", "and ", "- a\n", "token ",
    "user a, ", "http://a:b@", "create tests for ", "as ", "run ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_twenty_thousand_characters_take_no_time(piece: str) -> None:
    message = (piece * 20_000)[:20_000]
    began = time.process_time()
    understand(extract(message)[0])
    assert time.process_time() - began < 2.0
