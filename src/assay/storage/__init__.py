"""The database, its sessions and migrations, the artifact store and the secret box."""

from assay.storage.artifacts import ArtifactStore
from assay.storage.database import Database
from assay.storage.metadata import metadata
from assay.storage.migrate import migrate
from assay.storage.secretbox import SecretBox
from assay.storage.session import ReadSession, WriteSession

__all__ = [
    "ArtifactStore",
    "Database",
    "ReadSession",
    "SecretBox",
    "WriteSession",
    "metadata",
    "migrate",
]
