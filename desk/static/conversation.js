// A conversation that stays up to date: what the server shows now is fetched and put in place.

import { ask, Refused } from "/desk/static/api.js";
import { toast } from "/desk/static/desk.js";
import { byId, make, newId, safeLink } from "/desk/static/dom.js";
import { bindKeys } from "/desk/static/conversation_keys.js";
import { Draft } from "/desk/static/draft.js";

const BEAT = 2500; // milliseconds between looks for news
const HIDDEN = 15000; // while nobody looks
const RENEW = 60000; // milliseconds between words that the holder is still here
const TYPED = 4000; // a keystroke counts as typing for so long

const page = byId("talk");
const path = page.dataset.path;
const scroll = byId("scroll");
const box = byId("say");
const words = (name) => page.dataset[`say${name}`];

let mark = page.dataset.mark;
let typedAt = 0;
let renewedAt = 0;
let isLost = false;
let once = newId(); // of the message being written: sent twice, it counts once
let timer = 0;

// ---- staying up to date

/** The page as the server has it now, as a document: nothing in it runs. */
function fetched(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => (request.status === 200 ? resolve(request.response) : reject(new Error()));
    request.onerror = () => reject(new Error());
    request.open("GET", address);
    request.send();
  });
}

// Whoever reads the newest lines goes on reading them, also when the composer grows.
let atEnd = true;
scroll.addEventListener("scroll", () => {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
});
new ResizeObserver(() => toEnd()).observe(scroll);

function toEnd() {
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
}

async function refresh() {
  const fresh = await fetched(`${path}/now`);
  for (const part of fresh.querySelectorAll("[data-live]")) replace(part);
  mergeLines(fresh);
  page.dataset.draft = fresh.body.dataset.draft;
  draft.seen(Number(fresh.body.dataset.draft), fresh.body.dataset.draftText);
  mark = fresh.body.dataset.mark;
  showState();
  toEnd();
}

/** Puts a part in place of the one shown, unless it says the same or is being used. */
function replace(part) {
  for (const shown of document.querySelectorAll(`[id="${part.id}"]`)) {
    if (shown.isEqualNode(part)) continue;
    const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
    shown.replaceWith(document.importNode(part, true));
    if (focused) byId(focused)?.focus();
  }
}

function mergeLines(fresh) {
  const list = byId("lines");
  if (new URLSearchParams(location.search).has("before")) return; // older lines do not change
  for (const line of fresh.querySelectorAll("#lines > li")) {
    const shown = line.id ? byId(line.id) : null;
    if (!shown) {
      if (!line.id) continue;
      list.querySelector(".nothing")?.remove();
      list.append(document.importNode(line, true));
    } else if (!shown.isEqualNode(line)) shown.replaceWith(document.importNode(line, true));
  }
}

async function beat() {
  clearTimeout(timer);
  const now = Date.now();
  const isRenewing = !document.hidden && now - renewedAt > RENEW;
  const form = new FormData();
  form.set("typing", now - typedAt < TYPED ? "true" : "false");
  form.set("renew", isRenewing ? "true" : "false");
  try {
    const answer = await ask("POST", `${path}/presence`, form);
    if (isRenewing) renewedAt = now;
    if (isLost) toast(words("Back"));
    isLost = false;
    showPresent(answer.present);
    if (answer.mark !== mark) await refresh();
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return location.assign("/desk/");
    if (!isLost) toast(words("Lost"), "bad");
    isLost = true;
  }
  timer = setTimeout(beat, document.hidden ? HIDDEN : BEAT);
}

function showPresent(present) {
  const lines = present.map((one) =>
    make(
      "span",
      { class: one.typing ? "who-else is-typing" : "who-else" },
      `${one.who} ${one.typing ? words("Typing") : words("Looking")}`,
    ),
  );
  byId("present").replaceChildren(...lines);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) beat();
});
addEventListener("pagehide", () => {
  const csrf = document.querySelector('meta[name="csrf"]').content;
  fetch(`${path}/leave`, { method: "POST", keepalive: true, headers: { "X-CSRF-Token": csrf } });
});

// ---- the composer

const draft = new Draft(box, path, Number(page.dataset.draft), {
  changed: () => {
    typedAt = Date.now();
    showState();
  },
});

function blanksIn(text) {
  return [...new Set([...text.matchAll(/⟦([^⟦⟧]*)⟧/g)].map((one) => one[1]))];
}

/** Whether what stands there can be sent, and what keeps it from being sent. */
function showState() {
  const state = byId("live-state");
  const blanks = blanksIn(box.value);
  const max = Number(state.dataset.max);
  const isTooLong = box.value.length > max;
  byId("send").disabled = !state.dataset.can || blanks.length > 0 || isTooLong;
  for (const id of ["attach-open", "propose-open", "document-open"]) byId(id).disabled = !state.dataset.can;
  const hint = byId("say-hint");
  if (blanks.length) hint.textContent = words("Blanks").replace("%s", blanks.join("、"));
  else if (box.value.length > max * 0.8) hint.textContent = `${box.value.length} / ${max}`;
  else hint.textContent = "";
}

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = byId("send");
  if (button.disabled) return;
  button.disabled = true;
  const problem = byId("say-problem");
  problem.hidden = true;
  const form = new FormData();
  form.set("text", box.value);
  form.set("once", once);
  const said = box.value;
  try {
    await draft.settled();
    await ask("POST", `${path}/say`, form);
    once = newId();
    if (box.value === said) draft.sent();
    atEnd = true;
    await refresh();
  } catch (error) {
    problem.textContent = error instanceof Refused ? error.message : words("Lost");
    problem.hidden = false;
    await refresh().catch(() => {});
  }
  showState();
  box.focus();
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});

