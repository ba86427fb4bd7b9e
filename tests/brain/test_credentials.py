"""Secrets leave a message before anybody stores it; test data that is said to be wrong stays."""

from __future__ import annotations

import pytest

from assay.brain.credentials import CredentialKind, extract, with_templates

FOUND: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("Create tests for checkout. Log in with user x and password y",
     "Create tests for checkout. Log in with config “x”", [("x", "y", "x")]),
    ("log in with user bob and password swordfish, then run them",
     "log in with config “bob”, then run them", [("bob", "swordfish", "bob")]),
    ("username: x, password: y-Secret1", "Credentials: config “x”", [("x", "y-Secret1", "x")]),
    ("Use credentials alice / S3cret!pw for the tests", "Use config “alice” for the tests",
     [("alice", "S3cret!pw", "alice")]),
    ("use admin/admin-Pass1", "use config “admin”", [("admin", "admin-Pass1", "admin")]),
    ("log in as admin/admin", "log in as config “admin”", [("admin", "admin", "admin")]),
    ("Steps: Open /admin/, enter admin / admin-Pass1, submit. Expected: greets admin",
     "Steps: Open /admin/, enter config “admin”, submit. Expected: greets admin",
     [("admin", "admin-Pass1", "admin")]),
    ("sign in as buyer@example.com / buyer-Pass1 and check the cart",
     "sign in as config “buyer@example.com” and check the cart",
     [("buyer@example.com", "buyer-Pass1", "buyer@example.com")]),
    ("log in as buyer@example.com with buyer-Pass1", "log in as config “buyer@example.com”",
     [("buyer@example.com", "buyer-Pass1", "buyer@example.com")]),
    ("Test case: Login\nUsername: standard_user\nPassword: secret_sauce\n1. Open /login",
     "Test case: Login\nPreconditions: credentials config “standard_user”\n1. Open /login",
     [("standard_user", "secret_sauce", "standard_user")]),
    ('2. Enter "standard_user" in the user name field\n3. Enter "secret_sauce" in the password box',
     ('2. Enter "standard_user" in the user name field\n'
      "3. Enter the password of config “standard_user” in the password box"),
     [("standard_user", "secret_sauce", "standard_user")]),
    ("the user name is \"jane\" and the password is \"p w d 1\"", "config “jane”",
     [("jane", "p w d 1", "jane")]),
    ("login with email jane@x.io and password hunter2.", "login with config “jane@x.io”.",
     [("jane@x.io", "hunter2", "jane@x.io")]),
    ("Please test login (user: demo, password: demo123) on http://localhost:3000",
     "Please test login (config “demo”) on http://localhost:3000", [("demo", "demo123", "demo")]),
    ("user admin (password admin-Pass1)", "config “admin”", [("admin", "admin-Pass1", "admin")]),
    ("the password for admin is Tr0ub4dor", "config “admin”", [("admin", "Tr0ub4dor", "admin")]),
    ("wrong password error, and log in with user x and password REALSECRET",
     "wrong password error, and log in with config “x”", [("x", "REALSECRET", "x")]),
    ("Log in with known@x.io / Abc12345", "Log in with config “the known one”",
     [("known@x.io", "Abc12345", "the known one")]),
    ("Log in as admin with password nope", "Log in as config “admin”",
     [("admin", "nope", "admin")]),
    ("Register, password Passw0rd!x and repeat Passw0rd!x",
     ("Register, password the password of config “account” and repeat the password of config "
      "“account”"), [("", "Passw0rd!x", "account")]),
]  # fmt: skip

