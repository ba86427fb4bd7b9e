"""Tests for getting in: logging in, refused log-ins, signing up."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from assay.atlas.fields import is_field, label_of, meaning
from assay.atlas.focus import Spot, Wanted, seek
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView
from assay.atlas.scout import choose_credential, link_of, same_site, user_field
from assay.atlas.words import is_logout
from assay.browser.model import ActionKind, Node
from assay.cases.goals_accounts import Account, account_of
from assay.cases.goals_workshop import (
    CannotWrite,
    Plan,
    Workshop,
    expect_message,
    expect_text,
    expect_url,
    form_of,
    fresh_controls,
    fresh_lines,
    fresh_notices,
    go,
    need_form,
    path_of,
    put,
    send,
    shown,
)
from assay.cases.model import Assertion, AssertionKind, Draft
from assay.cases.recorder import Recorder
from assay.cases.values import generate

_LOGGED_IN = r"log ?out|sign ?out|log ?off|my account|\baccount\b|profile|dashboard"
_PROTECTED_AT_MOST = 2
_WRONG_PASSWORD = "wrong-password"


async def login_spot(shop: Workshop) -> Spot:
    """Where the login form is."""
    spot = await shop.spot("login", Wanted("log in", (Purpose.LOGIN,)))
    if spot is None:
        raise CannotWrite("No login form was found on the site.")
    return spot


async def enter_login(
    rec: Recorder, user: str, secret: str, like: FormView | None = None
) -> FormView:
    """Fill the login form, a step for the name first when it has two; returns the form to send."""
    view = need_form(rec, Purpose.LOGIN, like)
    name = user_field(view)
    if name is not None and user:
        known = user.removeprefix("{{config:").removesuffix(".username}}")
        said = f"Enter the user name of “{known}” into “{label_of(name)}”"
        await put(rec, name, user, said if known != user else "")
        view = need_form(rec, Purpose.LOGIN, like)
    if view.first("password") is None:
        await send(rec, view)
        view = need_form(rec, Purpose.LOGIN)
    field = view.first("password")
    if field is not None and secret:
        shown = label_of(field)
        config = "{{config:" in secret
        text = f"Enter the password into “{shown}”" if config else ""
        await rec.act(ActionKind.TYPE, field.ref, value=secret, text=text, secret=config)
        view = need_form(rec, Purpose.LOGIN, like)
    return view


async def log_in(rec: Recorder, account: Account, like: FormView | None = None) -> bool:
    """Log in on the page that shows the form; whether the form went away."""
    view = await enter_login(rec, account.user, account.secret, like)
    await send(rec, view)
    return form_of(rec.observation, Purpose.LOGIN) is None


async def enter_area(shop: Workshop, rec: Recorder, spot: Spot, text: str = "") -> None:
    """Open a spot, logging in first when the site asks for it."""
    await go(rec, spot, text)
    if form_of(rec.observation, Purpose.LOGIN) is not None:
        account = account_of(shop, rec.observation.text)
        if account is None or not await log_in(rec, account):
            raise CannotWrite("The site asks to log in, and there are no credentials that work.")
        if path_of(rec.observation.url) != path_of(spot.url):
            await go(rec, spot, text)


async def find_spot(shop: Workshop, name: str, wanted: Wanted, *, hops: int = 6) -> Spot | None:
    """Look for something; when visitors do not see it, look again logged in."""
    spot = await shop.spot(name, wanted, hops=hops)
    if spot is not None or not shop.target.credentials:
        return spot
    inside = f"{name} inside"
    if inside not in shop.spots:
        shop.spots[inside] = await _behind_login(shop, name, wanted)
    return shop.spots[inside]


async def _behind_login(shop: Workshop, name: str, wanted: Wanted) -> Spot | None:
    from_here = await shop.spot("login", Wanted("log in", (Purpose.LOGIN,)))
    credential = choose_credential(shop.target, shop.request)
    if from_here is None or credential is None:
        return None
    async with shop.scout() as scout:
        await scout.goto(from_here.url)
        if not await scout.login(credential):
            return None
        shop.found(name, await seek(scout, wanted, hops=6), scout.observation)
    return shop.spots[name]


def login_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of logging in, what works first."""

    async def positive() -> Draft | None:
        return await _positive(shop)

    async def wrong() -> Draft | None:
        return await _refused(shop, "login-wrong-password")

    async def unknown() -> Draft | None:
        return await _refused(shop, "login-unknown-user")

    async def no_password() -> Draft | None:
        return await _incomplete(shop, "login-empty-password")

    async def empty() -> Draft | None:
        return await _incomplete(shop, "login-empty")

    async def protected() -> Draft | None:
        return await _protected(shop)

    return (
        Plan("login-positive", "Log in with valid credentials", positive),
        Plan(
            "login-wrong-password",
            "Refuse a wrong password",
            wrong,
            True,
            "wrong bad invalid incorrect password",
        ),
        Plan(
            "login-empty",
            "Refuse an empty login form",
            empty,
            True,
            "empty blank missing without required fields email username",
        ),
        Plan(
            "login-return",
            "Return to the protected page after logging in",
            protected,
            False,
            "redirect return protected",
        ),
        Plan(
            "login-empty-password",
            "Refuse a log-in without a password",
            no_password,
            True,
            "empty blank missing without password",
        ),
        Plan(
            "login-unknown-user",
            "Refuse an unknown user",
            unknown,
            True,
            "unknown unregistered nonexistent wrong invalid user username email",
        ),
    )


