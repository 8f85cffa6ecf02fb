"""How a patient is reached is chosen when an attempt is made, not when it is planned

Revision: 0009, after 0008
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import String

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Left out by this version, still written by the ones before it while they run beside it.
    with op.batch_alter_table("attempt") as attempt:
        attempt.alter_column("channel", existing_type=String(8), nullable=True)
