"""What the runs room can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class RunNotFound(AppError):
    """There is no such run, or it belongs to another project."""

    kind = Kind.NOT_FOUND
    code = "run_not_found"


class CertificateNotFound(AppError):
    """There is no such flake certificate, or it belongs to another project."""

    kind = Kind.NOT_FOUND
    code = "certificate_not_found"


class HealNotFound(AppError):
    """There is no such heal, or it belongs to another project."""

    kind = Kind.NOT_FOUND
    code = "heal_not_found"


class HealOutdated(AppError):
    """The test was changed since the heal was seen, so it no longer says what to replace."""

    kind = Kind.CONFLICT
    code = "heal_outdated"


class HealDecided(AppError):
    """The heal was approved already; the step has its new locators."""

    kind = Kind.CONFLICT
    code = "heal_decided"


class NotCertifiable(AppError):
    """Only a test that runs with the others can be certified."""

    kind = Kind.INVALID
    code = "not_certifiable"
