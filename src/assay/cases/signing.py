"""Signing in, out and up, wherever the site keeps the form for it."""

from __future__ import annotations

from collections.abc import Callable

from assay.atlas.words import is_destructive
from assay.browser.model import ActionKind, Effect, Node, Observation
from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.hands import Hands, Undone
from assay.cases.unfolding import unfold
from assay.cases.values import wrong
from assay.cases.words import canonical
from assay.projects.model import Credential

_LOGIN_WORDS = "log in sign in account login"
_SIGNING = frozenset(canonical("log in sign login"))
_SIGN_UP_WORDS = "register sign up create account"


def passwords(observation: Observation) -> list[Node]:
    """The password fields of a page."""
    return [node for node in observation.nodes if node.input_type == "password"]


def login_form(observation: Observation) -> tuple[Node | None, Node] | None:
    """The user-name field (if any) and the password field of the page's sign-in form.

    A form that asks for the password before it removes something is none.
    """
    for secret in passwords(observation):
        if _removes(observation, secret.form):
            continue
        same = [
            node
            for node in observation.nodes
            if node.form == secret.form and node.editable and node.ref != secret.ref
        ]
        if any(node.input_type == "password" for node in same):
            continue
        texts = [
            node
            for node in same
            if node.role in {"textbox", "searchbox", "combobox"} and node.input_type != "search"
        ]
        if len(texts) <= 2:
            order = [node.ref for node in observation.nodes]
            ahead = [node for node in texts if order.index(node.ref) < order.index(secret.ref)]
            return (ahead[-1] if ahead else None), secret
    return None


def _removes(observation: Observation, form: str | None) -> bool:
    names = [
        node.name or node.text
        for node in observation.nodes
        if form is not None and node.form == form and node.role == "button"
    ]
    return any(map(is_destructive, names)) and not any(
        set(canonical(name)) & _SIGNING for name in names
    )


def sign_up_form(observation: Observation) -> list[Node] | None:
    """The fields of a sign-up form: the ones around two password fields, or around one with more
    than two others."""
    for secret in passwords(observation):
        fields = [node for node in observation.nodes if node.form == secret.form and node.editable]
        secrets = [node for node in fields if node.input_type == "password"]
        if len(secrets) >= 2 or len(fields) > 3:
            return fields
    return None


def pick(credentials: tuple[Credential, ...], who: str) -> Credential | None:
    """The credential that a user name or role means: by name, by user name, else the first."""
    usable = [item for item in credentials if item.kind == "usernamePassword"]
    wanted = who.strip().lower()
    for item in usable:
        if wanted and wanted in {item.name.lower(), item.username.lower()}:
            return item
    for item in usable:
        names = f"{item.name} {item.username}".lower().replace("@", " ").replace(".", " ").split()
        if wanted and any(word in names for word in wanted.split()):
            return item
    return usable[0] if usable else None


async def log_in(
    hands: Hands, who: str = "", fields: tuple[FieldValue, ...] = ()
) -> tuple[Effect, Credential | None]:
    """Sign in as somebody, or try to with what the fields say.

    Raises Undone when there is no sign-in form or no credentials to use.
    """
    await reach_login(hands)
    form = login_form(hands.page)
    assert form is not None
    user, secret = form
    credential = pick(hands.recorder.target.credentials, who)
    plans = {item.field.text.lower(): item for item in fields}
    user_plan = _plan(plans, ("user", "name", "email", "login"))
    secret_plan = _plan(plans, ("pass",))
    user_value = _user_value(credential, user_plan, who)
    secret_value = _secret_value(credential, secret_plan, secret)
    if user is not None and user_value is not None:
        await hands.do(ActionKind.TYPE, user.ref, value=user_value)
    form = login_form(hands.page)
    if secret_value is not None and form is not None:
        await hands.do(ActionKind.TYPE, form[1].ref, value=secret_value)
    return await hands.submit("log in sign in login"), credential


async def reach_login(hands: Hands) -> None:
    """Go to the page with the sign-in form. Raises Undone when the site has none."""
    await _reach(hands, login_form, _LOGIN_WORDS, "sign-in")


def _plan(plans: dict[str, FieldValue], words: tuple[str, ...]) -> FieldValue | None:
    return next((plan for name, plan in plans.items() if any(w in name for w in words)), None)


def _user_value(credential: Credential | None, plan: FieldValue | None, who: str) -> str | None:
    if plan is not None and plan.relation in {Relation.BLANK}:
        return None
    if plan is not None and plan.value is not None:
        return plan.value
    if plan is not None and plan.relation in {Relation.WRONG, Relation.INVALID, Relation.NEW}:
        return "nobody-{{unique}}"
    if credential is not None:
        return f"{{{{config:{credential.name}.username}}}}"
    if who:
        return who
    raise Undone(
        "I need credentials to sign in: none are stored for this application. "
        "Tell me “log in with user NAME and password PASSWORD”."
    )


def _secret_value(credential: Credential | None, plan: FieldValue | None, node: Node) -> str | None:
    if plan is not None and plan.relation is Relation.BLANK:
        return None
    if plan is not None and plan.value is not None:
        return plan.value
    if plan is not None and plan.relation in {Relation.WRONG, Relation.INVALID}:
        return wrong(node)
    if credential is None:
        return "some-Passw0rd-{{unique}}"
    return f"{{{{config:{credential.name}.password}}}}"


async def log_out(hands: Hands) -> Effect:
    """Press the site's log-out control, opening the account menu when it hides there."""
    phrase = Phrase("log out", raw="log out")
    found = await hands.find(phrase, Verb.LOG_OUT, destructive=True)
    if found.choice is None:
        names = [one.username for one in hands.recorder.target.credentials]
        hints = ("account", "profile", "user", "menu", *names)
        found = await unfold(hands, phrase, Verb.LOG_OUT, destructive=True, hints=hints) or found
    if found.choice is None:
        for word in ("account", "profile", "user menu"):
            menu = await hands.find(Phrase(word, raw=word))
            if menu.choice is not None:
                await hands.do(ActionKind.CLICK, menu.choice.ref)
                found = await hands.find(phrase, Verb.LOG_OUT, destructive=True)
                if found.choice is not None:
                    break
    if found.choice is None:
        raise Undone("I found nothing to log out with.")
    return await hands.do(ActionKind.CLICK, found.choice.ref)


async def reach_sign_up(hands: Hands) -> None:
    """Go to the page with the sign-up form. Raises Undone when the site has none."""
    await _reach(hands, sign_up_form, _SIGN_UP_WORDS, "sign-up")


async def _reach(
    hands: Hands, form_of: Callable[[Observation], object], words: str, called: str
) -> None:
    if form_of(hands.page) is not None:
        return

    def wanted(observation: Observation) -> float:
        return 1.0 if form_of(observation) is not None else 0.0

    if not await hands.travel(wanted, words):
        raise Undone(f"I found no {called} form on this site.")


def is_wrong_login(clause: Clause) -> bool:
    """Whether a clause is about signing in with something that must be refused."""
    return any(
        "pass" in item.field.text.lower() and item.relation in {Relation.WRONG, Relation.INVALID}
        for item in clause.fields
    )
