"""No form of a secret survives masking, and ordinary words do."""

from __future__ import annotations

import base64
import html
import json
import random
import re
import string
from urllib.parse import quote, quote_plus

import pytest

from assay.kernel.redaction import MASK, Redactor, is_credential_key

SECRETS = ["buyer-Pass1", "p@ss w0rd/&<\"'+=%", "grüße-ß-日本", "back\\slash\nline"]


@pytest.mark.parametrize("secret", SECRETS)
def test_every_written_form_is_masked(secret: str) -> None:
    redactor = Redactor([secret])
    forms = [
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        re.sub("%..", lambda escape: escape[0].lower(), quote(secret, safe="")),
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps({"p": secret})),
        html.escape(secret),
    ]
    for form in forms:
        masked = redactor.mask(f"before {form} after")
        assert MASK in masked
        assert form not in masked
        assert form not in redactor.mask_bytes(f"<{form}>".encode()).decode()


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
def test_base64_is_masked_at_every_alignment(secret: str, before: int, after: int) -> None:
    text = base64.b64encode(b"u" * before + secret.encode() + b"v" * after).decode()
    masked = Redactor([secret]).mask(text)
    assert MASK in masked
    left = masked.replace(MASK, "")
    assert len(left) <= 2 * 4 + before + after


def test_basic_authentication_of_random_pairs_is_masked() -> None:
    choice = random.Random(7)
    for _ in range(200):
        user = "".join(choice.choices(string.ascii_letters, k=choice.randint(1, 9)))
        secret = "".join(choice.choices(string.printable[:94], k=choice.randint(6, 20)))
        header = "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
        assert MASK in Redactor([secret], names=[user]).mask(header)


def test_bytes_that_are_no_text_are_masked() -> None:
    assert b"buyer-Pass1" not in Redactor(["buyer-Pass1"]).mask_bytes(b"\xff\xfebuyer-Pass1\x00")


def test_short_secrets_are_masked_only_as_credentials() -> None:
    redactor = Redactor(["demo"])
    assert redactor.mask("The demo shop") == "The demo shop"
    for text in ("password=demo&x=1", '{"password": "demo"}', "Password: demo", "pwd%3Ddemo"):
        assert "demo" not in redactor.mask(text), text
    assert redactor.mask("password=demonstration") == "password=demonstration"


def test_a_secret_equal_to_its_user_name_stays_readable_as_the_name() -> None:
    redactor = Redactor(["administrator"], names=["administrator"])
    assert redactor.mask("Welcome, administrator") == "Welcome, administrator"
    assert redactor.mask('"user":"administrator"') == '"user":"administrator"'
    assert redactor.mask("passwd=administrator") == f"passwd={MASK}"
    assert redactor.mask("http://administrator:administrator@host") == f"http://{MASK}host"


def test_nested_json_is_masked_in_keys_and_values() -> None:
    redactor = Redactor(["s3cret-value", "abc"])
    masked = redactor.mask_json(
        {
            "list": ["s3cret-value", 1, None, ("x s3cret-value",)],
            "password": "abc",
            "s3cret-value": "abc",
            "fields": [{"name": "user_pass", "value": "abc"}, {"name": "city", "value": "abc"}],
        }
    )
    assert masked == {
        "list": [MASK, 1, None, (f"x {MASK}",)],
        "password": MASK,
        MASK: "abc",
        "fields": [{"name": "user_pass", "value": MASK}, {"name": "city", "value": "abc"}],
    }


@pytest.mark.parametrize("key", ["password", "user[pwd]", "newPass2", "api_key", "login-password1"])
def test_credential_keys(key: str) -> None:
    assert is_credential_key(key)


@pytest.mark.parametrize("key", ["compass", "bypass", "city", "passenger", "shipping"])
def test_other_keys(key: str) -> None:
    assert not is_credential_key(key)


def test_nothing_to_mask() -> None:
    redactor = Redactor(["", ""])
    assert redactor.empty
    assert redactor.mask("as it is") == "as it is"
