"""Processes of ours end, whatever state they are in."""

import asyncio
import os
import subprocess
import sys

from generator.processes import Child, environment


async def test_one_in_the_middle_of_a_long_message_can_be_ended():
    # It prints more than pipe and reader hold, and nobody listens.
    child = await Child.start("timeit", "-n1", "-r1", "print('x' * 10**7)")
    await asyncio.sleep(0.5)
    async with asyncio.timeout(30):
        await child.end()
    assert not child.alive


async def test_one_that_ignores_its_input_is_killed():
    child = await Child.start("timeit", "-n1", "-r1", "import time; time.sleep(1000)")
    async with asyncio.timeout(30):
        await child.end()
    assert not child.alive


async def test_one_shares_our_session_but_not_our_group():
    # Linux may share time out by session first, and would heed no `os.nice` between sessions; a terminal
    # sends Ctrl-C to its group.
    child = await Child.start("timeit", "-n1", "-r1", "import time; time.sleep(1000)")
    try:
        assert os.getsid(child.pid) == os.getsid(0)
        assert os.getpgid(child.pid) != os.getpgid(0)
    finally:
        child.kill()
        await child.ended()


def test_one_whose_parent_is_gone_says_nothing():
    words = "from generator.processes import Parent; Parent().send('x' * 10**7)"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", words], stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_secrets_stay_with_the_parent(monkeypatch):
    secrets = {"discord_token": "abc.def", "MY_API_KEY": "ghi", "PGPASSFILE": "jkl", "SENTRY_DSN": "mno"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    assert not set(secrets.values()) & set(environment().values())
