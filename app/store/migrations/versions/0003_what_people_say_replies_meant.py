"""What people say replies meant

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("context", sa.String(length=24), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("read_as", sa.LargeBinary(), nullable=False),
        sa.Column("meant", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_correction_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_correction_case_id_care_case")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_correction_decided_by_staff")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_correction_message_id_message")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_correction_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("message_id", name=op.f("uq_correction_message_id")),
    )
    op.create_index("ix_correction_state_at", "correction", ["state", "at"], unique=False)