async def _positive(shop: Workshop) -> Draft | None:
    spot = await login_spot(shop)
    account = account_of(shop, shop.facts.get("login text", ""))
    if account is None:
        shop.notes.append(
            "No credentials are configured and the page shows none: tell me a user and a "
            "password (“log in with user … and password …”) and I will test a good log-in too."
        )
        return None
    async with shop.recorder("login-positive") as rec:
        await go(rec, spot, "Open the login page")
        view = await enter_login(rec, account.user, account.secret, spot.form)
        before = rec.observation
        await send(rec, view)
        if form_of(rec.observation, Purpose.LOGIN) is not None and fresh_notices(rec.moments[-1]):
            said = fresh_notices(rec.moments[-1])[0]
            raise CannotWrite(
                f"The site refused to log in with “{account.name}”: it says “{said[:120]}”."
            )
        expected = await _expect_inside(rec, path_of(before.url))
        if not expected:
            raise CannotWrite(f"Logging in with “{account.name}” changed nothing that was seen.")
        shop.facts["after login"] = path_of(rec.observation.url)
        _remember_protected(shop, rec)
        return rec.draft(
            "login-positive",
            "Log in with valid credentials",
            "A user with valid credentials can log in.",
            "; ".join(expected),
            notes=("The account is one that the page itself shows.",) if account.shown else (),
        )


async def _expect_inside(rec: Recorder, form_path: str, doing: str = "logging in") -> list[str]:
    moment = rec.moments[-1]
    expected: list[str] = []
    if path_of(rec.observation.url) != form_path and await expect_url(
        rec, f"The page after {doing} is {path_of(rec.observation.url).partition('?')[0]}"
    ):
        expected.append(f"the user arrives at {path_of(rec.observation.url).partition('?')[0]}")
    controls = fresh_controls(moment, _LOGGED_IN)
    controls.sort(key=lambda node: not is_logout(node.name))
    for node in controls[:2]:
        check = await rec.expect(
            Assertion(AssertionKind.VISIBLE), f"“{node.name}” is offered", target_ref=node.ref
        )
        if check.ok:
            expected.append(f"“{node.name}” is offered")
            break
    for line in fresh_notices(moment)[:1]:
        said = impersonal(line.strip(" ×✕"))
        if len(said) < 160 and await expect_text(rec, said):
            expected.append(f"“{said}” is shown")
    if len(expected) < 2:
        greeting = [
            line for line in fresh_lines(moment) if re.search(r"welcome|hello|\bhi\b", line, re.I)
        ]
        if greeting and await expect_text(rec, impersonal(greeting[0])[:100]):
            expected.append(f"“{impersonal(greeting[0])}” is shown")
    return expected


def impersonal(greeting: str) -> str:
    """A greeting without the name, which another test may change."""
    found = re.match(r"(?:welcome(?: back)?|hello|good \w+)(?=[,! ])", greeting, re.IGNORECASE)
    return found.group() if found else greeting


