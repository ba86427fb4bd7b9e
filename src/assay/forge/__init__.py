"""Forges: GitHub, GitLab and clones on this machine, behind one port."""

from assay.forge.github import github
from assay.forge.gitlab import gitlab
from assay.forge.local import LocalGit
from assay.forge.model import (
    Annotation,
    Change,
    ChangedFile,
    CheckResult,
    CheckStart,
    Conclusion,
    FileStatus,
    Given,
    Level,
    NativeReview,
    Provider,
    PullRef,
    PullRequest,
    PullState,
    Stance,
)
from assay.forge.port import Forge
from assay.forge.secrets import AppSecret, Secret, TokenSecret
from assay.forge.urls import GITHUB, GITLAB, base_address, parse_pull_url, within

__all__ = [
    "GITHUB",
    "GITLAB",
    "Annotation",
    "AppSecret",
    "Change",
    "ChangedFile",
    "CheckResult",
    "CheckStart",
    "Conclusion",
    "FileStatus",
    "Forge",
    "Given",
    "Level",
    "LocalGit",
    "NativeReview",
    "Provider",
    "PullRef",
    "PullRequest",
    "PullState",
    "Secret",
    "Stance",
    "TokenSecret",
    "base_address",
    "forge_of",
    "github",
    "gitlab",
    "parse_pull_url",
    "within",
]


def forge_of(
    provider: Provider, base_url: str, secret: Secret | None, repository: str = ""
) -> Forge:
    """The forge of this kind at this address; without a secret it reads public projects."""
    if provider is Provider.GITLAB:
        return gitlab(base_url, secret)
    return github(base_url, secret, repository)
