"""Putting values into fields, whatever they are made of, and seeing that they stayed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from playwright.async_api import ElementHandle, Error, FilePayload, Page
from playwright.async_api import Locator as PageLocator

from assay.browser.errors import ActionFailed, TargetMissing
from assay.browser.model import Upload
from assay.browser.page import script
from assay.browser.spelling import proper

Target = ElementHandle | PageLocator

PROBE = script("probe")
VALUE = """(e) => {
  const state = window[Symbol.for('assay')];
  const editor = state && state.editorOf && state.editorOf(e);
  if (editor) return state.editorText(editor);
  if (e.type === 'password') return e.value ? '\\u2022'.repeat(e.value.length) : '';
  if (e.type === 'checkbox' || e.type === 'radio') return e.checked ? 'checked' : 'unchecked';
  if (e.tagName === 'SELECT') {
    return [...e.selectedOptions].map((o) => o.label.replace(/\\s+/g, ' ').trim()).join(', ');
  }
  if (e.type === 'file') return [...e.files].map((f) => f.name).join(', ');
  if ('value' in e && e.tagName !== 'LI' && e.tagName !== 'BUTTON') return String(e.value);
  if (e.hasAttribute('aria-valuenow')) return e.getAttribute('aria-valuenow');
  if (e.hasAttribute('aria-checked')) {
    return e.getAttribute('aria-checked') === 'true' ? 'checked' : 'unchecked';
  }
  return e.isContentEditable ? e.innerText.trim() : null;
}"""
_OPTIONS = "(e) => [...e.options].map((o, i) => [i, o.label.replace(/\\s+/g, ' ').trim(), o.value])"
CONCEAL = "(e) => { if (e.style) e.style.setProperty('-webkit-text-security', 'disc'); }"
# Many pages draw a list anew when one of its boxes is ticked: the box that was clicked is gone and
# another stands in its place.
_PLACE = """(e) => {
  const path = [];
  for (let n = e; n.parentElement; n = n.parentElement) {
    path.unshift([...n.parentElement.children].indexOf(n));
  }
  return e.getRootNode() === document ? path : null;
}"""
_NOW_THERE = """(e, path) => {
  if (e.isConnected) return e;
  let there = path && document.documentElement;
  for (const index of path || []) there = there && there.children[index];
  const kind = (x) => [x.tagName, x.type, x.getAttribute('role'), x.name].join();
  return there && kind(there) === kind(e) ? there : null;
}"""
_OFFERED = script("offered")
_SELECT = script("select")


async def fill(
    target: Target, value: str, *, secret: bool, timeout: float, verify: bool, suggests: bool = True
) -> str | None:
    """Replace the field's content; returns what it holds afterwards (only when verifying)."""
    probe: dict[str, Any] = {}
    if suggests or secret or verify:
        probe = await target.evaluate(PROBE)
        value = proper(str(probe["type"]), value)
        if probe["tag"] == "SELECT":
            return await select(target, value, timeout=timeout)
    if secret and probe["type"] != "password":
        await target.evaluate(CONCEAL)
    if probe.get("code"):
        await fill_code(target, value, timeout=timeout)
    elif probe.get("suggests") and value:
        await fill_by_keys(target, value, timeout=timeout)
    else:
        try:
            await target.fill(value, timeout=timeout)
        except Error as error:
            if "not an <input>" not in error.message and "cannot be filled" not in error.message:
                raise
            await fill_by_keys(target, value, timeout=timeout)
    if not verify:
        return None
    after: str | None = await target.evaluate(VALUE)
    if after == "" and value.strip() and probe["type"] != "password" and not probe["code"]:
        await fill_by_keys(target, value, timeout=timeout)
        after = await target.evaluate(VALUE)
    return after


async def fill_by_keys(target: Target, value: str, *, timeout: float) -> None:
    """Empty the field like a person and type, so that key listeners hear every key."""
    await target.click(timeout=timeout)
    await target.press("ControlOrMeta+a", timeout=timeout)
    await target.press("Delete", timeout=timeout)
    await target.type(value, timeout=max(timeout, 20.0 * len(value)))


