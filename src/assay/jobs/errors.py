"""What the jobs room can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class DataDirectoryInUse(AppError):
    """Another process already works on this data directory; SQLite allows one worker."""

    kind = Kind.CONFLICT
    code = "data_directory_in_use"


class JobUnknown(AppError):
    """A job or queue name that nobody registered."""

    kind = Kind.INTERNAL
    code = "job_unknown"


class JobsNotRunning(AppError):
    """Work was asked of the job runner before it was prepared or after it was closed."""

    kind = Kind.UNAVAILABLE
    code = "jobs_not_running"


class JobsAlreadyRunning(AppError):
    """A process can run the jobs of one database only."""

    kind = Kind.CONFLICT
    code = "jobs_already_running"
