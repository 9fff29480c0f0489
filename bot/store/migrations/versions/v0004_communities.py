"""What communities need: parents of tunes, likes, settings, schedules, and files that platforms keep."""

from alembic import op
from sqlalchemy import JSON, Column, Float, Integer, String, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables, and the column of parents."""
    op.add_column("tunes", Column("parent", String(16)))
    op.create_index("tunes_by_community", "tunes", ["platform", "community", "created"])
    op.create_table(
        "likes",
        Column("tune", String(16), primary_key=True),
        Column("platform", String(20), primary_key=True),
        Column("user", String(64), primary_key=True),
        Column("at", Float, nullable=False),
    )
    op.create_index("likes_by_person", "likes", ["platform", "user", "at"])
    op.create_index("likes_by_time", "likes", ["at"])
    op.create_table(
        "preferences",
        Column("platform", String(20), primary_key=True),
        Column("kind", String(10), primary_key=True),
        Column("owner", String(64), primary_key=True),
        Column("name", String(20), primary_key=True),
        Column("value", Text, nullable=False),
    )
    op.create_table(
        "schedules",
        Column("platform", String(20), primary_key=True),
        Column("place", String(64), primary_key=True),
        Column("community", String(64), nullable=False),
        Column("minute", Integer, nullable=False),
        Column("zone", String(64), nullable=False),
        Column("types", JSON, nullable=False),
        Column("due", Float, nullable=False),
    )
    op.create_index("schedules_by_time", "schedules", ["due"])
    op.create_table(
        "cached_files",
        Column("tune", String(16), primary_key=True),
        Column("platform", String(20), primary_key=True),
        Column("kind", String(10), primary_key=True),
        Column("file_id", Text, nullable=False),
    )
