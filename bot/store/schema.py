"""The tables as this version of the bot uses them; ``migrations/`` brings a database to this state."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Column, Float, Index, MetaData, String, Table, Text

METADATA: Final = MetaData()
TUNES: Final = Table(
    "tunes",
    METADATA,
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
    Index("tunes_by_asker", "platform", "place", "user", "created"),
    Index("tunes_by_age", "platform", "created"),
    Index("tunes_by_person", "platform", "user", "created"),
)
# What a platform has sent and was answered, so that nothing is answered again after a restart.
SEEN: Final = Table(
    "seen",
    METADATA,
    Column("platform", String(20), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", Float, nullable=False),
    Index("seen_by_age", "at"),
)
# How much somebody has asked for, where several processes count together.
BUCKETS: Final = Table(
    "buckets",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("full_at", Float, nullable=False),
    Index("buckets_by_time", "full_at"),
)
