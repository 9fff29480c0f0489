"use strict";
// Run the page of a tune: engraving, sound with a moving cursor, other keys and tempi, parts to repeat.

(() => {
  const byId = (id) => document.getElementById(id);
  const [staff, source, player, audio] = ["staff", "abc", "player", "audio"].map(byId);
  const [play, seek, clock, speed, bpm] = ["play", "seek", "clock", "speed", "bpm"].map(byId);
  const [key, instrument, loop] = ["key", "instrument", "loop"].map(byId);
  const id = document.getElementById("main").dataset.id;
  const base = document.documentElement.dataset.base;
  const length = Number(player.dataset.seconds);
  const head = Number(player.dataset.head); // seconds of silence before the first note of a sound file
  const own = { key: key.dataset.own, instrument: instrument.dataset.own };
  let moments = []; // { at: seconds, elements, line to draw }
  let cursor = null;
  let shown = -1;
  let inKey = own.key; // the key that the page shows

  // List what abcjs has drawn by the time when it sounds, scaled to the clock of our sound.
  function drawn(tune) {
    moments = [];
    shown = -1;
    const svg = staff.querySelector("svg:not(.room)");
    if (!tune || !svg) return;
    tune.setTiming();
    const timings = (tune.noteTimings || []).filter((timing) => timing.type === "event");
    const end = (tune.noteTimings || []).find((timing) => timing.type === "end");
    const scale = end ? length / (end.milliseconds / 1000) : 0;
    if (scale < 0.9 || scale > 1.1) return; // it counts repeats differently: no cursor is better than a wrong one
    moments = timings.map((timing) => ({
      at: (timing.milliseconds / 1000) * scale + head,
      elements: (timing.elements || []).flat(),
      left: timing.left,
      top: timing.top,
      height: timing.height,
    }));
    cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("visibility", "hidden");
    svg.append(cursor);
    follow();
  }

  function momentAt(time) {
    let low = 0;
    let high = moments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (moments[middle].at <= time + 0.01) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  function follow() {
    const time = audio.currentTime;
    const now = time > 0 && time < length ? momentAt(time) : -1;
    if (now === shown) return;
    for (const element of staff.querySelectorAll(".now")) element.classList.remove("now");
    shown = now;
    if (!cursor) return;
    cursor.setAttribute("visibility", now < 0 ? "hidden" : "visible");
    if (now < 0) return;
    const { elements, left, top, height } = moments[now];
    for (const element of elements) element.classList.add("now");
    for (const [name, value] of Object.entries({ x1: left - 2, x2: left - 2, y1: top, y2: top + height })) {
      cursor.setAttribute(name, value);
    }
    if (!audio.paused) keepInView(cursor.getBoundingClientRect());
  }

  function keepInView({ top, bottom }) {
    if (top < play.getBoundingClientRect().bottom || bottom > innerHeight) {
      const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
      cursor.scrollIntoView({ block: "center", behavior });
    }
  }

  function stretch() {
    if (!loop.value) return null;
    if (loop.value === "all") return [0, head + length];
    const { start, end } = loop.selectedOptions[0].dataset;
    return [head + Number(start), head + Number(end)];
  }

  function tick() {
    const repeated = stretch();
    if (repeated && audio.currentTime >= repeated[1]) audio.currentTime = repeated[0];
    follow();
    tell();
    if (!audio.paused) requestAnimationFrame(tick);
  }

  function tell() {
    const time = Math.min(audio.currentTime, length);
    const words = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    if (document.activeElement !== seek || !audio.paused) seek.value = time;
    clock.textContent = `${words(time)} / ${words(length)}`;
    seek.setAttribute("aria-valuetext", said("{now} of {whole}").replace("{now}", words(time)).replace("{whole}", words(length)));
  }

  function setSpeed() {
    audio.defaultPlaybackRate = audio.playbackRate = speed.value / 100;
    const beats = Math.round((player.dataset.beats * speed.value) / 100);
    bpm.textContent = beats;
    speed.setAttribute("aria-valuetext", said("{n} beats a minute").replace("{n}", beats));
  }

  // Build the query that says how the files differ from the tune as it was made.
  function changes(...names) {
    const query = new URLSearchParams();
    for (const name of names) if (byId(name).value !== own[name]) query.set(name, byId(name).value);
    return query.size ? `?${query}` : "";
  }

  async function setKey() {
    const wanted = key.value;
    try {
      const answer = await fetch(`${base}/t/${id}.abc${changes("key")}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const abc = await answer.text();
      if (key.value !== wanted) return; // another key was chosen meanwhile
      source.textContent = abc;
    } catch {
      key.value = inKey;
      say(said("That key could not be had just now."));
      return;
    }
    inKey = wanted;
    byId("fact-key").textContent = key.selectedOptions[0].textContent;
    draw();
    setSound();
  }

  function setSound() {
    const query = changes("key", "instrument");
    history.replaceState(null, "", location.pathname + query + location.hash); // so that a copied link keeps key and instrument
    for (const link of document.querySelectorAll(".files a")) link.search = query;
    const time = audio.currentTime;
    const sounding = !audio.paused;
    for (const sound of audio.querySelectorAll("source")) sound.src = sound.getAttribute("src").split("?")[0] + query;
    audio.load();
    if (time) audio.currentTime = time;
    if (sounding) audio.play().catch(() => {});
  }

  function draw() {
    const picture = player.dataset.picture && player.dataset.picture + changes("key");
    Staff.show(staff, source.textContent, { picture, onDrawn: drawn });
  }

  function say(words) {
    byId("said").textContent = words;
  }

  play.addEventListener("click", () => {
    if (!audio.paused) {
      audio.pause();
      return;
    }
    const repeated = stretch();
    if (audio.currentTime >= length || (repeated && (audio.currentTime < repeated[0] || audio.currentTime >= repeated[1]))) {
      audio.currentTime = repeated ? repeated[0] : 0;
    }
    audio.play().catch(() => say(said("The sound could not be played.")));
  });
  audio.addEventListener("play", () => {
    player.classList.add("playing");
    play.setAttribute("aria-label", said("Pause"));
    requestAnimationFrame(tick);
  });
  for (const event of ["pause", "ended", "error"]) {
    audio.addEventListener(event, () => {
      player.classList.remove("playing");
      play.setAttribute("aria-label", said("Play"));
    });
  }
  for (const [event, busy] of [["waiting", true], ["playing", false], ["pause", false], ["error", false]]) {
    audio.addEventListener(event, () => player.classList.toggle("busy", busy));
  }
  audio.addEventListener("seeked", () => {
    follow();
    tell();
  });
  seek.addEventListener("input", () => {
    if (audio.readyState === 0) audio.load();
    audio.currentTime = Number(seek.value);
    tell();
  });
  speed.addEventListener("input", setSpeed);
  key.addEventListener("change", setKey);
  instrument.addEventListener("change", setSound);
  loop.addEventListener("change", () => {
    const repeated = stretch();
    if (repeated && loop.value !== "all" && !audio.paused) audio.currentTime = repeated[0];
  });

  async function post(address, asked) {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${base}${address}`, { method: "POST", headers, body: JSON.stringify(asked) });
    const reply = await answer.json();
    if (!answer.ok) throw new Error(reply.error);
    return reply;
  }

  for (const button of document.querySelectorAll(".asks")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const reply = await post("/api/chat", { text: button.dataset.command });
        location.assign(`${base}/t/${reply.tune.id}`);
      } catch (error) {
        button.disabled = false;
        button.textContent = said("Try again");
        say(error.message);
      }
    });
  }

  const like = byId("like");
  like.addEventListener("click", async () => {
    const liked = like.getAttribute("aria-pressed") !== "true";
    try {
      const { likes } = await post("/api/like", { tune: id, liked });
      like.setAttribute("aria-pressed", String(liked));
      like.setAttribute("aria-label", likes ? said("Like, {n} so far").replace("{n}", likes) : said("Like"));
      like.textContent = likes ? `♥ ${likes}` : said("♥ Like");
    } catch (error) {
      say(error.message);
    }
  });

  byId("delete")?.addEventListener("click", async (event) => {
    if (!confirm(event.currentTarget.dataset.sure)) return;
    try {
      await post("/api/delete", { tune: id });
      location.replace(`${base}/mine`);
    } catch (error) {
      say(error.message);
    }
  });
  byId("copy").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = said("Copied");
      say(said("The link is copied."));
    } catch {
      prompt(said("The link:"), location.href);
    }
  });
  byId("print").addEventListener("click", () => window.print());

  // Choose what the link says, as the browser may restore another choice.
  const asked = new URLSearchParams(location.search);
  for (const choice of [key, instrument]) {
    choice.value = asked.get(choice.id) ?? own[choice.id];
    if (choice.selectedIndex < 0) choice.value = own[choice.id];
  }
  setSpeed();
  tell();
  if (key.value !== own.key) setKey();
  else {
    draw();
    if (instrument.value !== own.instrument) setSound();
  }
})();
