"""Templates rendered in a run, and data made to fit fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from assay.browser.model import Node, Option
from assay.cases.errors import ValueUnknown
from assay.cases.values import Values, generate, upload, wrong
from tests.cases.recorded_pages import page


@dataclass(frozen=True)
class Account:
    name: str
    username: str = ""
    password: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    credentials: tuple[Account, ...] = ()


def _field(name: str, **given: object) -> Node:
    made: dict[str, object] = {"ref": "f", "parent": None, "frame": "", "tag": "input"}
    made |= {"role": "textbox", "name": name, "label": name, "input_type": "text", **given}
    return Node(**made)  # type: ignore[arg-type]


def test_same_seed_same_values_other_seed_others() -> None:
    first, again, other = Values(Site(), "a"), Values(Site(), "a"), Values(Site(), "b")
    template = "x {{unique}} {{email}} {{ password }}"
    assert first.render(template) == again.render(template)
    assert first.render("{{unique}}") != other.render("{{unique}}")
    assert len(first.render("{{unique}}")) == 8
    assert first.render("{{unique}}")[0].isalpha()
    assert first.render("no template") == "no template"


def test_new_password_meets_common_policies() -> None:
    password = Values(Site(), "a").render("{{password}}")
    assert len(password) >= 12
    assert any(char.isupper() for char in password)
    assert any(char.islower() for char in password)
    assert any(char.isdigit() for char in password)
    assert any(not char.isalnum() for char in password)


def test_configs_and_variables() -> None:
    site = Site((Account("shop.admin", "ann", "s3cret", {"token": "t1"}),))
    values = Values(site, "a")
    values.set("total", "12")
    rendered = values.render(
        "{{config:shop.admin.username}} {{config:shop.admin.password}} "
        "{{config:shop.admin.token}} {{var:total}}"
    )
    assert rendered == "ann s3cret t1 12"


@pytest.mark.parametrize("template", ["{{var:x}}", "{{config:a.username}}", "{{what}}"])
def test_unknown_values_are_refused(template: str) -> None:
    with pytest.raises(ValueUnknown):
        Values(Site(), "a").render(template)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (_field("E-mail address"), "{{email}}"),
        (_field("First name"), "Alex"),
        (_field("Surname"), "Morgan"),
        (_field("User name"), "user{{unique}}"),
        (_field("Repeat password", input_type="password"), "{{password}}"),
        (_field("ZIP code"), "SW1A 1AA"),
        (_field("ZIP", constraints={"pattern": r"\d{5}"}), "77777"),
        (_field("Quantity", input_type="number", constraints={"min": "3"}), "3"),
        (_field("Price", input_type="number", constraints={"step": "0.01"}), "19.99"),
        (_field("Published", input_type="date"), "2025-01-15"),
        (_field("Date", placeholder="DD/MM/YYYY"), "15/01/2025"),
        (_field("Title", constraints={"maxlength": "10"}), "{{unique}}"),
        (_field("Question text"), "Question text {{unique}}"),
        (_field("Phone", input_type="tel"), "+442079460018"),
        (_field("", constraints={"autocomplete": "shipping given-name"}), "Alex"),
        (_field("Attachment", input_type="file"), ""),
    ],
)
def test_data_fits_the_field(node: Node, value: str) -> None:
    assert generate(node) == value


def test_options_skip_placeholders_and_follow_the_country() -> None:
    options = (
        Option("---------", "", True),
        Option("Norway", "NO", False),
        Option("UK", "GB", False),
    )
    country = _field("Country", tag="select", role="combobox", options=options)
    assert generate(country) == "UK"
    assert generate(country, country="Norway") == "Norway"
    colour = _field("Colour", options=(Option("Choose…", "", True), Option("Red", "r", False)))
    assert generate(colour) == "Red"


def test_seed_tells_fields_of_one_name_apart() -> None:
    node = _field("Choice text")
    assert generate(node, seed="1") != generate(node, seed="2")


def test_wrong_values_are_refusable() -> None:
    assert wrong(_field("Password", input_type="password")) == "Wrong-{{unique}}-1"
    assert wrong(_field("Email")) == "not-an-email"
    assert wrong(_field("Quantity", input_type="number", constraints={"max": "20"})) == "21"
    assert wrong(_field("Postcode")) == "QQQ"


def test_address_form_as_recorded() -> None:
    made = {
        node.name: generate(node)
        for node in page("shipping").nodes
        if node.editable and node.landmark != "banner"
    }
    assert made["First name"] == "Alex"
    assert made["City"] == "London"
    assert made["Post/Zip-code"] == "SW1A 1AA"


def test_files_have_the_wanted_size_and_kind() -> None:
    assert len(upload(size=5).content) == 5
    assert len(upload(size=5000).content) == 5000
    assert upload(accept="image/*").content.startswith(b"\x89PNG")
    assert upload("notes.csv").media_type == "text/csv"
    assert upload(accept=".pdf").filename == "sample.pdf"
