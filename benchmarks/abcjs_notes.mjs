// What abcjs plays: a JSON list of tunes on standard input, a list of [onset, length, MIDI number] lists
// (in whole notes) on standard output; null for a tune at which abcjs falls over.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
console.log = () => {}; // abcjs speaks where only notes are wanted
const abcjs = require("abcjs");

function played(abc) {
  try {
    const tune = abcjs.parseOnly(abc)[0];
    const audio = tune.setUpAudio({ chordsOff: true });
    return audio.tracks.flatMap((track) =>
      track
        .filter((event) => event.cmd === "note" && event.style !== "grace")
        .map((event) => [event.start, event.duration, event.pitch]),
    );
  } catch {
    return null;
  }
}

const tunes = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(tunes.map(played)));
