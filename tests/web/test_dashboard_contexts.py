"""Every template and its context name the same things, and every template has a context."""

from __future__ import annotations

from dataclasses import fields

import pytest
from jinja2 import nodes
from jinja2.meta import find_undeclared_variables

from assay.web.dashboard import application_contexts, contexts
from assay.web.dashboard.contexts import Context
from assay.web.dashboard.rendering import ENVIRONMENT, TEMPLATES

CONTEXTS = [
    found
    for found in (vars(contexts) | vars(application_contexts)).values()
    if isinstance(found, type) and issubclass(found, Context) and found is not Context
]


def _tree(name: str) -> nodes.Template:
    return ENVIRONMENT.parse((TEMPLATES / name).read_text(encoding="utf-8"))


def _parents(name: str) -> list[str]:
    """The template and those that it extends; imported macros see no context."""
    found = [name]
    for node in _tree(name).find_all(nodes.Extends):
        assert isinstance(node.template, nodes.Const)
        found += _parents(node.template.value)
    return found


def _used(name: str) -> set[str]:
    used: set[str] = set()
    for one in _parents(name):
        # A block sees the macros that its template imports, which the search does not know.
        imported = {
            name[1] if isinstance(name, tuple) else name
            for node in _tree(one).find_all(nodes.FromImport)
            for name in node.names
        }
        used |= find_undeclared_variables(_tree(one)) - imported
    return used - set(ENVIRONMENT.globals)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda found: found.__name__)
def test_a_template_uses_all_of_its_context_and_nothing_else(context: type[Context]) -> None:
    assert _used(context.template) == {field.name for field in fields(context)}


def test_every_template_has_a_context_or_belongs_to_one_that_has() -> None:
    there = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    reached = {"macros.html"}
    for context in CONTEXTS:
        reached |= set(_parents(context.template))
    assert there == reached


def test_no_template_has_inline_script_style_or_handlers() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for bad in ("<script>", "<style", " style=", " onclick=", "hx-on", "|safe", "javascript:"):
            assert bad not in text, f"{path.name}: {bad}"