def _remember_protected(shop: Workshop, rec: Recorder) -> None:
    """Keep links that only logged-in users see, for the test of returning after logging in."""
    moment = rec.moments[-1]
    old = {urljoin(moment.before.url, node.href) for node in moment.before.nodes if node.href}
    home = path_of(rec.observation.url).split("/")[1]
    found: list[str] = []
    for node in rec.observation.nodes:
        url = link_of(node, rec.observation.url) if node.role == "link" else ""
        if not url or url in old or is_logout(label_of(node)) or is_logout(url):
            continue
        if same_site(url, shop.target) and url != rec.observation.url:
            found.append(path_of(url))
    found.sort(key=lambda path: path.split("/")[1] != home)
    shop.facts["protected"] = "\n".join(dict.fromkeys(found[:_PROTECTED_AT_MOST]))


async def _refused(shop: Workshop, key: str) -> Draft | None:
    spot = await login_spot(shop)
    account = account_of(shop, shop.facts.get("login text", ""))
    wrong_user = key == "login-unknown-user"
    async with shop.recorder(key) as rec:
        await go(rec, spot, "Open the login page")
        name = user_field(need_form(rec, Purpose.LOGIN, spot.form))
        stranger = (
            "{{email}}" if name is not None and meaning(name) == "email" else "user{{unique}}"
        )
        user = stranger if wrong_user or account is None else account.user
        view = await enter_login(rec, user, _WRONG_PASSWORD, spot.form)
        before = rec.observation
        await send(rec, view)
        if form_of(rec.observation, Purpose.LOGIN) is None:
            raise CannotWrite("The login form went away although the password was wrong.")
        message = await expect_message(rec)
        if not message:
            raise CannotWrite("The site showed no message for a refused log-in.")
        await _expect_form_stays(rec, path_of(before.url))
        await _expect_name_kept(rec, user)
        who = "an unknown user" if wrong_user else "a wrong password"
        return rec.draft(
            key,
            "Refuse an unknown user" if wrong_user else "Refuse a wrong password",
            f"Logging in with {who} is refused with a message.",
            f"{shown(message)} and the login form stays",
        )


async def _expect_form_stays(rec: Recorder, path: str) -> None:
    view = form_of(rec.observation, Purpose.LOGIN)
    if view is None:
        return
    secret = view.first("password")
    if secret is not None:
        await rec.expect(
            Assertion(AssertionKind.VISIBLE), "The login form is still shown", target_ref=secret.ref
        )


async def _expect_name_kept(rec: Recorder, template: str) -> None:
    view = form_of(rec.observation, Purpose.LOGIN)
    name = user_field(view) if view is not None else None
    if name is not None and name.value and name.value == rec.values.render(template):
        await rec.expect(
            Assertion(AssertionKind.VALUE, template),
            f"“{label_of(name)}” keeps its value",
            target_ref=name.ref,
        )


async def _incomplete(shop: Workshop, key: str) -> Draft | None:
    spot = await login_spot(shop)
    account = account_of(shop, shop.facts.get("login text", ""))
    without_password = key == "login-empty-password"
    async with shop.recorder(key) as rec:
        await go(rec, spot, "Open the login page")
        view = need_form(rec, Purpose.LOGIN, spot.form)
        if without_password:
            user = account.user if account is not None else "user{{unique}}"
            view = await enter_login(rec, user, "", spot.form)
        before = rec.observation
        what = "without a password" if without_password else "with nothing filled in"
        await send(rec, view)
        message = await expect_message(rec)
        path = path_of(before.url)
        await _expect_form_stays(rec, path)
        if not message:
            await expect_url(rec, f"The page is still {path.partition('?')[0]}")
        said = f"{shown(message)} and the" if message else "The"
        return rec.draft(
            key,
            "Refuse a log-in without a password"
            if without_password
            else "Refuse an empty login form",
            f"Sending the login form {what} is refused.",
            f"{said} login form stays",
        )


async def _protected(shop: Workshop) -> Draft | None:
    """Open a page that needs an account, log in there, and come back to that page."""
    spot = await login_spot(shop)
    account = account_of(shop, shop.facts.get("login text", ""))
    paths = shop.facts.get("protected", "").splitlines()
    if account is None:
        return None
    for path in paths:
        draft = await _return_to(shop, spot, account, path)
        if draft is not None:
            return draft
    return None


