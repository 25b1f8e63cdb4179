// The queue: rows that come, change and move, times that run down, keys to walk through it.

import { byId, icon, make } from "/desk/static/dom.js";
import { ICONS } from "/desk/static/icons.js";
import { fill, spanWords } from "/desk/static/spans.js";
import { Stream } from "/desk/static/stream.js";

const list = byId("cases");
const live = byId("live");
const texts = list ? JSON.parse(list.dataset.script) : {};
const title = document.title;

// ---- rows

function mark(one) {
  const words = make("span", {}, one.text);
  const drawn = make("span", { class: `badge ${one.tone}` }, icon(ICONS[one.icon]), words);
  if (one.at) Object.assign(drawn.dataset, { at: one.at, words: one.words });
  return drawn;
}

/** The same row as templates/queue_row.html makes. */
function row(one) {
  const name = make("strong", one.named ? {} : { class: "soft" }, one.name);
  const domain = one.domain ? make("span", { class: "case-domain" }, one.domain) : null;
  const urgent = one.urgent
    ? make("span", { class: "badge bad" }, icon(ICONS.warning), one.urgent)
    : null;
  const holder = one.holder
    ? make("span", { class: "case-holder" }, icon(ICONS.account), fill(texts.held, one.holder))
    : null;
  const heard = one.heard
    ? make("span", { "data-at": one.heard, "data-words": texts.heard }, one.heard_text)
    : null;
  return make(
    "li",
    { class: `case ${one.tone}`, "data-id": one.id, "data-holder": one.holder?.agent },
    make(
      "a",
      { href: one.href },
      make("span", { class: "case-name" }, name, domain ? " " : null, domain),
      make("span", { class: "case-marks" }, urgent, ...one.marks.map(mark)),
      make("span", { class: "case-facts" }, one.facts.join(" · ")),
      make("span", { class: "case-side" }, holder, heard),
    ),
  );
}

const rowOf = (id) => list.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`);

function put(rows, isNew) {
  for (const [id, one] of Object.entries(rows)) {
    const known = rowOf(id);
    const made = row(one);
    if (known?.classList.contains("chosen")) made.classList.add("chosen");
    if (isNew) made.classList.add("fresh");
    if (known) known.replaceWith(made);
    else list.append(made);
  }
}

/** Brings the rows into this order, and takes out what is no longer among them. */
function arrange(order) {
  const wanted = new Set(order);
  for (const known of [...list.children]) if (!wanted.has(known.dataset.id)) known.remove();
  order.forEach((id, place) => {
    const here = list.children[place];
    if (here?.dataset.id !== id) list.insertBefore(rowOf(id), here ?? null);
  });
  byId("nobody").hidden = list.children.length > 0;
}

/** Changes the list without losing the place of whoever walks through it by keys. */
function keepingFocus(change) {
  const focused = document.activeElement?.closest?.("#cases > li")?.dataset.id;
  change();
  if (focused && !document.activeElement?.closest?.("#cases > li")) {
    rowOf(focused)?.querySelector("a").focus({ preventScroll: true });
  }
  countDown();
}

// ---- counts

function count({ states, held }) {
  const numbers = { ...states, mine: held[list.dataset.agent] ?? 0 };
  for (const chip of document.querySelectorAll("[data-state]")) {
    chip.querySelector(".count").textContent = numbers[chip.dataset.state] ?? 0;
  }
  entitle(states.waiting);
}

/** How many wait is seen in the tab too. */
function entitle(waiting) {
  document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
}

// ---- times

function countDown() {
  const now = Date.now();
  for (const timed of document.querySelectorAll("#cases [data-at]")) {
    const words = spanWords(Date.parse(timed.dataset.at) - now, texts);
    const shown = timed.querySelector("span") ?? timed;
    shown.textContent = fill(timed.dataset.words, { span: words });
  }
}

// ---- the stream

function say(key, params = {}, isBad = true) {
  live.hidden = false;
  live.classList.toggle("bad", isBad);
  live.replaceChildren(fill(texts[key], params));
  if (key === "logged_out" || key === "replaced") {
    live.append(" ", make("a", { href: location.href }, texts.reload));
  }
}

function follow() {
  const stream = new Stream(
    list.dataset.events,
    list.dataset.seen,
    {
      patch: (patch) =>
        keepingFocus(() => {
          if (patch.rows) put(patch.rows, true);
          if (patch.order) arrange(patch.order);
          if (patch.counts) count(patch.counts);
        }),
      whole: (whole) =>
        keepingFocus(() => {
          put(whole.rows, false);
          arrange(whole.order);
          count(whole.counts);
        }),
      beat: ({ lag }) =>
        lag > 5 ? say("late", { span: spanWords(lag * 1000, texts) }) : say("on", {}, false),
      replaced: () => {
        stream.close();
        say("replaced");
      },
      logged_out: () => {
        stream.close();
        say("logged_out");
      },
    },
    (state) => say(state, {}, state !== "on"),
  );
  addEventListener("pagehide", () => stream.close());
  addEventListener("pagehide", remember);
  addEventListener("pageshow", (event) => event.persisted && stream.open());
}

/** The order as it was left: j and k in a conversation go on in it. */
function remember() {
  const paths = [...list.querySelectorAll("a[href]")].map((one) => one.pathname);
  sessionStorage.setItem("beian-queue", JSON.stringify([...new Set(paths)]));
}

// ---- keys

function choose(step) {
  const rows = [...list.children];
  if (!rows.length) return;
  const at = rows.findIndex((one) => one.classList.contains("chosen"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove("chosen");
  next.classList.add("chosen");
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => choose(1),
  k: () => choose(-1),
  e: () => list.querySelector(".chosen a")?.click(),
  r: () => location.reload(),
  "/": () => byId("search").focus(),
  "?": () => {
    const keys = byId("keys");
    if (keys) keys.open = !keys.open;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, dialog")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!list && event.key !== "/") return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

if (list) {
  list.addEventListener("focusin", (event) => {
    const here = event.target.closest("li");
    for (const one of list.querySelectorAll(".chosen")) if (one !== here) one.classList.remove("chosen");
    here?.classList.add("chosen");
  });
  countDown();
  setInterval(countDown, 15000);
  if (list.dataset.events) {
    entitle(Number(document.querySelector('[data-state="waiting"] .count').textContent));
    follow();
  }
}
