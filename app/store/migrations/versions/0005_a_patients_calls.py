"""A patient's calls are found by their patient

Revision: 0005, after 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_call_patient_id_started_at", "call", ["patient_id", "started_at"], unique=False)
