"use strict";
// Send what is typed to POST /api/chat, and show the reply. What was said is there again after a reload.

(() => {
  const log = document.getElementById("log");
  const form = document.getElementById("ask");
  const text = document.getElementById("text");
  const send = document.getElementById("send");
  const options = document.getElementById("options");
  const file = document.getElementById("file");
  const base = document.documentElement.dataset.base;
  const typed = [];
  const MOST = 30; // exchanges that are kept for a reload
  const SHELF = `chat ${base}`;
  let kept = [];
  let back = 0;
  let busy = false;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function add(item) {
    log.append(item);
    item.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    return item;
  }

  function calm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
  }

  async function ask(command) {
    const wish = command.trim();
    if (!wish || busy) return;
    typed.push(wish);
    back = typed.length;
    const headers = { "Content-Type": "application/json" };
    await exchange(wish, () => post(`${base}/api/chat`, headers, JSON.stringify({ text: wish })));
  }

  async function open(sent) {
    if (!sent || busy) return;
    const headers = { "Content-Type": "application/octet-stream" };
    const small = sent.size <= Number(file.dataset.most);
    await exchange(`📎 ${sent.name}`, async () => {
      if (!small) throw new Error(file.dataset.tooLarge);
      return post(`${base}/api/file?name=${encodeURIComponent(sent.name)}`, headers, sent);
    });
  }

  // Show what was said, wait for the answer, and show that.
  async function exchange(wish, answered) {
    busy = true;
    send.disabled = true;
    log.classList.add("talking");
    add(make("div", { class: "from-you" }, make("p", {}, wish)));
    const waiting = add(make("div", { class: "from-bot waiting" }, dots()));
    const got = await answered().then((answer) => ({ answer }), (error) => ({ sorry: error.message }));
    keep({ wish, ...got });
    const item = shownAs(got);
    waiting.replaceWith(item.element);
    item.shown();
    item.element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    busy = false;
    send.disabled = false;
  }

  function shownAs({ answer, sorry: sentence }) {
    return answer ? reply(answer) : sorry(sentence);
  }

  // Keep the last exchanges in this tab, as far as the browser lets us.
  function keep(exchange) {
    kept = [...kept, exchange].slice(-MOST);
    try {
      sessionStorage.setItem(SHELF, JSON.stringify(kept));
    } catch {
      kept = kept.slice(-1);
    }
  }

  // Show again what was said in this tab.
  function recall() {
    try {
      kept = JSON.parse(sessionStorage.getItem(SHELF)) || [];
    } catch {
      kept = [];
    }
    if (!kept.length) return;
    log.setAttribute("aria-live", "off"); // it was read out when it was new
    log.classList.add("talking");
    for (const { wish, ...got } of kept) {
      if (!wish.startsWith("📎")) typed.push(wish);
      log.append(make("div", { class: "from-you" }, make("p", {}, wish)));
      const item = shownAs(got);
      log.append(item.element);
      item.shown();
    }
    back = typed.length;
    log.lastElementChild.scrollIntoView({ block: "start" });
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  }

  async function post(address, headers, body) {
    let response;
    try {
      response = await fetch(address, { method: "POST", headers, body });
    } catch {
      throw new Error(said("I can't reach the bot; is it still running?"));
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.error || said("Something went wrong; please try again."));
    return answer;
  }

  function dots() {
    const dot = () => make("span", { class: "note", "aria-hidden": "true" }, "♪");
    return make("p", {}, make("span", { class: "visually-hidden" }, said("Composing…")), dot(), dot(), dot());
  }

  function sorry(sentence) {
    return { element: make("div", { class: "from-bot sorry" }, make("p", {}, sentence)), shown() {} };
  }

  function reply(answer) {
    const element = make("div", { class: "from-bot" });
    let staff = null;
    if (answer.tune) {
      element.classList.add("with-tune");
      element.append(make("h2", {}, answer.title), facts(answer.facts), ...answer.notes.map(note));
      if (answer.parent) {
        const link = make("a", { href: answer.parent.url, target: "_blank", rel: "noopener" }, answer.parent.label);
        element.append(make("p", { class: "note" }, link));
      }
      staff = make("div", { class: "paper", role: "img", "aria-label": said("Sheet music of {title}").replace("{title}", answer.title) });
      element.append(staff);
    } else {
      element.append(make("p", { class: "plain" }, answer.text));
    }
    element.append(...sounds(answer.attachments), actions(answer));
    if (answer.tune) {
      const source = make("pre", { tabindex: "0" }, answer.tune.abc);
      element.append(make("details", { class: "source" }, make("summary", {}, said("ABC text")), source));
    }
    const picture = answer.attachments.find((file) => file.kind === "picture")?.url;
    const shown = () => staff && Staff.show(staff, answer.tune.abc, { picture });
    return { element, shown };
  }

  function facts(byName) {
    return make("ul", { class: "facts" }, ...Object.values(byName).map((fact) => make("li", {}, fact)));
  }

  function note(sentence) {
    return make("p", { class: "note" }, sentence);
  }

  function sounds(attachments) {
    return attachments
      .filter((file) => file.kind === "audio")
      .map((file) => make("audio", { controls: "", preload: "none", src: file.url, "aria-label": said("Play the tune") }));
  }

  function actions(answer) {
    const row = make("p", { class: "actions" });
    for (const button of answer.buttons) {
      row.append(
        button.command
          ? make("button", { type: "button", class: "button", "data-command": button.command }, button.label)
          : make("a", { class: "button quiet", href: button.url, target: "_blank", rel: "noopener" }, button.label),
      );
    }
    for (const file of answer.attachments) {
      const attributes = { class: "button quiet", href: file.url, download: file.name };
      row.append(make("a", attributes, `${file.label} ↓`));
    }
    return row;
  }

  // Spell the chosen options as a command, so that people see how to type it.
  function spelled() {
    const words = ["/tune"];
    for (const option of options.querySelectorAll("input, select")) {
      const output = option.parentElement.querySelector("output");
      if (output) output.value = option.value;
      const value = option.value.trim();
      if (!value || value === option.dataset.default) continue;
      words.push(`${option.name}=${/[\s"]/.test(value) ? `"${value}"` : value}`);
    }
    return words.join(" ");
  }

  options.addEventListener("input", () => {
    text.value = spelled();
    grow();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (button) ask(button.dataset.command);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wish = text.value;
    if (!wish.trim() || busy) return;
    text.value = "";
    grow();
    options.open = false;
    ask(wish);
  });

  file.addEventListener("change", () => {
    const [sent] = file.files;
    file.value = "";
    open(sent);
  });

  // A file may be dropped anywhere on the page, and pasted.
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    form.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  });

  addEventListener("paste", (event) => {
    const [sent] = event.clipboardData.files;
    const pasted = event.clipboardData.getData("text/plain");
    if (sent && !pasted) {
      event.preventDefault();
      open(sent);
    } else if (pasted && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      text.value += pasted;
      grow();
      text.focus();
    }
  });

  recall();
  if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true }); // not on a phone, where it would open the keyboard

  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !text.value.includes("\n")) {
      const next = back + (event.key === "ArrowUp" ? -1 : 1);
      if (next < 0 || next > typed.length) return;
      event.preventDefault();
      back = next;
      text.value = typed[back] || "";
      grow();
    }
  });
})();
