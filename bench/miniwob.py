"""MiniWoB++ tasks: one instruction in English, one small page, one reward; no demonstrations.

The engine is what carries out the steps of a test case: it is given the instruction and sees the
page, nothing else. The pages come from PyPI's ``miniwob`` (static files, served by the start script
of ``--apps-dir``). An episode is one seed of one task: the page is opened, seeded and started, the
instruction is carried out as a step of a test would be, and the page tells whether that was right.
What the page shows for people who train on it (the instruction, rewards, a clock) is hidden, so
that the task's own area is what is seen.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assay.browser.errors import BrowserError
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from assay.browser.session import PlaywrightSession
from assay.cases.doing import Doer
from assay.cases.hands import Hands, Undone
from assay.cases.meaning import Meaning
from assay.cases.plain import parse_steps
from assay.cases.recorder import Recorder
from assay.cases.scouting import Scout
from assay.kernel.progress import Silent
from assay.projects.model import Target
from bench.serving import application, installed

_START = """(seed) => {
  const style = document.createElement('style');
  style.textContent = '#query, #reward-display, #click-canvas, #sync-task-cover' +
    ' { display: none !important }';
  document.head.append(style);
  Math.seedrandom(seed); core.EPISODE_MAX_TIME = 60000; core.startEpisodeReal();
  const said = core.getUtterance();
  return typeof said === 'string' ? said : said.utterance;
}"""
_REWARD = "() => [WOB_DONE_GLOBAL, WOB_RAW_REWARD_GLOBAL, WOB_REWARD_REASON]"
_SECONDS = 55.0


def target_of(url: str, name: str) -> Target:
    """The page of one task as what a test is written for."""
    host = url.split("/")[2]
    return Target(
        project_id="bench", application_id="bench", application_short_id="bench",
        application_name=name, environment_id="bench", environment_name="bench", url=url,
        allowed_hosts=frozenset({host}), width=1280, height=720,
    )  # fmt: skip


async def episode(
    pool: PlaywrightPool, meaning: Meaning, url: str, task: str, seed: int
) -> dict[str, Any]:
    """One seed of one task: what was asked, what was done, and the reward."""
    page_url = f"{url}/miniwob/{task}.html"
    target = target_of(page_url, task)
    options = SessionOptions(base_url=page_url, allowed_hosts=target.allowed_hosts)
    row: dict[str, Any] = {"task": task, "seed": seed, "success": False, "problem": ""}
    async with pool.session(options) as session:
        assert isinstance(session, PlaywrightSession)
        recorder = Recorder(session, target)
        await recorder.open(page_url)
        row["instruction"] = await session.page.evaluate(_START, seed)
        await session.page.wait_for_load_state("networkidle")  # pictures that are just asked for
        await recorder.look()
        hands = Hands(recorder, Scout(pool, target, meaning, Silent()), meaning, Silent())
        began = time.monotonic()
        try:
            async with asyncio.timeout(_SECONDS):
                row["problem"] = await follow(hands, row["instruction"])
        except TimeoutError:
            row["problem"] = f"not done within {_SECONDS:.0f} s"
        row["seconds"] = round(time.monotonic() - began, 2)
        row["done"] = [step.text for step in recorder.steps[1:]]
        with contextlib.suppress(Exception):  # a page that has left has no reward to tell
            done, reward, reason = await session.page.evaluate(_REWARD)
            row.update(success=bool(done and reward > 0), reward=reward, ended=done, reason=reason)
    return row


async def follow(hands: Hands, instruction: str) -> str:
    """Carry the instruction out as the steps of a test; gives why it could not be, if so."""
    clauses = parse_steps(instruction)
    doer = Doer(hands)
    try:
        for index in range(len(clauses)):
            await doer.carry_out(clauses, index)
        await doer.finish()
    except Undone as undone:
        return undone.message
    except BrowserError as error:
        return error.message
    return ""


async def measure(url: str, tasks: list[str], seeds: int) -> list[dict[str, Any]]:
    """Every episode, one after the other; prints a line for each task."""
    meaning = Meaning()
    await asyncio.to_thread(meaning.warm)
    pool = PlaywrightPool()
    rows = []
    try:
        for task in tasks:
            mine = [await episode(pool, meaning, url, task, seed) for seed in range(seeds)]
            rows += mine
            told(task, mine)
    finally:
        await pool.close()
    return rows


def told(task: str, rows: list[dict[str, Any]]) -> None:
    """One line for a task, and the cause of its first failure."""
    won = sum(row["success"] for row in rows)
    seconds = sum(row["seconds"] for row in rows) / len(rows)
    lost = next((row for row in rows if not row["success"]), None)
    cause = "" if lost is None else f"   {lost['problem'] or 'wrong: ' + '; '.join(lost['done'])}"
    print(f"  {task:32} {won}/{len(rows)}  {seconds:5.1f} s{cause[:150]}", flush=True)


def main(argv: list[str]) -> int:
    """``python -m bench miniwob --apps-dir DIR [--tasks FILE] [--seeds 5] [--json FILE]``"""
    parser = argparse.ArgumentParser(prog="python -m bench miniwob", description=__doc__)
    parser.add_argument("--apps-dir", type=Path, required=True, help="has miniwob.sh")
    parser.add_argument("--tasks", type=Path, help="a task a line (default: DIR/miniwob.dev.txt)")
    parser.add_argument("--task", action="append", help="only this task; may be repeated")
    parser.add_argument("--seeds", type=int, default=5, help="episodes a task, seeds from 0")
    parser.add_argument("--url", help="where the pages are served already")
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-bench")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    listed = options.tasks or options.apps_dir / "miniwob.dev.txt"
    tasks = options.task or [line.strip() for line in listed.read_text().splitlines() if line]
    with contextlib.ExitStack() as stack:
        url = options.url
        if url is None:
            script = options.apps_dir / "miniwob.sh"
            app = stack.enter_context(
                application(script, installed(script, options.install_dir), fresh=False)
            )
            url = "/".join(app["url"].split("/")[:3])
        rows = asyncio.run(measure(url.rstrip("/"), tasks, options.seeds))
    won = sum(row["success"] for row in rows)
    print(f"  {won} of {len(rows)} episodes: {100 * won / len(rows):.1f} %")
    lost = sorted({row["task"] for row in rows if not row["success"]})
    print(f"  {len(lost)} of {len(tasks)} tasks with a failed episode: {', '.join(lost)}")
    if options.json:
        versions = {"playwright": version("playwright"), "python": platform.python_version()}
        data = {"seeds": options.seeds, "versions": versions, "rows": rows}
        options.json.write_text(json.dumps(data, indent=1))
    return 0