/** Puts text where the cursor is. */
function insert(text) {
  const before = box.value.slice(0, box.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  box.setRangeText(gap + text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input"));
  show("talk");
  box.focus();
}

byId("canned").addEventListener("click", async (event) => {
  const chosen = event.target.closest("[data-canned]");
  if (!chosen) return;
  byId("canned").open = false;
  const filled = await ask("GET", `${path}/canned/${chosen.dataset.canned}`);
  insert(filled.text);
  const first = box.value.indexOf("⟦");
  if (first >= 0) box.setSelectionRange(first, box.value.indexOf("⟧", first) + 1);
});

// ---- files: one is one message

byId("attach-open").addEventListener("click", () => byId("attach").click());
byId("attach").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf, "X-File-Name": encodeURIComponent(file.name) };
  try {
    const response = await fetch(`${path}/attach`, { method: "POST", headers, body: file });
    if (!response.ok) throw new Refused(response.status, "", (await response.json()).error);
    await refresh();
  } catch (error) {
    const problem = byId("say-problem");
    problem.textContent = error instanceof Refused ? error.message : words("Lost");
    problem.hidden = false;
  }
});

// ---- knowledge

byId("look-form").addEventListener("submit", (event) => {
  event.preventDefault();
  look({ q: byId("look").value });
});

async function look(query) {
  const found = await ask("GET", `${path}/knowledge?${new URLSearchParams(query)}`);
  const parts = found.answers.map((one) =>
    make(
      "article",
      { class: "found" },
      make("h3", {}, one.title),
      make("p", { class: "words" }, one.text),
      make(
        "p",
        { class: "small soft" },
        ...one.citations.flatMap((cited) => {
          const href = safeLink(cited.url);
          const name = `${cited.title} ${cited.as_of}`.trim();
          return [href && cited.url ? make("a", { href, rel: "noreferrer" }, name) : name, " "];
        }),
      ),
      make("button", { class: "button small", type: "button", onclick: () => insert(one.text) }, words("Insert")),
    ),
  );
  if (found.more.length) {
    parts.push(
      make(
        "div",
        { class: "found" },
        make("h3", { class: "small soft" }, words("More")),
        ...found.more.map((one) =>
          make(
            "button",
            { class: "item more", type: "button", onclick: () => look({ article: one.article }) },
            one.title,
          ),
        ),
      ),
    );
  }
  if (!parts.length) parts.push(make("p", { class: "soft" }, words("Nothing")));
  byId("look-found").replaceChildren(...parts);
}

// ---- forms that act without leaving the page

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  const problem = form.querySelector("[data-problem]");
  if (problem) problem.hidden = true;
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((one) => (one.disabled = true));
  try {
    const answer = await ask("POST", form.getAttribute("action"), new FormData(form));
    form.closest("dialog")?.close();
    form.reset();
    if (answer.done) toast(answer.done);
    await refresh();
    if (form.dataset.act === "claim") {
      renewedAt = Date.now();
      box.focus();
    }
  } catch (error) {
    const sentence = error instanceof Refused ? error.message : words("Lost");
    if (problem) {
      problem.textContent = sentence;
      problem.hidden = false;
    } else toast(sentence, "bad");
    await refresh().catch(() => {});
  } finally {
    buttons.forEach((one) => (one.disabled = false));
  }
});

// Only the fields an event of the chosen kind has.
const kind = byId("record-event");
function showFields() {
  for (const field of document.querySelectorAll("[data-for]")) {
    field.hidden = !field.dataset.for.split(" ").includes(kind.value);
    for (const input of field.querySelectorAll("input, select, textarea")) input.disabled = field.hidden;
  }
}
kind.addEventListener("change", showFields);
showFields();

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-propose]");
  if (!chosen) return;
  byId("propose-step").value = chosen.dataset.propose;
  byId("propose").showModal();
  byId("propose-value").focus();
});

// ---- a masked value, for a reason, for a minute

let revealing = "";

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-reveal]");
  if (!chosen) return;
  revealing = chosen.dataset.reveal;
  byId("reveal-what").textContent = chosen.closest(".answer").querySelector("dt").textContent;
  byId("reveal").showModal();
  byId("reveal-why").focus();
});

byId("reveal-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData();
  form.set("step", revealing);
  form.set("reason", byId("reveal-why").value);
  const problem = byId("reveal").querySelector("[data-problem]");
  try {
    const answer = await ask("POST", `${path}/reveal`, form);
    byId("reveal").close();
    problem.hidden = true;
    const value = document.querySelector(`[data-step="${CSS.escape(revealing)}"] .value`);
    const masked = value.textContent;
    value.textContent = answer.value;
    value.classList.add("is-revealed");
    setTimeout(() => {
      value.textContent = masked;
      value.classList.remove("is-revealed");
    }, answer.seconds * 1000);
  } catch (error) {
    problem.textContent = error instanceof Refused ? error.message : words("Lost");
    problem.hidden = false;
  }
});

// ---- tabs

const isWide = matchMedia("(min-width: 64rem)");

export function show(name) {
  if (name === "talk" && isWide.matches) return; // it is always there
  page.dataset.shown = name;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }
}
document.querySelector(".talk-tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (tab) show(tab.dataset.tab);
});

if (isWide.matches) show("filing");
isWide.addEventListener("change", () => show(isWide.matches ? "filing" : "talk"));

bindKeys({ show, box });
showState();
toEnd();
beat();
