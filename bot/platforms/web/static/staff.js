"use strict";
// Draw a tune with abcjs as wide as its container, again when that width changes.

// Say a text of ours in the language of the page, which has those that scripts need.
const said = ((words) => (text) => words[text] || text)(JSON.parse(document.documentElement.dataset.words || "{}"));

const Staff = (() => {
  const PHONE = 520; // pixels; below this width only two bars a line are readable

  const watched = new WeakMap();
  const narrow = (width) => width < PHONE;

  // Break a line of four bars, as our ABC has them, into two for a phone.
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

  // Drop title and type, which stand above the staff as text for screen readers.
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

  // Put a drawing in place of the one before; the room that the page keeps for it stays.
  function fill(element, drawing) {
    element.replaceChildren(...element.querySelectorAll(":scope > .room"), drawing);
  }

  // Take the room away once something is drawn and nothing in view would move.
  function leaveRoom(element, drawing) {
    if (drawing.getBoundingClientRect().bottom < innerHeight) return;
    for (const room of element.querySelectorAll(":scope > .room")) room.remove();
  }

  // Show the server's drawing, or else the ABC text, where abcjs could not be loaded.
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
    image.src = picture + (night ? (picture.includes("?") ? "&dark" : "?dark") : "");
    fill(element, image);
    image.addEventListener("load", () => leaveRoom(element, image));
  }

  /** Draw `abc` into `element` and keep it drawn; call `onDrawn(tune)` after each drawing. */
  function show(element, abc, { picture = "", options = {}, onDrawn = () => {} } = {}) {
    if (!window.ABCJS) {
      instead(element, abc, picture);
      return;
    }
    const inner = document.createElement("div"); // abcjs ignores the padding of its box
    fill(element, inner);
    let drawn = 0;
    const redraw = () => {
      const width = inner.clientWidth;
      if (!width || (drawn && narrow(width) === narrow(drawn))) return;
      drawn = width;
      onDrawn(draw(inner, abc, width, options));
      leaveRoom(element, inner);
    };
    redraw();
    watched.get(element)?.disconnect(); // the observer of the tune shown before
    const watch = new ResizeObserver(redraw);
    watch.observe(inner);
    watched.set(element, watch);
  }

  return { show };
})();
