"use strict";
// Choose bars on a staff, with a pointer or with keys: a list box whose options lie on the bars.

const Bars = (() => {
  // Find where the bars lie, as abcjs has drawn them, in pixels from the corner of the staff.
  function places(staff) {
    const found = new Map();
    const corner = staff.getBoundingClientRect();
    const lines = new Map();
    const box = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left: left - corner.left, right: right - corner.left, top: top - corner.top, bottom: bottom - corner.top };
    };
    const lineOf = (element) => [...element.classList].find((name) => /^abcjs-l\d+$/.test(name));
    for (const each of staff.querySelectorAll("svg .abcjs-note, svg .abcjs-rest")) {
      const names = [...each.classList];
      if (names.some((name) => /^abcjs-v[1-9]/.test(name))) continue;
      const place = `${lineOf(each)} ${names.find((name) => /^abcjs-m\d+$/.test(name))}`;
      const { left, right, top, bottom } = box(each);
      const old = found.get(place) || { line: lineOf(each), left, right, top, bottom };
      found.set(place, { line: old.line, left: Math.min(old.left, left), right: Math.max(old.right, right), top: Math.min(old.top, top), bottom: Math.max(old.bottom, bottom) });
    }
    for (const bar of staff.querySelectorAll("svg .abcjs-bar")) {
      const line = lineOf(bar);
      lines.set(line, [...(lines.get(line) || []), box(bar)]);
    }
    return [...found.values()].map((place) => {
      const ends = (lines.get(place.line) || []).filter((bar) => bar.left >= place.right - 2);
      const end = ends.reduce((nearest, bar) => (!nearest || bar.left < nearest.left ? bar : nearest), null);
      return { ...place, left: place.left - 3, right: end ? end.left : place.right, top: Math.min(place.top, end?.top ?? place.top), bottom: Math.max(place.bottom, end?.bottom ?? place.bottom) };
    });
  }

  // Write bars as they are typed: 5-8,12.
  function written(chosen) {
    const spans = [];
    for (const number of [...chosen].sort((a, b) => a - b)) {
      const last = spans.at(-1);
      if (last && last[1] === number - 1) last[1] = number;
      else spans.push([number, number]);
    }
    return spans.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(",");
  }

  /** Lay a list box on a staff; `numbers` names each bar that is written, 0 for a pickup. */
  function open(staff, numbers, { choosing, onChosen }) {
    const list = document.createElement("div");
    list.className = "bars";
    list.tabIndex = 0;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-multiselectable", "true");
    list.setAttribute("aria-label", said("Bars to draw again"));
    list.setAttribute("aria-describedby", "how");
    staff.after(list);
    let options = []; // { number, element, left, right, top, bottom }
    let chosen = new Set();
    let [anchor, active] = [0, 0];
    let typed = null; // to be marked once the bars are there

    function lay() {
      const found = places(staff);
      const fits = found.length > 0 && found.length === numbers.length;
      list.hidden = !fits;
      if (!fits) return;
      const width = staff.offsetWidth;
      const height = staff.offsetHeight;
      for (const [name, pixels] of Object.entries({ left: staff.offsetLeft, top: staff.offsetTop, width, height })) list.style[name] = `${pixels}px`;
      const fresh = found.map((place, index) => ({ ...place, number: numbers[index] })).filter(({ number }) => number);
      if (options.length !== fresh.length) {
        list.replaceChildren();
        options = fresh.map((place, index) => {
          const element = document.createElement("div");
          element.id = `bar-${index}`;
          element.setAttribute("role", "option");
          element.setAttribute("aria-label", said("Bar {n}").replace("{n}", place.number));
          list.append(element);
          return { ...place, element };
        });
      } else options = fresh.map((place, index) => ({ ...place, element: options[index].element }));
      for (const { element, left, right, top, bottom } of options) {
        for (const [name, share] of Object.entries({ left: left / width, top: (top - 4) / height, width: (right - left) / width, height: (bottom - top + 8) / height })) element.style[name] = `${share * 100}%`;
      }
      if (typed !== null) mark(typed);
      else show();
    }

    // Mark the bars that somebody has typed.
    function mark(words) {
      typed = options.length ? null : words;
      chosen = new Set();
      for (const [, first, last] of words.matchAll(/(\d+)\s*(?:[-–]\s*(\d+))?/g)) {
        for (const { number } of options) if (number >= Number(first) && number <= Number(last || first)) chosen.add(number);
      }
      const place = options.findIndex(({ number }) => chosen.has(number));
      if (place >= 0) [anchor, active] = [place, place];
      show();
    }

    function show() {
      options.forEach(({ number, element }, index) => {
        element.setAttribute("aria-selected", String(chosen.has(number)));
        element.classList.toggle("active", index === active);
      });
      if (options[active]) list.setAttribute("aria-activedescendant", options[active].element.id);
    }

    function choose(index, further) {
      if (!options[index]) return;
      active = index;
      if (!further) anchor = index;
      const [first, last] = [Math.min(anchor, active), Math.max(anchor, active)];
      const now = options.slice(first, last + 1).map(({ number }) => number);
      const same = !further && chosen.size === 1 && chosen.has(now[0]);
      chosen = new Set(same ? [] : now);
      show();
      onChosen(written(chosen));
    }

    // Return the bar over or under one.
    function beside(index, down) {
      const middle = ({ left, right }) => (left + right) / 2;
      const from = options[index];
      const others = options.map((each, place) => ({ ...each, place })).filter((each) => (down ? each.top > from.bottom - 4 : each.bottom < from.top + 4));
      const far = (each) => Math.abs(each.top - from.top) * 1000 + Math.abs(middle(each) - middle(from));
      return others.reduce((best, each) => (!best || far(each) < far(best) ? each : best), null)?.place ?? index;
    }

    list.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const last = options.length - 1;
      const ways = {
        ArrowLeft: () => Math.max(0, active - 1),
        ArrowRight: () => Math.min(last, active + 1),
        ArrowUp: () => beside(active, false),
        ArrowDown: () => beside(active, true),
        Home: () => 0,
        End: () => last,
      };
      if (ways[event.key]) {
        const to = chosen.size ? ways[event.key]() : active; // the first arrow takes the bar that is shown
        if (!chosen.has(options[to].number) || chosen.size > 1 || to !== active) choose(to, event.shiftKey);
        options[active].element.scrollIntoView({ block: "nearest" });
      } else if (event.key === " " || event.key === "Enter") choose(active, event.shiftKey);
      else if (event.key === "Escape") {
        chosen.clear();
        show();
        onChosen("");
      } else return;
      event.preventDefault();
    });

    // A click plays from there, unless somebody is choosing.
    staff.parentElement.addEventListener("click", (event) => {
      if (list.hidden || !staff.contains(event.target) || !(choosing() || event.shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
      const corner = staff.getBoundingClientRect();
      const [x, y] = [event.clientX - corner.left, event.clientY - corner.top];
      const away = ({ left, right, top, bottom }) => Math.max(left - x, x - right, 0) + 2 * Math.max(top - y, y - bottom, 0);
      const nearest = options.reduce((best, each, index) => (away(each) < away(options[best]) ? index : best), 0);
      if (away(options[nearest]) > 60) return;
      list.focus({ preventScroll: true });
      choose(nearest, event.shiftKey);
    }, true);
    staff.addEventListener("mousedown", (event) => {
      if (event.shiftKey) event.preventDefault(); // selects no text
    });

    const choosable = () => staff.classList.toggle("choosing", choosing());
    new ResizeObserver(lay).observe(staff);
    new MutationObserver(lay).observe(staff, { childList: true, subtree: true });
    lay();
    choosable();
    return { choosable, mark };
  }

  return { open };
})();
