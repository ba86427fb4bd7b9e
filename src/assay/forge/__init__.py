"""Forges: GitHub, GitLab and clones on this machine, behind one port."""

from assay.forge.auth import AppIdentity
from assay.forge.errors import AppKeyInvalid
from assay.forge.github import github
from assay.forge.gitlab import gitlab
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
from assay.forge.urls import (
    GITHUB,
    GITLAB,
    base_address,
    parse_pull_url,
    within,
    without_credentials,
)

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
    "NativeReview",
    "Provider",
    "PullRef",
    "PullRequest",
    "PullState",
    "Secret",
    "Stance",
    "TokenSecret",
    "base_address",
    "check_secret",
    "forge_of",
    "github",
    "gitlab",
    "parse_pull_url",
    "within",
    "without_credentials",
]


def check_secret(provider: Provider, secret: Secret) -> None:
    """Raise the error of a secret that can never work; asks nobody."""
    if isinstance(secret, AppSecret):
        if provider is not Provider.GITHUB:
            raise AppKeyInvalid("Only GitHub has Apps: connect GitLab with a token.")
        AppIdentity(secret.app_id, secret.private_key)
    elif not secret.token.isascii() or any(ord(letter) < 33 for letter in secret.token):
        raise AppKeyInvalid("The token has spaces or characters that no token has.")


def forge_of(
    provider: Provider, base_url: str, secret: Secret | None, repository: str = ""
) -> Forge:
    """The forge of this kind at this address; without a secret it reads public projects."""
    if provider is Provider.GITLAB:
        return gitlab(base_url, secret)
    return github(base_url, secret, repository)