PLAIN = [
    "Log in as admin with a wrong password",
    "Log in as admin with wrong password nope",
    "invalid credentials foo@bar.io / foo12345",
    "Users > Add, fill name and the same password twice, Save; search for it",
    "Add user with two different passwords",
    "Create tests for the password reset page and the login form",
    "Test that the password field is required and the user list shows",
    "Enter 10/12/2024 as the date and choose yes/no",
    "Use HTTP/1.1 with text/html and km/h 50/60",
    "Create a login test. Password must be at least 8 characters.",
    "Sign in, check the password policy, then reset password link works",
    "Add Game item 1 (22.00), set quantity 3, Update. Expected: Total 66.00",
    "Open /polls/, press Next. Expected: 5 polls a page",
    "Log in as clerk; open question 1 in admin",
    "Form error: the passwords didn't match; no user made",
    "Create tests for login and checkout on http://127.0.0.1:8000/a?user=b",
    "Log in with config “x”; enter the password of config “x”; Credentials: config “x y”",
]


@pytest.mark.parametrize(("text", "clean", "wanted"), FOUND)
def test_credentials_are_taken_out(
    text: str, clean: str, wanted: list[tuple[str, str, str]]
) -> None:
    left, found = extract(text, {"known@x.io": "the known one"})
    assert left == clean
    assert [(one.username, one.password, one.name) for one in found] == wanted


@pytest.mark.parametrize(("text", "clean", "wanted"), FOUND)
def test_extracting_again_changes_nothing(
    text: str, clean: str, wanted: list[tuple[str, str, str]]
) -> None:
    assert extract(clean) == (clean, ())


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert extract(text) == (text, ())


def test_a_secret_is_not_in_the_repr() -> None:
    _, (found,) = extract("user bob, password swordfish9")
    assert "swordfish9" not in repr(found)


def test_http_authentication_in_an_address_becomes_a_config() -> None:
    text, (found,) = extract("Test on https://user:pa55word@host.example/app please")
    assert found.kind is CredentialKind.HTTP_BASIC
    assert (found.username, found.password) == ("user", "pa55word")
    assert "https://host.example/app" in text
    assert "config “user”" in text
    assert "pa55word" not in text


@pytest.mark.parametrize(
    "text",
    [
        "API token: abcd1234efgh5678",
        "use the API key abcd1234efgh5678 please",
        "The bearer token is abcd1234efgh5678.",
    ],
)
def test_tokens_that_are_called_so_are_taken_out(text: str) -> None:
    left, (found,) = extract(text)
    assert found.kind is CredentialKind.TOKEN
    assert found.password == "abcd1234efgh5678"
    assert "abcd1234" not in left


def test_a_wrong_password_does_not_take_the_place_of_the_stored_one() -> None:
    text = 'Create a test "login-wrong-password". Steps: log in as admin with password nope'
    _, (found,) = extract(text, {"admin": "admin"})
    assert not found.existing
    assert found.name == "admin wrong"


def test_two_users_are_two_configs() -> None:
    text, found = extract("Log in as ann / ann-Pass1, then log in as bob / bob-Pass1")
    assert [one.name for one in found] == ["ann", "bob"]
    assert text == "Log in as config “ann”, then log in as config “bob”"


@pytest.mark.parametrize("where", [
    '{"username": "x1", "password": "SECRET77x"}',
    "**Username:** bob\n**Password:** SECRET77x",
    "credentials (admin, SECRET77x)",
    "my username is jdoe\nmy password is SECRET77x",
    "1. Enter username: tom\n2. Enter password: SECRET77x\n3. Login",
    "type 'SECRET77x' into the password field",
    "fill the password field with \"SECRET77x\"",
    "admin:SECRET77x as login",
    "pwd=SECRET77x",
    "credentials are bob and SECRET77x"])  # fmt: skip
def test_no_usual_form_leaves_the_secret_behind(where: str) -> None:
    left, found = extract(where)
    assert "SECRET77x" not in left
    assert any(one.password == "SECRET77x" for one in found)


def test_cleaned_text_becomes_step_templates_again() -> None:
    text = "Enter config “a b”, then the password of config “x” and the token of config “t”"
    assert with_templates(text) == (
        "Enter {{config:a b.username}} / {{config:a b.password}}, then {{config:x.password}} and "
        "{{config:t.token}}"
    )
    assert with_templates("nothing here") == "nothing here"
