"""What has been answered already, and an index to count what one person keeps."""

from alembic import op
from sqlalchemy import Column, Float, String

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table and the indexes."""
    op.create_table(
        "seen",
        Column("platform", String(20), primary_key=True),
        Column("key", String(64), primary_key=True),
        Column("at", Float, nullable=False),
    )
    op.create_index("seen_by_age", "seen", ["at"])
    op.create_index("tunes_by_person", "tunes", ["platform", "user", "created"])
