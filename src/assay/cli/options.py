"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the database, keys and evidence.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