async def fill_code(target: Target, value: str, *, timeout: float) -> None:
    """Replace what a code editor holds, at once: brackets that are typed bring their twins."""
    await target.focus()
    await target.press("ControlOrMeta+a", timeout=timeout)
    await target.press("Delete", timeout=timeout)
    if value:
        await target.evaluate("(e, text) => document.execCommand('insertText', false, text)", value)


async def append(target: Target, value: str, *, secret: bool, timeout: float) -> str | None:
    """Type at the end of what the field holds."""
    if secret:
        await target.evaluate(CONCEAL)
    await target.focus()
    await target.evaluate(
        "(e) => { if ('setSelectionRange' in e) { try { e.setSelectionRange(e.value.length,"
        " e.value.length); } catch { } } else getSelection().selectAllChildren(e),"
        " getSelection().collapseToEnd(); }"
    )
    if "\n" in value:  # an editor may answer Enter with more than a new line
        await target.evaluate("(e, text) => document.execCommand('insertText', false, text)", value)
    else:
        await target.type(value, timeout=max(timeout, 20.0 * len(value)))
    after: str | None = await target.evaluate(VALUE)
    return after


async def select(target: Target, value: str, *, timeout: float) -> str | None:
    """Choose options of a native select by label, value or closest label."""
    options: list[tuple[int, str, str]] = await target.evaluate(_OPTIONS)
    chosen = [_choose(options, wanted) for wanted in value.split("\n") if wanted.strip()]
    await target.select_option(index=chosen, timeout=timeout)
    try:
        after: str | None = await target.evaluate(VALUE)
    except Error:
        return None  # it was chosen, and choosing it leads to another page
    return after


def _choose(options: Sequence[tuple[int, str, str]], wanted: str) -> int:
    low = wanted.strip().casefold()
    ways = (
        lambda label, value: label == wanted,
        lambda label, value: label.casefold() == low,
        lambda label, value: value == wanted.strip(),
        lambda label, value: value.casefold() == low,
        lambda label, value: label.casefold().startswith(low),
        lambda label, value: low in label.casefold(),
        lambda label, value: _bare(label) == _bare(low),
    )
    for way in ways:
        found = [index for index, label, value in options if way(label, value)]
        if found:
            return found[0]
    offered = tuple(label for _, label, _ in options if label)
    raise TargetMissing(
        f"There is no option “{wanted}”; there are: {', '.join(offered[:12])}.", offered[:12]
    )


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


async def choose(page: Page, target: Target, value: str, *, timeout: float) -> str | None:
    """Open a custom list box, pick the option with this text, and see that it was taken."""
    probe = await target.evaluate(PROBE)
    typed = probe["tag"] in {"INPUT", "TEXTAREA"}
    for wanted in [line for line in value.split("\n") if line.strip()]:
        option = await _offered(page, wanted, 0.0)
        if option is None:
            await target.click(timeout=timeout)
            option = await _offered(page, wanted, 0.6)
        if option is None and typed:
            await fill_by_keys(target, wanted, timeout=timeout)
            option = await _offered(page, wanted, 2.0)
        if option is None:
            await target.press("ArrowDown", timeout=timeout)
            option = await _offered(page, wanted, 0.6)
        if option is None:
            raise TargetMissing(f"The list offers no “{wanted}”.")
        await option.click(timeout=timeout)
    after: str | None = await target.evaluate(VALUE)
    return after if after else value


async def _offered(page: Page, wanted: str, seconds: float) -> ElementHandle | None:
    for attempt in range(max(1, int(seconds / 0.1))):
        if attempt:
            await asyncio.sleep(0.1)
        for frame in page.frames:
            handle = await frame.evaluate_handle(_OFFERED, wanted.strip())
            element = handle.as_element()
            if element is not None:
                return element
    return None