async def _return_to(shop: Workshop, spot: Spot, account: Account, path: str) -> Draft | None:
    async with shop.recorder("login-return") as rec:
        await rec.open(path, f"Open {path} without being logged in")
        if form_of(rec.observation, Purpose.LOGIN) is None:
            return None
        await expect_url(rec, "The login page is shown instead")
        view = await enter_login(rec, account.user, account.secret, spot.form)
        await send(rec, view)
        if path_of(rec.observation.url) != path:
            return None
        await expect_url(rec, f"The page after logging in is {path}")
        return rec.draft(
            "login-return",
            "Return to the protected page after logging in",
            f"Who opens {path} without being logged in gets there after logging in.",
            f"the login page is shown; after logging in the page is {path}",
        )


def signup_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of making an account."""

    async def positive() -> Draft | None:
        return await _sign_up(shop, "signup-positive")

    async def mismatch() -> Draft | None:
        return await _sign_up(shop, "signup-mismatch")

    async def invalid() -> Draft | None:
        return await _sign_up(shop, "signup-empty")

    return (
        Plan("signup-positive", "Sign up with a new account", positive),
        Plan(
            "signup-mismatch",
            "Refuse two different passwords",
            mismatch,
            True,
            "different mismatch passwords",
        ),
        Plan("signup-empty", "Refuse an empty sign-up form", invalid, True, "empty blank missing"),
    )


async def _sign_up(shop: Workshop, key: str) -> Draft | None:
    spot = await shop.spot("sign-up", Wanted("sign up", (Purpose.SIGN_UP,)))
    if spot is None:
        raise CannotWrite("No sign-up form was found on the site.")
    async with shop.recorder(key) as rec:
        await go(rec, spot, "Open the sign-up page")
        view = need_form(rec, Purpose.SIGN_UP, spot.form)
        second = [node for node in view.fields if node.input_type == "password"]
        if key == "signup-mismatch" and len(second) < 2:
            return None
        if key != "signup-empty":
            await _fill_sign_up(rec, spot.form, differ=key == "signup-mismatch")
        view = need_form(rec, Purpose.SIGN_UP, spot.form)
        before = rec.observation
        await send(rec, view)
        return await _judge_sign_up(rec, key, path_of(before.url))


async def _judge_sign_up(rec: Recorder, key: str, form_path: str) -> Draft | None:
    stays = form_of(rec.observation, Purpose.SIGN_UP) is not None
    if key == "signup-positive":
        if stays:
            said = next(iter(fresh_notices(rec.moments[-1])), "nothing")
            raise CannotWrite(f"The site refused the new account: it says “{said[:120]}”.")
        expected = await _expect_inside(rec, form_path, "signing up")
        if not expected:
            raise CannotWrite("Signing up changed nothing that was seen.")
        return rec.draft(
            key, "Sign up with a new account", "A visitor can make an account.", "; ".join(expected)
        )
    message = await expect_message(rec)
    if not message or not stays:
        raise CannotWrite("The site showed no message for a wrong sign-up.")
    name = (
        "Refuse two different passwords"
        if key == "signup-mismatch"
        else "Refuse an empty sign-up form"
    )
    return rec.draft(key, name, "A wrong sign-up is refused with a message.", shown(message))


async def _fill_sign_up(rec: Recorder, like: FormView | None, *, differ: bool) -> None:
    view = need_form(rec, Purpose.SIGN_UP, like)
    secret = "Reg-{{unique}}-Pw7"
    passwords = 0
    for position in range(len(view.fields)):
        view = need_form(rec, Purpose.SIGN_UP, like)
        if position >= len(view.fields):
            break
        node = view.fields[position]
        kind = meaning(node)
        if node.input_type == "password":
            passwords += 1
            value = secret + "-different" if differ and passwords > 1 else secret
            await rec.act(ActionKind.TYPE, node.ref, value=value)
        elif _worth_filling(node, kind):
            await put(rec, node, generate(node, Purpose.SIGN_UP.value, "signup"))


def _worth_filling(node: Node, kind: str) -> bool:
    if not is_field(node) or node.states & {"readonly", "disabled", "checked"}:
        return False
    if node.role in {"checkbox", "switch", "radio"}:
        return kind == "terms" or "required" in node.states
    return not node.value or node.tag != "select"
