"use strict";
// Draw the first bars of each tune when they come into view.

(() => {
  if (!window.ABCJS) return;
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
  for (const place of document.querySelectorAll(".incipit")) watch.observe(place);
})();
