"""Find a tune that was made again by its seed, so that lists have it once, and the newest of all."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the indices."""
    op.create_index("tunes_by_seed", "tunes", ["seed", "key", "created"])
    op.create_index("tunes_by_time", "tunes", ["created"])
