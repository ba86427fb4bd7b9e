"""Durable work: jobs that are accepted in the caller's transaction and survive the process.

This room knows no feature; the library behind it is DBOS Transact, which has its only home here.
"""

from assay.jobs.errors import DataDirectoryInUse, JobsAlreadyRunning, JobsNotRunning, JobUnknown
from assay.jobs.lock import WorkerLock
from assay.jobs.model import Handler, Job, JobsConfig, QueueSpec
from assay.jobs.serialiser import Codec
from assay.jobs.service import Jobs

__all__ = [
    "Codec",
    "DataDirectoryInUse",
    "Handler",
    "Job",
    "JobUnknown",
    "Jobs",
    "JobsAlreadyRunning",
    "JobsConfig",
    "JobsNotRunning",
    "QueueSpec",
    "WorkerLock",
]
