"""Tests as code that runs without Assay: pytest with pytest-playwright, and Playwright Test."""

from assay.cases.export.gathering import archive, setting_of
from assay.cases.export.suite import Format, Setting, export

__all__ = ["Format", "Setting", "archive", "export", "setting_of"]
