"""Find a tune that was made again by its seed, so that lists have it once."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the index."""
    op.create_index("tunes_by_seed", "tunes", ["seed"])
