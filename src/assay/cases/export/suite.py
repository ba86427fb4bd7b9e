"""A folder of exported tests that runs by itself: tests, helpers, configuration, files, README."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assay.cases.export import python, typescript
from assay.cases.export.helping import helpers, part_names, template
from assay.cases.export.syntax import Files, functions, variables
from assay.cases.export.writing import SigningIn, Written, shared, written
from assay.cases.model import CaseStatus, TestCase

# What the exported code was tried with.
_PYTEST = "pytest>=8\npytest-playwright>=0.7\n"
_NODE = {"@playwright/test": "^1.50.0"}


class Format(StrEnum):
    """What tests can be exported to."""

    PYTEST = "pytest"
    PLAYWRIGHT = "playwright"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the exported tests run unless they are told otherwise, and on which screen.

    ``secrets`` are values that may not be written, with the environment variables to read instead.
    """

    name: str
    url: str
    width: int = 1280
    height: int = 720
    ignore_https_errors: bool = False
    http_credentials: bool = False
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def export(
    cases: Sequence[TestCase],
    setting: Setting,
    style: Format,
    conceal: Callable[[str], str] = str,
) -> dict[str, bytes]:
    """The files of the folder, by their path in it.

    ``conceal`` takes secrets out of prose (goals, expected results, comments); values that steps
    enter are read from environment variables and are never in a file.
    """
    uploads = Files()
    signing, tests = shared([written(case, setting.secrets, uploads) for case in cases])
    files = _FORMATS[style](signing, tests, setting, conceal)
    made = {path: text.encode() for path, text in files.items()}
    made |= {f"files/{name}": content for name, content in uploads.content.items()}
    return dict(sorted(made.items()))


# -- pytest --------------------------------------------------------------------------------------


def _pytest(
    signing: Sequence[SigningIn], tests: Sequence[Written], setting: Setting, conceal: Conceal
) -> dict[str, str]:
    files = {"requirements.txt": _PYTEST, "pytest.ini": "[pytest]\npythonpath = .\n"}
    used = _used(signing, tests)
    shown = {name: python.string(setting.url) for name in ("%BASE_URL%",)}
    context = f'        "viewport": {{"width": {setting.width}, "height": {setting.height}}},\n'
    if setting.ignore_https_errors:
        context += '        "ignore_https_errors": True,\n'
    if setting.http_credentials:
        context += template("http_credentials.py")
    watches = _watches_errors(tests)
    errors = template("errors.py") if watches else ""
    imports = "from collections.abc import Iterator\n" if watches else ""
    third = "from playwright.sync_api import BrowserContext\n" if watches else ""
    values = {
        **shown,
        "%CONTEXT%": context,
        "%ERRORS%": errors,
        "%IMPORTS%": imports,
        "%THIRD%": third,
    }
    files["conftest.py"] = _filled("conftest.py", values).rstrip() + "\n"
    if text := helpers("helpers.py", used):
        files["helpers.py"] = text
    if signing:
        files["pages.py"] = _python_pages(signing)
    names = _names(tests, "_")
    for test, name in zip(tests, names, strict=True):
        files[f"test_{name}.py"] = _python_test(test, name, signing, conceal)
    listed = {f"test_{name}.py": test for test, name in zip(tests, names, strict=True)}
    files["README.md"] = _readme(listed, setting, _variables(signing, tests), Format.PYTEST)
    return files


def _python_pages(signing: Sequence[SigningIn]) -> str:
    used = set().union(*(functions(one.statements) for one in signing)) & part_names("helpers.py")
    needs_expect = any("expect" in functions(one.statements) for one in signing)
    lines = ['"""What several tests do on the site\'s pages."""', ""]
    lines += [f"from playwright.sync_api import Page{', expect' if needs_expect else ''}", ""]
    lines += [*python.imports(used), ""] if used else []
    for one in signing:
        who = one.name.removeprefix("sign_in_as_").replace("_", " ")
        lines += ["", f"def {one.name}(page: Page) -> None:", f'    """Sign in as {who}."""']
        lines += [*python.lines(one.statements), ""]
    return "\n".join(lines).rstrip() + "\n"


