"""For all tests: no example has a deadline, however busy the machine is, and in CI nothing may skip."""

from hypothesis import settings

from tests.no_skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
