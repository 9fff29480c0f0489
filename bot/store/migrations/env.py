"""Run the migrations in the transaction of the caller's connection; Alembic executes this file."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
