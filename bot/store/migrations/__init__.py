"""The steps by which a database follows the schema; Alembic runs those that it has not seen.

A change of ``bot/store/schema.py`` needs a new step in ``versions/``, such as ``v0002_what_changes.py`` with
revision "0002". Those that were released never change.
"""
