"""Every error that may reach a person says what the caller may do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assay.kernel.errors import AppError, Kind
from tests.house.source import import_everything


def leaves(root: type[AppError] = AppError) -> Iterator[type[AppError]]:
    """The error classes that nothing is derived from."""
    for child in root.__subclasses__():
        if child.__module__.startswith("assay."):
            below = list(leaves(child))
            yield from below or [child]


def test_every_error_has_a_kind_and_a_code_of_its_own() -> None:
    import_everything()
    found = list(leaves())
    assert found
    lacking = [e.__qualname__ for e in found if not isinstance(getattr(e, "kind", None), Kind)]
    assert not lacking, f"no kind: {lacking}"
    lacking = [e.__qualname__ for e in found if not getattr(e, "code", "")]
    assert not lacking, f"no code: {lacking}"
    twice = [code for code, count in Counter(e.code for e in found).items() if count > 1]
    assert not twice, f"codes used twice: {twice}"


def test_the_tree_of_errors_is_shallow() -> None:
    import_everything()
    deep = [e.__qualname__ for e in leaves() if len(e.__mro__) > 6]
    assert not deep
