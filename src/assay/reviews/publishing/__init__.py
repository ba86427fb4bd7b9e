"""Change reviews and forges: connections, what sets a review off, and writing back what it found.

``connections`` keeps what a forge is reached with, ``news`` are the events that webhooks bring,
``triggers`` turns them into reviews, ``publisher`` writes checks, reviews and comments.
"""

from assay.reviews.publishing.connections import Connections
from assay.reviews.publishing.forges import Forges
from assay.reviews.publishing.model import (
    Connection,
    NewConnection,
    Progress,
    RepositoryLink,
    ReviewOrder,
    ReviewResult,
    Started,
    Timing,
)
from assay.reviews.publishing.publisher import Publisher
from assay.reviews.publishing.triggers import Triggers

__all__ = [
    "Connection",
    "Connections",
    "Forges",
    "NewConnection",
    "Progress",
    "Publisher",
    "RepositoryLink",
    "ReviewOrder",
    "ReviewResult",
    "Started",
    "Timing",
    "Triggers",
]
