"""How much people have asked for, where several processes count together."""

from alembic import op
from sqlalchemy import Column, Float, String

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "buckets",
        Column("name", String(200), primary_key=True),
        Column("full_at", Float, nullable=False),
    )
    op.create_index("buckets_by_time", "buckets", ["full_at"])
