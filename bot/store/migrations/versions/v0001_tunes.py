"""The tunes. A database from before there were migrations has this table already."""

from alembic import op
from sqlalchemy import JSON, BigInteger, Column, Float, String, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table and its indexes where they are missing."""
    op.create_table(
        "tunes",
        Column("id", String(16), primary_key=True),
        Column("platform", String(20), nullable=False),
        Column("community", String(64), nullable=False),
        Column("place", String(64), nullable=False),
        Column("user", String(64), nullable=False),
        Column("request", JSON, nullable=False),
        Column("title", Text, nullable=False),
        Column("abc", Text, nullable=False),
        Column("key", String(32), nullable=False),
        Column("meter", String(32), nullable=False),
        Column("rhythm", Text, nullable=False),
        Column("temp", Float),
        Column("seed", BigInteger),
        Column("model", String(64)),
        Column("created", Float, nullable=False),
        if_not_exists=True,
    )
    op.create_index("tunes_by_asker", "tunes", ["platform", "place", "user", "created"], if_not_exists=True)
    op.create_index("tunes_by_age", "tunes", ["platform", "created"], if_not_exists=True)
