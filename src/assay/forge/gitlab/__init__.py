"""GitLab: gitlab.com and self-managed."""

from assay.forge.gitlab.adapter import GitLab, gitlab

__all__ = ["GitLab", "gitlab"]
