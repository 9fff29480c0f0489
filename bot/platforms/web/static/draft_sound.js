"use strict";
// Play what abcjs has read, on the spot and plainly; the sound files of a tune are made once it is kept.

const Sound = (() => {
  let context = null;
  let stopping = null;

  function tone(out, at, length, pitch) {
    const wave = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) });
    const loud = new GainNode(context, { gain: 0 });
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.3, at + 0.015);
    loud.gain.linearRampToValueAtTime(0.18, at + Math.max(0.02, length - 0.04));
    loud.gain.linearRampToValueAtTime(0, at + Math.max(0.03, length));
    wave.connect(loud).connect(out);
    wave.start(at);
    wave.stop(at + Math.max(0.03, length));
    return wave;
  }

  /** Play a tune of abcjs; tell `onChange` when it begins and when it is over. */
  async function play(tune, onChange) {
    stop();
    const { num, den } = tune.getMeterFraction();
    const whole = tune.millisecondsPerMeasure() / 1000 / (num / den); // seconds of a whole note
    const notes = tune.setUpAudio({ chordsOff: true }).tracks.flat().filter(({ cmd }) => cmd === "note");
    if (!notes.length) return;
    context ??= new AudioContext();
    await context.resume();
    const out = new GainNode(context);
    out.connect(context.destination);
    const begin = context.currentTime + 0.06;
    const waves = notes.map(({ start, duration, pitch }) => tone(out, begin + start * whole, duration * whole, pitch));
    const end = (note) => note.start + note.duration;
    const last = waves[notes.reduce((best, note, index) => (end(note) > end(notes[best]) ? index : best), 0)];
    stopping = () => {
      stopping = null;
      for (const wave of waves) wave.stop();
      out.disconnect();
      onChange(false);
    };
    last.onended = () => stopping?.();
    onChange(true);
  }

  function stop() {
    stopping?.();
  }

  return { play, stop, sounds: () => stopping !== null };
})();
