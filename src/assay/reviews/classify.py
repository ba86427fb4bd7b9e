"""What a file is to the people who use the application, by its path alone; pure.

Only three kinds are taken to leave the running application as it is: documentation, tests and
infrastructure. What is not known for one of them is taken to matter.
"""

from __future__ import annotations

import re

from assay.reviews.model import FileKind

_TESTS = re.compile(
    r"(?:^|/)(?:tests?|__tests__|specs?|e2e|cypress|playwright|__snapshots__|__mocks__|testdata|"
    r"test[-_]?fixtures)/|(?:^|/)(?:test_[^/]*|[^/]*_test|[^/]*_spec|conftest|tests?)\.[a-z]+$|"
    r"[^/]\.(?:test|tests|spec|e2e|stories)\.[a-z]+$|(?:Tests?|Spec|IT)\.(?:java|kt|cs|swift|scala)$",
)
_RUNTIME_TXT = re.compile(
    r"(?:^|/)(?:requirements[\w.-]*|constraints|robots|humans|ads|security)\.txt$", re.I
)
_DOCS = re.compile(
    r"^(?:docs?|documentation|man|wiki)/|\.(?:md|rst|adoc|asciidoc|pod|txt)$|"
    r"(?:^|/)(?:readme|changelog|changes|history|news|licen[cs]e|copying|notice|authors|"
    r"contributors|contributing|code_of_conduct|security|maintainers|codeowners|todo)"
    r"(?:\.\w+)?$",
    re.IGNORECASE,
)
# Text that a site generator or a page may serve, though it is written like documentation.
_SERVED = re.compile(
    r"(?:^|/)(?:templates?|content|pages|posts|_posts|public|static|src|app|locales?|i18n|"
    r"translations)/",
    re.IGNORECASE,
)
_INFRASTRUCTURE = re.compile(
    r"^\.(?:github|gitlab|circleci|buildkite|husky|vscode|idea|devcontainer)/|"
    r"(?:^|/)\.(?:gitignore|gitattributes|gitmodules|editorconfig|dockerignore|npmrc|nvmrc|"
    r"python-version|tool-versions|pre-commit-config\.ya?ml|prettierrc[\w.]*|prettierignore|"
    r"eslintrc[\w.]*|eslintignore|stylelintrc[\w.]*|flake8|pylintrc|rubocop\.yml|mailmap|"
    r"gitlab-ci\.yml|travis\.yml|git-blame-ignore-revs|coveragerc)$|"
    r"(?:^|/)(?:dockerfile(?:\.[\w-]+)?|docker-compose[\w.-]*\.ya?ml|compose\.ya?ml|jenkinsfile|"
    r"makefile|justfile|taskfile\.ya?ml|vagrantfile|procfile|renovate\.json5?|dependabot\.yml|"
    r"azure-pipelines\.yml|bitbucket-pipelines\.yml|cloudbuild\.ya?ml|tox\.ini|noxfile\.py|"
    r"mypy\.ini|ruff\.toml|eslint\.config\.\w+|prettier\.config\.\w+)$|"
    r"^(?:terraform|helm|k8s|kubernetes|charts|ansible|infra|infrastructure|deploy|deployment|"
    r"\.?ci)/|\.(?:tf|tfvars|nomad|hcl)$",
    re.IGNORECASE,
)
_GENERATED = re.compile(
    r"(?:^|/)(?:dist|build|out|vendor|third_party|node_modules|generated|__generated__|\.next)/|"
    r"\.min\.(?:js|css)$|\.map$|\.(?:pb|generated|g)\.\w+$|_pb2(?:_grpc)?\.py$|"
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|"
    r"uv\.lock|pdm\.lock|pipfile\.lock|cargo\.lock|gemfile\.lock|composer\.lock|go\.sum|"
    r"packages\.lock\.json)$",
    re.IGNORECASE,
)
_STYLES = re.compile(r"\.(?:css|scss|sass|less|styl|pcss)$", re.IGNORECASE)
_API = re.compile(
    r"(?:^|/)(?:api|apis|graphql|openapi|swagger|proto|rest|rpc|endpoints|serializers?|resolvers?)"
    r"(?:/|\.\w+$)|\.(?:proto|graphql|gql)$",
    re.IGNORECASE,
)


def kind_of(path: str) -> FileKind:
    """The kind of a file; a path inside an installed package counts by where it lies there."""
    if _INFRASTRUCTURE.search(path):
        return FileKind.INFRASTRUCTURE
    if _TESTS.search(path):
        return FileKind.TESTS
    if _is_docs(path):
        return FileKind.DOCS
    if _STYLES.search(path) and not _GENERATED.search(path):
        return FileKind.STYLES
    if _GENERATED.search(path) and not _installed(path):
        return FileKind.GENERATED
    return FileKind.API if _API.search(path) else FileKind.USER_FACING


def _is_docs(path: str) -> bool:
    if _RUNTIME_TXT.search(path) or not _DOCS.search(path):
        return False
    return (
        not _SERVED.search(path)
        or re.search(r"(?:^|/)(?:readme|changelog|licen[cs]e)", path, re.I) is not None
    )


def _installed(path: str) -> bool:
    """Whether a changed file lies in an installed package, which somebody then edited by hand."""
    return re.search(r"(?:^|/)(?:node_modules|site-packages)/", path) is not None
