"""Writes migrations from the rooms' tables: ``python -m assay.wiring.revision MESSAGE``.

With no migration yet it writes the initial one. ``--initial`` writes that one anew, for as long as
no version has been released. What it writes is to be formatted and read before it is committed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import DowngradeOps, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import DateTime, create_engine
from sqlalchemy.engine import Connection

from assay.kernel.text import slug
from assay.storage.migrate import MIGRATIONS, owned, scripts, upgrade
from assay.storage.types import UtcDateTime
from assay.wiring.tables import load_tables

_TEMPLATE = '''"""{message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


def render(message: str, *, initial: bool = False) -> tuple[str, str]:
    """The name and text of the next migration: from the newest schema to the rooms' tables."""
    metadata = load_tables()
    head = None if initial else scripts().get_current_head()
    number = 1 if head is None else int(head) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'schema.db'}")
        with engine.begin() as connection:
            if head is not None:
                upgrade(connection)
            found = produce_migrations(_context(connection), metadata)
        engine.dispose()
    if found.upgrade_ops is None or found.downgrade_ops is None:
        raise RuntimeError("Alembic compared nothing")
    text = _TEMPLATE.format(
        message=message,
        revision=f"{number:04d}",
        down=head,
        upgrade=_code(found.upgrade_ops, batch=head is not None),
        downgrade=_code(found.downgrade_ops, batch=head is not None),
    )
    return f"{number:04d}_{slug(message).replace('-', '_')}.py", text


def main() -> None:
    """Write the next migration into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", nargs="?", default="Initial")
    parser.add_argument("--initial", action="store_true")
    given = parser.parse_args()
    name, text = render(given.message, initial=given.initial)
    path = MIGRATIONS / "versions" / name
    path.write_text(text)
    sys.stdout.write(f"{path}\n")


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(
        connection, opts={"include_name": owned, "compare_type": True}
    )


def _render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    # Migrations must not change when our own types do.
    if kind == "type" and isinstance(item, UtcDateTime):
        return repr(DateTime(timezone=True)).replace("DateTime", "sa.DateTime")
    return False


def _code(operations: UpgradeOps | DowngradeOps, *, batch: bool) -> str:
    code = render_python_code(operations, render_item=_render_item, render_as_batch=batch)
    lines = [line for line in code.splitlines() if "# ###" not in line]
    return "\n".join(lines).strip()


if __name__ == "__main__":
    main()
