"""Imports are listed by time, each for who works at its site

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("site_id", sa.Uuid(), nullable=True))
    op.create_index("ix_import_run_started_at_id", "import_run", ["started_at", "id"], unique=False)
