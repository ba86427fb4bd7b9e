"""What can go wrong with test cases."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class TestCaseNotFound(AppError):
    """No such test case for this caller."""

    __test__ = False
    kind = Kind.NOT_FOUND
    code = "test_case_not_found"


class ValueUnknown(AppError):
    """A step uses a template for which this run has no value."""

    kind = Kind.INVALID
    code = "value_unknown"
