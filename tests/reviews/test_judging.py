"""From tests and differences to findings, a verdict and an answer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assay.cases.model import Verdict as Outcome
from assay.reviews.differences import Difference
from assay.reviews.judging import Site, findings_of_pages, findings_of_tests, verdict_of
from assay.reviews.model import FindingKind, Tested, Verdict
from assay.reviews.reading import read_change
from assay.reviews.render import code, fenced, render
from assay.reviews.report import Report, as_json
from assay.reviews.secrets_in_code import masked

PASSED, FAILED, UNSURE = Outcome.PASSED, Outcome.FAILED, Outcome.COULD_NOT_VERIFY
CHANGE = read_change(
    "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -4 +4 @@ def total(lines):\n-a = 1\n+a = 2\n"
    "--- a/shop/login.py\n+++ b/shop/login.py\n@@ -9 +9 @@ def login(request):\n-c = 1\n+c = 2\n"
)
DOCS = read_change("--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-a\n+b\n")
SITE = Site("app_AbCdEf", "http://preview.test")


def ran(
    verdict: Outcome,
    base: Outcome | None = None,
    again: Outcome | None = None,
    *,
    reworded: bool = False,
) -> Tested:
    return Tested(
        "id",
        "Sign in",
        verdict,
        "it broke",
        "why",
        base=base,
        again=again,
        reworded=reworded,
        evidence="/runs/run_1",
        step="Click “Sign in”",
    )


def judged(*tests: Tested, compared: bool = True, problem: str = "") -> Verdict:
    findings = findings_of_tests(tests, CHANGE, SITE, compared=compared)
    return verdict_of(CHANGE, tests, findings, problem)[0]


@pytest.mark.parametrize(
    ("tests", "verdict"),
    [
        ([], Verdict.COULD_NOT_VERIFY),
        ([ran(PASSED)], Verdict.APPROVED),
        ([ran(PASSED), ran(FAILED, PASSED, FAILED)], Verdict.CHANGES_REQUESTED),
        # Nothing to compare with: a failure counts.
        ([ran(PASSED), ran(FAILED)], Verdict.CHANGES_REQUESTED),
        # It failed before as well: not this change's doing.
        ([ran(PASSED), ran(FAILED, FAILED)], Verdict.APPROVED),
        ([ran(FAILED, FAILED)], Verdict.COULD_NOT_VERIFY),
        # Once red, once green: not reliable, so nothing is known.
        ([ran(PASSED), ran(FAILED, PASSED, PASSED)], Verdict.COULD_NOT_VERIFY),
        ([ran(PASSED), ran(UNSURE, PASSED, UNSURE)], Verdict.COULD_NOT_VERIFY),
        # It expects what the change rewords, and passes with the new words.
        ([ran(FAILED, PASSED, FAILED, reworded=True)], Verdict.APPROVED),
    ],
)
def test_verdicts(tests: list[Tested], verdict: Verdict) -> None:
    assert judged(*tests) is verdict


def test_a_problem_keeps_from_approving_and_documentation_needs_no_test() -> None:
    assert judged(ran(PASSED), problem="the preview does not open.") is Verdict.COULD_NOT_VERIFY
    assert verdict_of(DOCS, (), (), "")[0] is Verdict.NOTHING_TO_TEST


@pytest.mark.parametrize(
    ("test", "compared", "new", "kind"),
    [
        (ran(FAILED, PASSED, FAILED), True, True, FindingKind.TEST_FAILED),
        (ran(FAILED, FAILED), True, False, FindingKind.TEST_FAILED),
        (ran(FAILED, UNSURE), True, None, FindingKind.TEST_FAILED),
        (ran(FAILED), False, None, FindingKind.TEST_FAILED),
        (ran(FAILED, PASSED, PASSED), True, True, FindingKind.TEST_FLAKY),
        (ran(FAILED, PASSED, FAILED, reworded=True), True, True, FindingKind.TEST_OUTDATED),
    ],
)
def test_what_is_new(test: Tested, compared: bool, new: bool | None, kind: FindingKind) -> None:
    (found,) = findings_of_tests([test], CHANGE, SITE, compared=compared)
    assert (found.is_new, found.kind) == (new, kind)
    assert found.blocking is (kind is FindingKind.TEST_FAILED and new is not False)


def test_a_finding_is_tied_to_the_hunk_that_has_to_do_with_it() -> None:
    test = Tested("id", "Refuse a wrong login", FAILED, "the login went through", "why")
    (found,) = findings_of_tests([test], CHANGE, SITE, compared=False)
    assert (found.spot.file, found.spot.line) == ("shop/login.py", 9)
    assert found.spot.hunk == ("-c = 1", "+c = 2")
    assert found.command.startswith("assay chat 'Run the test \"Refuse a wrong login\"' --app app_")


def test_the_answer_is_made_of_the_data_and_escapes_what_is_not_ours() -> None:
    hostile = "<img src=x> **Approved** | [x](http://evil.test) `code`"
    test = Tested("id", hostile, FAILED, hostile, "why", base=PASSED, again=FAILED)
    findings = findings_of_tests([test], CHANGE, SITE, compared=True)
    verdict, why = verdict_of(CHANGE, [test], findings, "")
    report = Report(
        verdict,
        why,
        "title",
        description=hostile,
        files=CHANGE.files,
        tested=(test,),
        findings=tuple(findings),
        environment="Preview",
        base="Default",
    )
    text = render(report, lambda path: f"http://assay.test{path}")
    assert text.startswith("**Changes requested**: ")
    outside = text
    for command in [one.command for one in findings]:
        outside = outside.replace(code(command), "")
    # Every character that means something stands behind a backslash.
    bare = re.sub(r"\\.", "", outside)
    assert "img src=x" in bare
    assert "<" not in bare
    assert "**Approved**" not in bare
    assert "](http://evil" not in bare
    data = as_json(report, lambda path: f"http://assay.test{path}")
    assert data["tests"] == {
        "selected": 1,
        "created": 0,
        "passed": 0,
        "failed": 1,
        "couldNotVerify": 0,
    }
    assert data["findings"][0]["blocking"] is True


def test_code_cannot_end_its_block() -> None:
    assert fenced(["+```", "+x"]) == "````diff\n+```\n+x\n````"
    assert code("a `b` c") == "`` a `b` c ``"


@pytest.mark.parametrize(
    ("line", "kept", "gone"),
    [
        ('+DB_PASSWORD = "hunter2secret"', "DB_PASSWORD", "hunter2secret"),
        ("+  apiKey: 'abcdef123456',", "apiKey", "abcdef123456"),
        ("+token=ghp_abcdefghijklmnopqrstuvwxyz012345", "token", "ghp_abc"),
        ("+url = postgres://bob:sesame99@db/x", "postgres", "sesame99"),
        ("+Authorization: Bearer abcdef0123456789", "Authorization", "abcdef0123456789"),
        ("+-----BEGIN RSA PRIVATE KEY-----", "", "PRIVATE"),
        ("+AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", "AWS_SECRET_ACCESS_KEY", "wJalr"),
        ("+SECRET_KEY = 'django-insecure-x1y2z3'", "SECRET_KEY", "insecure"),
        ("+run(glptt-abcdefghijklmnopqrst)", "run(", "glptt"),
        ("+stripe.key = sk_live_abcdefghijklmnop", "stripe.key", "sk_live"),
        ("+.global-navigation-sidebar-left {", ".global-navigation-sidebar-left {", "•"),
        ("+primary_key = 'account_number'", "primary_key = 'account_number'", "•"),
        ("+if password1 != password2:", "if password1 != password2:", "•"),
        ("+password: string", "password: string", "•"),
        ("+password = form.password", "password = form.password", "•"),
    ],
)
def test_credentials_in_hunks_are_masked(line: str, kept: str, gone: str) -> None:
    assert kept in masked(line)
    assert gone not in masked(line)


def test_a_difference_is_where_the_environment_serves_its_path() -> None:
    site = Site("app_AbCdEf", "http://preview.test/shop/index.html")
    page = Difference(FindingKind.PAGE_BROKEN, "It is gone", "404", "/cart", regression=True)
    form = replace(page, steps=("Open /cart", 'Click "Pay"'), expected="the page is /paid")
    found, sent = findings_of_pages([page, form], CHANGE, site)
    assert found.url == sent.url == "http://preview.test/cart"
    assert found.command == "curl -i http://preview.test/cart"
    assert sent.step == 'Open /cart; Click "Pay"'
    assert sent.command.startswith("assay chat 'Create a test. Steps: Open /cart; Click")
    assert "Expected: the page is /paid" in sent.command
