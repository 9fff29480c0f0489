"""In CI a test that skips fails: what it needs must be there.

A pytest plugin that ``conftest.py`` loads; it acts where the environment says ``CI=true``.
"""

import os
from collections.abc import Generator

import pytest

# How the reasons begin for which a test may skip in CI too.
MAY_SKIP = (
    "the scale extra",  # Ray: make scale installs it and runs these tests, after make test
    "PyTorch",  # only for training on a GPU; its wheel is larger than everything else together
    "this CPU has no wider vectors",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _judge(report)
    return report


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, unless it is one that may be; an expected failure is none."""
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(MAY_SKIP):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be missing, but this was skipped: {reason}"
