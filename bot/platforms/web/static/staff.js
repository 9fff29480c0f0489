"use strict";
// Draws a tune with abcjs, as wide as its place, again whenever that width changes.

const Staff = (() => {
  const PHONE = 520; // pixels; under it two bars a line are as much as one can read

  const watched = new WeakMap();
  const narrow = (width) => width < PHONE;

  // Our ABC has four bars a line; half of that is as much as a phone can show.
  function halved(line) {
    const pieces = line.match(/"[^"]*"|:*\|+[:\]]*(?:\d[\d,-]*)?|::|\[[|\d]|[^"|:[]+|./g) || [];
    const isBar = (piece) => piece.startsWith("::") || (piece.includes("|") && !piece.startsWith('"'));
    const ends = [];
    let music = false;
    pieces.forEach((piece, index) => {
      if (!isBar(piece)) music = music || Boolean(piece.trim());
      else if (music) {
        ends.push(index);
        music = false;
      }
    });
    if (music) ends.push(pieces.length - 1);
    if (ends.length < 3) return line;
    const middle = ends[Math.ceil(ends.length / 2) - 1] + 1;
    return `${pieces.slice(0, middle).join("")}\n${pieces.slice(middle).join("").trimStart()}`;
  }

  // Title and type stand above the staff as text, where a screen reader finds them.
  function lean(abc, width) {
    const lines = abc.split("\n").filter((line) => !/^[TRCSNZ]:/.test(line));
    return lines.map((line) => (narrow(width) && !/^[A-Za-z]:|^%/.test(line) ? halved(line) : line)).join("\n");
  }

  function draw(element, abc, width, options) {
    const padding = narrow(width) ? 2 : 8;
    return window.ABCJS.renderAbc(element, lean(abc, width), {
      add_classes: true,
      responsive: "resize",
      staffwidth: narrow(width) ? Math.max(300, width) : 780,
      paddingleft: padding,
      paddingright: padding,
      paddingtop: 4,
      paddingbottom: 4,
      format: { gchordfont: "Helvetica 13", tempofont: "Georgia 14 bold", stretchlast: true },
      ...options,
    })[0];
  }

  // Without abcjs, which may have to come from afar: the server's drawing, or the text itself.
  function instead(element, abc, picture) {
    const text = () => {
      element.textContent = abc;
      element.classList.add("plain");
    };
    if (!picture) {
      text();
      return;
    }
    const image = new Image();
    image.className = "sheet";
    image.alt = "";
    image.addEventListener("error", text);
    const night = matchMedia("(prefers-color-scheme: dark)").matches && picture.endsWith(".svg");
    image.src = picture + (night ? "?dark" : "");
    element.replaceChildren(image);
  }

  /** Draws `abc` into `element` and keeps it drawn; `onDrawn(tune)` after each drawing. */
  function show(element, abc, { picture = "", options = {}, onDrawn = () => {} } = {}) {
    if (!window.ABCJS) {
      instead(element, abc, picture);
      return;
    }
    const inner = document.createElement("div"); // abcjs fills its box to the border, padding or not
    element.replaceChildren(inner);
    let drawn = 0;
    const redraw = () => {
      const width = inner.clientWidth;
      if (!width || (drawn && narrow(width) === narrow(drawn))) return;
      drawn = width;
      onDrawn(draw(inner, abc, width, options));
    };
    redraw();
    watched.get(element)?.disconnect(); // of the tune that was here before
    const watch = new ResizeObserver(redraw);
    watch.observe(inner);
    watched.set(element, watch);
  }

  return { show };
})();
