"use strict";
// Work on a tune: bars that are chosen on the staff are drawn again; what is written in ABC is drawn and played.

(() => {
  const byId = (id) => document.getElementById(id);
  const [panel, field, text, draft, faults] = ["compose", "chosen", "text", "draft", "faults"].map(byId);
  const [undo, redo, hear, trouble, status] = ["undo", "redo", "hear", "trouble", "said"].map(byId);
  const base = document.documentElement.dataset.base;
  const own = text.defaultValue; // the tune of this page
  const DRAFT = "#abc=";
  const hash = () => (text.value === own ? "" : DRAFT + encodeURIComponent(text.value));
  read();
  const steps = Steps.open(panel.dataset.before && `${base}/t/${panel.dataset.before}`);
  const bars = Bars.open(byId("staff"), JSON.parse(panel.dataset.numbers), { choosing: () => panel.open, onChosen });
  let drawn = null; // what stands in the field, as abcjs has it
  let pending = 0;

  function tell(words) {
    status.textContent = words;
  }

  function sorry(words) {
    trouble.textContent = words;
    trouble.hidden = !words;
  }

  function onChosen(words) {
    panel.open = true;
    field.value = words;
    tell(words ? said("Chosen: bars {bars}").replace("{bars}", words) : said("No bar is chosen"));
  }

  // Draw what stands in the field, and say what of it could not be read, and where.
  function draw() {
    Sound.stop();
    if (!window.ABCJS || !panel.open) return;
    drawn = null;
    const found = ABCJS.parseOnly(text.value)[0];
    const lines = text.value.trim() && found ? found.lines : [];
    Staff.show(draft, text.value, { onDrawn: (tune) => (drawn = tune) });
    const warnings = (found?.warnings || []).map(fault).filter(Boolean).slice(0, 3);
    if (!lines.length) warnings.push(item(said("There are no notes yet; write some below K:, such as GAB d2e|")));
    faults.replaceChildren(...warnings);
    text.setAttribute("aria-invalid", String(warnings.length > 0));
  }

  function item(...parts) {
    const line = document.createElement("li");
    line.append(...parts);
    return line;
  }

  // Make a sentence for what abcjs could not read; pressed, it leads to the place.
  function fault(warning) {
    const place = /^Music Line:(\d+):(\d+)/.exec(warning);
    if (!place) return null;
    const rows = text.value.split("\n");
    const before = Math.max(0, rows.findIndex((each) => each.startsWith("X:"))); // lines that abcjs does not count
    const [row, column] = [before + Number(place[1]) - 1, Number(place[2]) - 1];
    const at = rows.slice(0, row).reduce((sum, each) => sum + each.length + 1, 0) + column;
    const sign = (rows[row] || "")[column];
    const words = sign && sign.trim() ? said("Line {line}: I can't read {sign} here.") : said("Line {line}: something is missing here.");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.replace("{line}", row + 1).replace("{sign}", `“${sign}”`);
    button.addEventListener("click", () => {
      text.focus();
      text.setSelectionRange(at, Math.min(text.value.length, at + 1));
    });
    return item(button);
  }

  // Read what the address says: this tune, or notes that were written.
  function read() {
    let written = own;
    try {
      if (location.hash.startsWith(DRAFT)) written = decodeURIComponent(location.hash.slice(DRAFT.length));
    } catch {
      // the link was cut short: the tune itself is shown
    }
    text.value = written;
    if (written !== own) panel.open = true;
    if (location.hash.startsWith(DRAFT) && location.hash !== hash()) history.replaceState(null, "", location.pathname + location.search + hash());
  }

  function restore() {
    read();
    draw();
    bars.mark(field.value);
    able();
  }

  function able() {
    undo.setAttribute("aria-disabled", String(!steps.earlier() && text.value === own));
    redo.setAttribute("aria-disabled", String(!steps.later()));
  }

  // Make a step of what was written since the last one.
  function commit() {
    clearTimeout(pending);
    pending = 0;
    if (steps.here(hash())) return;
    history.pushState(null, "", location.pathname + location.search + hash());
    steps.add(location.pathname, hash());
    able();
  }

  function go(step, words) {
    if (!step) return;
    tell(words);
    if (step.path === location.pathname) {
      history.pushState(null, "", step.path + location.search + step.hash);
      restore();
    } else location.assign(`${step.path}?compose=${encodeURIComponent(field.value)}${step.hash}`);
  }

  function back() {
    commit();
    go(steps.back(), said("Undone"));
  }

  function forth() {
    commit();
    go(steps.forth(), said("Done again"));
  }

  async function send(address, name, value) {
    const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ [name]: value }) });
    const reply = await answer.json();
    if (!answer.ok) throw new Error(reply.error);
    return reply.id;
  }

  // Have something done that makes a new tune, and go there.
  async function make(form, work) {
    const button = form.querySelector("button:not([type])");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    sorry("");
    tell(said("One moment…"));
    commit();
    try {
      const path = `${base}/t/${await work()}`;
      steps.add(path, "");
      location.assign(`${path}?compose=${encodeURIComponent(field.value)}`);
    } catch (error) {
      sorry(error.message);
      tell("");
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  const keep = () => send(byId("rewrite").action, "abc", text.value);
  byId("redraw").addEventListener("submit", (event) => {
    event.preventDefault();
    make(event.target, async () => {
      const kept = text.value === own ? "" : await keep(); // what was written goes in, too
      return send(kept ? `${base}/t/${kept}/redraw` : event.target.action, "bars", field.value);
    });
  });
  byId("rewrite").addEventListener("submit", (event) => {
    event.preventDefault();
    make(event.target, keep);
  });
  field.addEventListener("input", () => bars.mark(field.value));
  undo.addEventListener("click", back);
  redo.addEventListener("click", forth);
  text.addEventListener("input", () => {
    draw();
    able();
    clearTimeout(pending);
    pending = setTimeout(commit, 800);
  });
  text.addEventListener("change", commit);
  hear.addEventListener("click", () => {
    if (Sound.sounds()) Sound.stop();
    else if (drawn) Sound.play(drawn, (playing) => hear.setAttribute("aria-pressed", String(playing)));
  });
  panel.addEventListener("toggle", () => {
    bars.choosable();
    draw();
  });
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    if (event.target !== text && event.target.closest("input:not([type='range']), textarea")) return;
    const again = key === "y" || event.shiftKey;
    if (event.target !== text && !(again ? steps.later() : steps.earlier())) return;
    event.preventDefault();
    if (again) forth();
    else back();
  });
  addEventListener("popstate", () => {
    clearTimeout(pending);
    steps.find();
    restore();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    steps.find();
    restore();
  });
  restore();
})();
