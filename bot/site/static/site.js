// The help site's search, and what else a page does by itself. Everything can be read without it.

const form = document.getElementById("search");
const results = document.getElementById("results");
const MOST = 20;
const ENOUGH = 0.34; // share of the question's weight that a page must hold
const WAIT = 120; // milliseconds after the last key

/** The terms of a text, as bot/site/search_index.py makes them. */
export function termsOf(text, simplified) {
  const plain = [...text.normalize("NFKC").toLowerCase()].map((sign) => simplified.get(sign) ?? sign);
  const terms = [];
  for (const [run] of plain.join("").matchAll(/[a-z0-9]+|[\u3400-\u9fff]+/g)) {
    if (/^[a-z0-9]/.test(run)) terms.push(run.length > 3 && run.endsWith("s") ? run.slice(0, -1) : run);
    else if (run.length === 1) terms.push(run);
    else for (let at = 0; at < run.length - 1; at += 1) terms.push(run.slice(at, at + 2));
  }
  return [...new Set(terms)];
}

/** Places of the pages that fit a question, the best first. */
export function ranked(question, index) {
  const scores = new Map();
  let whole = 0;
  for (const term of termsOf(question, index.simplified)) {
    const held = index.terms[term] ?? [];
    const rarity = Math.log(1 + (2 * index.pages.length) / (held.length + 1));
    whole += rarity;
    for (let at = 0; at < held.length; at += 2) {
      const known = scores.get(held[at]) ?? { share: 0, score: 0 };
      known.share += rarity;
      known.score += rarity * Math.log2(1 + held[at + 1]);
      scores.set(held[at], known);
    }
  }
  return [...scores]
    .filter(([, { share }]) => share >= ENOUGH * whole)
    .sort(([one, a], [other, b]) => b.score - a.score || one - other)
    .slice(0, MOST)
    .map(([page]) => page);
}

let loading = null;

function loadIndex() {
  loading ??= fetch("search.json").then(async (answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    const index = await answer.json();
    const pairs = [...index.simplified];
    index.simplified = new Map();
    for (let at = 0; at < pairs.length; at += 2) index.simplified.set(pairs[at], pairs[at + 1]);
    return index;
  });
  return loading;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function show(question) {
  history.replaceState(null, "", question ? `?q=${encodeURIComponent(question)}` : location.pathname);
  results.hidden = question === "";
  if (question === "") return;
  let lines;
  let index;
  try {
    index = await loadIndex();
    lines = ranked(question, index);
  } catch {
    loading = null;
    results.replaceChildren(element("p", results.dataset.failed));
    return;
  }
  if (form.elements.q.value.trim() !== question) return; // another one was typed meanwhile
  if (lines.length === 0) {
    results.replaceChildren(element("p", results.dataset.none));
    return;
  }
  const list = element("ul", "");
  for (const [address, title, under] of lines.map((page) => index.pages[page])) {
    const link = element("a", title, { href: address });
    link.append(element("small", under));
    const item = element("li", "");
    item.append(link);
    list.append(item);
  }
  const count = element("p", results.dataset.found.replace("{count}", lines.length), { class: "soft" });
  results.replaceChildren(count, list);
}

if (form) {
  form.hidden = false;
  const box = form.elements.q;
  if (results) {
    let timer = null;
    box.addEventListener("focus", () => loadIndex().catch(() => (loading = null)), { once: true });
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(box.value.trim()), WAIT);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      show(box.value.trim());
    });
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      box.value = asked;
      show(asked.trim());
    }
  }
}

// On paper nothing can be unfolded.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

// The first page leads to the reader's language.
const choices = [...document.querySelectorAll("[data-locale]")];
if (choices.length > 0) {
  const wished = navigator.languages.map((language) => language.slice(0, 2));
  const fits = wished.map((language) => choices.find((one) => one.dataset.locale.startsWith(language)));
  location.replace((fits.find(Boolean) ?? choices[0]).href);
}
