"""Tunes that people paste on Discord, whose slash options join all lines into one."""

import pytest

from tests.bot.platforms.discord.bot import adapter
from tests.platforms.discord_server import DiscordServer
from tests.platforms.house import COMPOSERS, house

TUNE = (
    "X:1\nT:The Joined Gate\nM:6/8\nL:1/8\nK:D clef=treble\nP:A\n|:DFA d2f|\nw: one two three\nP:B\nedc d3:|"
)


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        (TUNE, "|:DFA d2f|"),
        (TUNE, "w: one two three"),
        (f"```abc\n{TUNE}\n```", "|:DFA d2f|"),
        (f"{TUNE}\nX:2\nT:The Second Gate\nK:G\nGAB|", "This is 1 of 2 tunes; say /abc 2"),
        ("GAB d2e| gfe d2B|", "it is read as G major, in 6/8"),
        (f"{TUNE}\n% dfa f2d|\ndfa f2d|", "I can't tell where"),
    ],
)
async def test_slash_abc_reads_what_came_in_one_line(server: DiscordServer, pasted: str, shown: str) -> None:
    async with house(COMPOSERS[0]) as core:
        bot = adapter(core)
        await bot.start()
        token = await server.slash("abc", abc=" ".join(pasted.split("\n")))
        (answer,) = await server.until(lambda asked: token in asked.path and "content" in (asked.body or {}))
        await bot.stop()
    assert shown in answer.body["content"]
