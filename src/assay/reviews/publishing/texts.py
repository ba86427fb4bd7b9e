"""What is published: Markdown in which strangers' words can do nothing.

The text of a review quotes pages, diffs and titles. Here mentions, references, raw HTML, hidden
comments, images, foreign links and quick actions in it are made harmless with an invisible space,
which leaves the words as they read.
"""

from __future__ import annotations

import hashlib
import re

from assay.reviews.publishing.model import Connection, Publication

_SPACE = "\u200b"
_MENTION = re.compile(r"@(?=[A-Za-z0-9_])")
_REFERENCE = re.compile(r"([#!~%&$])(?=\w)|(?<![A-Za-z0-9])(GH-)(?=\d)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_IMAGE = re.compile(r"!(?=\[)")
_DEFINED = re.compile(r"(?<=\]):")
# A line that starts with a slash is a command to GitLab, and to many bots on GitHub.
_COMMAND = re.compile(r"^(\s*(?:[-*>]\s*)*)/(?=\w)")
# Only what every parser takes for code counts as code: strangers' own back-ticks are escaped, and
# whatever stands between those is text, in which mentions and addresses work.
_OPENS = re.compile(r"^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_CLOSES = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*$")
_CODE = re.compile(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)")


def published(markdown: str, *, base_url: str) -> str:
    """The text with everything harmless but its own structure and links to ``base_url``."""
    lines: list[str] = []
    fence = ""
    for line in markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        opens, closes = _OPENS.match(line), _CLOSES.match(line)
        if fence:
            lines.append(_quiet(line, base_url))
            if closes and closes[1].startswith(fence):
                fence = ""
        elif opens:
            fence = opens[1] or opens[2]
            lines.append(_quiet(line, base_url))
        else:
            lines.append(_harmless(line, base_url))
    if fence:
        lines.append(fence)
    return "\n".join(lines)


def _quiet(line: str, base_url: str) -> str:
    """What is done everywhere, since only a full parser knows for sure what is code."""
    line = _MENTION.sub(f"@{_SPACE}", line.replace("\0", ""))
    line = _TAG.sub(f"<{_SPACE}", line)
    line = _IMAGE.sub(f"!{_SPACE}", line)
    line = _DEFINED.sub(f"{_SPACE}:", line)
    # Only links to Assay itself stay links.
    line = re.sub(rf"\]\((?!{re.escape(base_url)}(?:[/?#][^\s()<>]*)?\))", f"]{_SPACE}(", line)
    return _COMMAND.sub(rf"\1{_SPACE}/", line)


def _harmless(line: str, base_url: str) -> str:
    line = _quiet(line, base_url)
    parts: list[str] = []
    last = 0
    for code in _CODE.finditer(line):
        parts += [_outside(line[last : code.start()], base_url), code[0]]
        last = code.end()
    parts.append(_outside(line[last:], base_url))
    return "".join(parts)


def _outside(text: str, base_url: str) -> str:
    """Text that is no code: addresses and numbers in it would become links by themselves."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\0{len(kept) - 1}\0"

    text = re.sub(rf"\]\({re.escape(base_url)}[^\s()<>]*\)", keep, text)
    text = text.replace("://", f":{_SPACE}//")
    text = re.sub(r"\bwww\.", f"www{_SPACE}.", text)
    text = _REFERENCE.sub(lambda found: f"{found[0]}{_SPACE}", text)
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], text)


def comment_marker(connection: Connection, repository: str, number: int) -> str:
    """The hidden marker of the one comment on a pull request; nobody outside can know it."""
    what = f"{connection.id}|{repository.casefold()}|{number}"
    return f"<!-- assay:{hashlib.sha256(what.encode()).hexdigest()[:32]} -->"


def review_marker(publication: Publication) -> str:
    """The hidden marker of a native review."""
    return f"<!-- assay:review:{publication.id} -->"


def progress_comment(marker: str, publication: Publication) -> str:
    """The comment while a review is at work."""
    doing = f"Reviewing `{publication.head_sha[:10]}`."
    if publication.conversation_id is None:
        doing = f"Waiting for a preview of `{publication.head_sha[:10]}` to be deployed."
    return f"{marker}\n**Assay** · {doing} [Follow it]({publication.details_url})"


def final_comment(marker: str, publication: Publication, summary: str) -> str:
    """The comment once a review has ended."""
    end = (
        f"Reviewed `{publication.head_sha[:10]}`. [The whole review]({publication.details_url}) · "
        "Comment `@assay` to have it reviewed again."
    )
    return f"{marker}\n{summary}\n\n---\n{end}"
