"""Whether a change left the bot's answers as they were: 200 commands over the site's API, each file hashed.

Start the bot of one version on a free port in an empty folder, write down what it answers, do the same with
another version, and compare:

    python -m benchmarks.sameness http://127.0.0.1:8080 > before.json
    python -m benchmarks.sameness http://127.0.0.1:8081 --against before.json

It asks over HTTP alone, so that both versions may be built in any way.
"""

import argparse
import hashlib
import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from random import Random
from typing import Any

SUFFIXES = ("abc", "mid", "mp3", "ogg", "musicxml", "png", "svg")
KEYS = ("G", "D", "A", "Em", "Bm", "Edor", "Ador", "Amix", "Dmix", "C", "F", "Bb", "Gm", "F#m", "Abm", "C#")
TYPES = ("jig", "reel", "hornpipe", "waltz", "polka", "slip jig", "slide", "march", "air", "mazurka")
STARTS = ("GAB d2e|", "d2", "G2 B2", "AB cd e2")
# A page of an OGG file: its stream has a random number, which its checksum covers (RFC 3533, section 6).
OGG_PAGE = re.compile(rb"(OggS.{10}).{4}(.{4}).{4}", re.DOTALL)
PASTED = (
    "X:1\nT:Two parts\nM:6/8\nL:1/8\nK:G\n|:GAB dBG|cBA d3:|\n|:efg gfe|dBG A3:|",
    "X:1\nT:Endings\nM:4/4\nL:1/8\nR:reel\nK:D\n|:FAdA BAFA|1 d2d2 e4:|2 d4 d4|]",
    'X:1\nT:Chords\nM:3/4\nL:1/4\nK:Am\n"Am"A2 c|"G7"B3|"Dm"d2 f|"E7"e3|]',
    "K:Edor\nE2BE dEBE|E2BE AFDF|",
)


def commands() -> list[str]:
    """The 200 commands, always the same: wishes of every kind, and a few pasted tunes."""
    random = Random(200)
    asked = [f"/abc {abc}" for abc in PASTED]
    while len(asked) < 200:
        words = [f"seed={random.randrange(1_000_000)}"]
        for name, values, share in (
            ("key", KEYS, 0.7), ("temp", ("0.5", "0.8", "1.0", "1.3"), 0.5), ("n", ("1", "2", "4"), 0.6),
            ("form", ("AABB", "AB", "AABBCC"), 0.3), ("bars", ("4", "8", "16"), 0.3),
            ("chords", ("on", "off"), 0.2), ("tempo", ("60", "100", "180"), 0.2),
            ("instrument", ("fiddle", "flute", "harp"), 0.3), ("model", ("session", "jigs"), 0.3),
        ):  # fmt: skip
            if random.random() < share:
                words.append(f"{name}={random.choice(values)}")
        if random.random() < 0.7:
            words.append(random.choice(TYPES))
        if random.random() < 0.1:
            words.append(f'start="{random.choice(STARTS)}"')
        asked.append("/tune " + " ".join(words))
    return asked


def answer(site: str, command: str) -> dict[str, Any]:
    """What the site answers to a command: its words, its ABC, and a hash of each file."""
    asked = urllib.request.Request(
        f"{site}/api/chat", json.dumps({"text": command}).encode(), {"Content-Type": "application/json"}
    )
    try:
        reply = json.load(urllib.request.urlopen(asked))
    except urllib.error.HTTPError as error:
        return {"error": json.load(error)["error"]}
    tune = reply["tune"]
    files = {suffix: _hashed(f"{site}/t/{tune['id']}.{suffix}") for suffix in SUFFIXES}
    return {"text": reply["text"], "abc": tune["abc"], "files": files}


def _hashed(url: str) -> str:
    try:
        data = urllib.request.urlopen(url).read()
    except urllib.error.HTTPError as error:
        return f"status {error.status}"
    return hashlib.sha256(OGG_PAGE.sub(rb"\1\2", data)).hexdigest()


def main() -> int:
    """Write down the answers, or compare them; the exit code is 1 where any differs."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sameness", description=__doc__.splitlines()[0]
    )
    parser.add_argument("site", help="address of a running bot")
    parser.add_argument("--against", type=Path, help="answers of another version")
    given = parser.parse_args()
    answers = {command: answer(given.site, command) for command in commands()}
    if given.against is None:
        json.dump(answers, sys.stdout, indent=1, ensure_ascii=False)
        return 0
    before = json.loads(given.against.read_text())
    differing = 0
    for command, now in answers.items():
        then = before[command]
        parts = [name for name in then.keys() | now.keys() if then.get(name) != now.get(name)]
        if "files" in parts and "files" in now and "files" in then:
            parts += [suffix for suffix in SUFFIXES if then["files"][suffix] != now["files"][suffix]]
        if parts:
            differing += 1
            print(f"{command!r} differs in {', '.join(sorted(parts))}")
            for name in ("text", "abc", "error"):
                if name in parts:
                    print(f"  {name} was {then.get(name)!r}\n  {name} is  {now.get(name)!r}")
    print(f"{len(answers) - differing} of {len(answers)} answers are the same, byte for byte")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
