"""What projects can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class ProjectRequired(AppError):
    """An organisation's key must say which project it means."""

    kind = Kind.INVALID
    code = "project_required"


class ProjectForbidden(AppError):
    """The project that was sent is not the one that the key or the resource belongs to."""

    kind = Kind.FORBIDDEN
    code = "project_forbidden"


class ProjectNotFound(AppError):
    """There is no such project for this caller."""

    kind = Kind.NOT_FOUND
    code = "project_not_found"


class ResourceNotFound(AppError):
    """The path names something that does not exist for this caller."""

    kind = Kind.NOT_FOUND
    code = "resource_not_found"


class ApplicationNotFound(AppError):
    """There is no such application in the project."""

    kind = Kind.NOT_FOUND
    code = "application_not_found"


class EnvironmentNotFound(AppError):
    """There is no such environment of the application."""

    kind = Kind.NOT_FOUND
    code = "environment_not_found"


class BuildNotFound(AppError):
    """There is no such build of the application."""

    kind = Kind.NOT_FOUND
    code = "build_not_found"


class PresetNotFound(AppError):
    """There is no such device preset in the project."""

    kind = Kind.NOT_FOUND
    code = "preset_not_found"


class ConfigNotFound(AppError):
    """There is no such config in the project."""

    kind = Kind.NOT_FOUND
    code = "config_not_found"


class ConfigExists(AppError):
    """The name is taken by a config with other values."""

    kind = Kind.CONFLICT
    code = "config_exists"


class UrlInvalid(AppError):
    """An address that cannot be tested."""

    kind = Kind.INVALID
    code = "url_invalid"


class ValueInvalid(AppError):
    """A field of a request that cannot be used."""

    kind = Kind.INVALID
    code = "value_invalid"


class OverrideInvalid(AppError):
    """An override that says nothing, or the same application twice."""

    kind = Kind.INVALID
    code = "override_invalid"
