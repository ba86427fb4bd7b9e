"""Working on jobs: inside the server's process, or in one of its own."""

from assay.worker.loop import Worker, run_alone

__all__ = ["Worker", "run_alone"]