def _python_test(test: Written, name: str, signing: Sequence[SigningIn], conceal: Conceal) -> str:
    body = python.lines(test.statements)
    called = functions(test.statements)
    used = (called | ({"token"} if test.fresh else set())) & part_names("helpers.py")
    own = {one.name for one in signing} & called
    third = f"from playwright.sync_api import Page{', expect' if 'expect' in called else ''}"
    fails = any("pytest.fail(" in line for line in body)
    lines = [*(["import pytest"] if fails else []), third, ""]
    lines += python.imports(used)
    lines += [f"from pages import {', '.join(sorted(own))}"] if own else []
    lines += [""] if used or own else []
    lines += ["", f"def test_{name}(page: Page) -> None:"]
    lines += [*_docstring(test, conceal), *_python_fresh(test), *body]
    return conceal("\n".join(lines) + "\n")


def _docstring(test: Written, conceal: Conceal) -> list[str]:
    case = test.case
    first, pad = _sentence(case.name), " " * 4
    more = f"Expected: {case.expected_result.strip()}" if case.expected_result.strip() else ""
    if not more:
        return [f'{pad}"""{_prose(first)}"""']
    wrapped = [line[2:] for line in python.comment(_prose(more), "")]
    return [f'{pad}"""{_prose(first)}', "", *(f"{pad}{line}" for line in wrapped), f'{pad}"""']


def _python_fresh(test: Written) -> list[str]:
    if not test.fresh:
        return []
    lines = ["    unique = token()"]
    if "email" in test.fresh:
        lines.append('    email = f"qa.{unique}@example.com"')
    if "password" in test.fresh:
        lines.append('    password = f"Zq7-{token()}-Kx4"')
    return lines if test.fresh != ("password",) else lines[1:]


# -- Playwright Test -----------------------------------------------------------------------------


def _playwright(
    signing: Sequence[SigningIn], tests: Sequence[Written], setting: Setting, conceal: Conceal
) -> dict[str, str]:
    package = {"name": "exported-tests", "private": True, "devDependencies": _NODE}
    files = {"package.json": json.dumps(package, indent=2) + "\n"}
    context = f"    viewport: {{ width: {setting.width}, height: {setting.height} }},\n"
    if setting.ignore_https_errors:
        context += "    ignoreHTTPSErrors: true,\n"
    if setting.http_credentials:
        context += (
            "    httpCredentials: {\n      username: process.env.HTTP_USERNAME!,\n"
            "      password: process.env.HTTP_PASSWORD!,\n    },\n"
        )
    url = typescript.string(setting.url)
    config = _filled("playwright.config.ts", {"%BASE_URL%": url, "%CONTEXT%": context})
    files["playwright.config.ts"] = config
    source = "@playwright/test"
    if _watches_errors(tests):
        source, files["fixtures.ts"] = "./fixtures", template("fixtures.ts")
    used = {typescript.camel(name) for name in _used(signing, tests)}
    if text := helpers("helpers.ts", used):
        files["helpers.ts"] = text
        if "readLists" in text:
            files["lists.ts"] = _lists()
    if signing:
        files["pages.ts"] = _typescript_pages(signing)
    names = _names(tests, "-")
    for test, name in zip(tests, names, strict=True):
        files[f"{name}.spec.ts"] = _typescript_test(test, signing, conceal, source)
    listed = {f"{name}.spec.ts": test for test, name in zip(tests, names, strict=True)}
    files["README.md"] = _readme(listed, setting, _variables(signing, tests), Format.PLAYWRIGHT)
    return files


def _lists() -> str:
    head = (
        "// Read in the browser: the tables, lists and rows of cards of a place.\n// @ts-nocheck\n"
    )
    return f"{head}export const readLists = {template('lists.js').strip()};\n"