async def set_checked(target: Target, wanted: bool, *, timeout: float, verify: bool) -> str | None:
    """Check or uncheck a box, switch or radio, through its label when it hides itself."""
    probe = await target.evaluate(PROBE)
    if probe["checked"] != wanted:
        native = probe["tag"] == "INPUT" and probe["type"] in {"checkbox", "radio"}
        place = await target.evaluate(_PLACE)
        if native and probe["shown"]:
            try:
                await target.click(timeout=min(timeout, 1500))
            except Error:
                await _toggle(target, timeout)
        elif native:
            await _toggle(target, timeout)
        else:
            await target.click(timeout=timeout)
        if verify:
            now = await target.evaluate_handle(_NOW_THERE, place)
            current = now.as_element()
            if current is None:
                return None  # the page took it away: what became of it shows elsewhere
            probe = await current.evaluate(PROBE)
    if not verify:
        return None
    if probe["checked"] != wanted:
        raise ActionFailed(f"It stayed {'checked' if not wanted else 'unchecked'}.")
    return "checked" if wanted else "unchecked"


async def _toggle(target: Target, timeout: float) -> None:
    """Click what a person would click for a hidden box: its label, else its visible neighbour."""
    handle = await target.evaluate_handle(
        "(e) => { const ok = (x) => { if (!x) return false; const r = x.getBoundingClientRect();"
        " return r.width > 1 && r.height > 1; };"
        " return [...(e.labels || [])].find(ok) || (ok(e.nextElementSibling) ? e.nextElementSibling"
        " : ok(e.parentElement) ? e.parentElement : e); }"
    )
    element = handle.as_element()
    before = await target.evaluate("(e) => e.checked")
    if element is not None:
        try:
            await element.click(timeout=min(timeout, 1500))
        except Error:
            element = None
    now = await target.evaluate("(e) => e.isConnected ? e.checked : null")
    if element is None or now == before:
        await target.evaluate("(e) => e.click()")


async def select_text(target: Target, part: str, *, timeout: float) -> None:
    """Select the text of an element, or the first occurrence of a part of it."""
    if not part:
        await target.select_text(timeout=timeout)
        return
    await target.scroll_into_view_if_needed(timeout=timeout)
    if not await target.evaluate(_SELECT, part):
        raise TargetMissing(f"The element has no text “{part}”.")


async def upload(page: Page, target: Target, files: Sequence[Upload], *, timeout: float) -> str:
    """Give files to a file field, or to the chooser that the element opens."""
    payload: list[FilePayload] = [
        {"name": file.filename, "mimeType": file.media_type, "buffer": file.content}
        for file in files
    ]
    handle = await target.evaluate_handle(
        "(e) => e.type === 'file' ? e : e.control && e.control.type === 'file' ? e.control"
        " : e.querySelector('input[type=file]')"
    )
    element = handle.as_element()
    if element is not None:
        await element.set_input_files(payload, timeout=timeout)
    else:
        async with page.expect_file_chooser(timeout=timeout) as opened:
            await target.click(timeout=timeout)
        await (await opened.value).set_files(payload, timeout=timeout)
    return ", ".join(file.filename for file in files)


async def set_slider(target: Target, value: str, *, timeout: float) -> str | None:
    """Move a slider to a number: natively at once, an ARIA one by its keys."""
    probe = await target.evaluate(PROBE)
    if probe["tag"] == "INPUT":
        await target.fill(value, timeout=timeout)
        after: str | None = await target.evaluate(VALUE)
        return after
    wanted = float(value)
    await target.focus()
    for _ in range(400):
        now = await target.get_attribute("aria-valuenow")
        if now is None:
            raise ActionFailed("This slider does not say where it stands.")
        gap = wanted - float(now)
        if abs(gap) < 1e-9:
            return now
        await target.press("ArrowRight" if gap > 0 else "ArrowLeft", timeout=timeout)
        moved = await target.get_attribute("aria-valuenow")
        if moved is None or abs(wanted - float(moved)) >= abs(gap):
            raise ActionFailed(f"The slider stays at {moved}; it cannot reach {value}.")
    raise ActionFailed(f"The slider does not reach {value}.")
