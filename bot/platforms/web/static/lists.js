"use strict";
// Draw how each tune begins when it comes into view, and play one at a time.

(() => {
  function incipit(abc) {
    const lines = abc.split("\n");
    const head = lines.filter((line) => /^[XMLK]:/.test(line));
    const music = lines.find((line) => line && !/^[A-Za-z]:|^%/.test(line)) || "";
    const bars = music.replace(/"[^"]*"/g, "").split(/(?<=[^|:\s][|:\]]+)/);
    return [...head, bars.slice(0, 3).join("")].join("\n");
  }

  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      window.ABCJS.renderAbc(target, incipit(target.dataset.abc), {
        responsive: "resize",
        staffwidth: 300,
        paddingleft: 0,
        paddingright: 0,
        paddingtop: 0,
        paddingbottom: 0,
      });
    }
  });
  if (window.ABCJS) for (const place of document.querySelectorAll(".incipit span")) watch.observe(place);

  const audio = new Audio();
  audio.id = "audio";
  let heard = null;

  function show() {
    for (const button of document.querySelectorAll(".hear")) {
      button.setAttribute("aria-pressed", String(button === heard && !audio.paused));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".hear");
    if (!button) return;
    if (button === heard && !audio.paused) {
      audio.pause();
      return;
    }
    if (button !== heard) audio.src = button.dataset.sound;
    heard = button;
    audio.play().catch(() => {
      if (button === heard) button.classList.add("mute");
    });
  });
  for (const event of ["play", "pause", "ended", "error"]) audio.addEventListener(event, show);
})();