def _typescript_pages(signing: Sequence[SigningIn]) -> str:
    parts = part_names("helpers.ts")
    called = set().union(*(functions(one.statements) for one in signing))
    used = {name for name in called if typescript.camel(name) in parts}
    lines = ["// What several tests do on the site's pages."]
    if "expect" in called:
        lines.append("import { expect } from '@playwright/test';")
    lines += ["import type { Page } from '@playwright/test';", *typescript.imports(used), ""]
    for one in signing:
        lines.append(f"export async function {typescript.camel(one.name)}(page: Page) {{")
        lines += [*typescript.lines(one.statements), "}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _typescript_test(
    test: Written, signing: Sequence[SigningIn], conceal: Conceal, source: str
) -> str:
    parts, called = part_names("helpers.ts"), functions(test.statements)
    used = {name for name in called if typescript.camel(name) in parts}
    used |= {"token"} if test.fresh else set()
    own = sorted(typescript.camel(one.name) for one in signing if one.name in called)
    known = ["expect", "test"] if "expect" in called else ["test"]
    lines = [f"import {{ {', '.join(known)} }} from '{source}';"]
    lines += typescript.imports(used)
    lines += [f"import {{ {', '.join(own)} }} from './pages';"] if own else []
    lines.append("")
    if test.case.expected_result.strip():
        lines += typescript.comment(f"Expected: {_prose(test.case.expected_result)}", "")
    lines.append(f"test({typescript.string(_prose(test.case.name))}, async ({{ page }}) => {{")
    if test.fresh:
        lines.append("  const unique = token();") if test.fresh != ("password",) else None
        lines += ["  const email = `qa.${unique}@example.com`;"] * ("email" in test.fresh)
        lines += ["  const password = `Zq7-${token()}-Kx4`;"] * ("password" in test.fresh)
    lines += [*typescript.lines(test.statements), "});"]
    return conceal("\n".join(lines) + "\n")


# -- what both have ------------------------------------------------------------------------------

Conceal = Callable[[str], str]
_Maker = Callable[[Sequence[SigningIn], Sequence[Written], Setting, Conceal], dict[str, str]]
_FORMATS: dict[Format, _Maker] = {Format.PYTEST: _pytest, Format.PLAYWRIGHT: _playwright}


def _used(signing: Sequence[SigningIn], tests: Sequence[Written]) -> set[str]:
    groups = [one.statements for one in signing] + [one.statements for one in tests]
    used: set[str] = set().union(*(functions(one) for one in groups)) if groups else set()
    return used | ({"token"} if any(test.fresh for test in tests) else set())


def _watches_errors(tests: Sequence[Written]) -> bool:
    """Whether the site threw no error of its own when the tests were recorded."""
    return not any(line.startswith("console ") for test in tests for line in test.case.baseline)


def _variables(signing: Sequence[SigningIn], tests: Sequence[Written]) -> list[str]:
    groups = [one.statements for one in signing] + [one.statements for one in tests]
    return sorted({name for one in groups for name in variables(one)})


def _names(tests: Sequence[Written], dash: str) -> list[str]:
    """A file name for each test, made of its name; the same name twice gets a number."""
    found: list[str] = []
    for test in tests:
        base = re.sub(r"[^a-z0-9]+", dash, test.case.name.lower()).strip(dash)[:60].strip(dash)
        base = base or test.case.short_id.lower().replace("-", dash).replace("_", dash)
        name, count = base, 1
        while name in found:
            count += 1
            name = f"{base}{dash}{count}"
        found.append(name)
    return found


def _filled(name: str, values: Mapping[str, str]) -> str:
    text = template(name)
    for key, value in values.items():
        text = text.replace(key, value)
    return text


def _sentence(text: str) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _prose(text: str) -> str:
    """Text of a person as it may stand in a docstring or comment."""
    line = re.sub(r"\s+", " ", text).strip()
    return line.replace("\\", "/").replace('"""', "'''").replace("*/", "* /")


def _readme(
    listed: Mapping[str, Written], setting: Setting, needed: Sequence[str], style: Format
) -> str:
    if setting.http_credentials:
        needed = [*needed, "HTTP_PASSWORD", "HTTP_USERNAME"]
    rows = [f"| `{name}` | {_prose(test.case.name)} |" for name, test in listed.items()]
    drafts = [name for name, test in listed.items() if test.case.status is CaseStatus.DRAFT]
    text = _filled(
        f"README.{style.value}.md",
        {
            "%NAME%": setting.name,
            "%URL%": setting.url,
            "%TESTS%": "\n".join(rows),
            "%NEEDED%": "\n".join(f"| `{name}` | yes |" for name in needed),
        },
    )
    if drafts:
        text += (
            "\nDrafts, which Assay could not prove: " + ", ".join(f"`{n}`" for n in drafts) + "\n"
        )
    return re.sub(r"\n{3,}", "\n\n", text)
