// One line of the conversation as an element.

import { icon, make, safeLink } from "./dom.js";
import { say } from "./settings.js";

const MANY = 6;
const CHECK = "M5 12.5l4.5 4.5L19 7.5";
const OUTWARD = "M9 6h9v9M18 6 7 17";

/** What the assistant or a colleague said; `onPress(button)` is called with a choice. */
export function saidLine(said, onPress) {
  const words = make("div", { class: "words" });
  const [eyebrow, text] = splitProgress(said);
  if (eyebrow) words.append(make("span", { class: "eyebrow" }, eyebrow));
  words.append(...withHeadings(text));
  const line = make(
    "div",
    { class: `line said ${said.by ? "is-staff" : `is-${said.kind}`}` },
    make(
      "div",
      { class: "bubble" },
      said.by ? make("span", { class: "tag" }, said.by) : tag(said.kind),
      said.by ? null : make("span", { class: "unseen" }, say("assistant")),
      words,
      sources(said.citations),
      files(said.files),
    ),
  );
  if (said.buttons.length > 0) line.append(choices(said.buttons, onPress));
  return line;
}

/** What the applicant said. */
export function heardLine(words) {
  return make(
    "div",
    { class: "line heard" },
    make(
      "div",
      { class: "bubble" },
      make("span", { class: "unseen" }, say("me")),
      make("div", { class: "words" }, words ?? say("hidden")),
    ),
  );
}

/** A line between days. */
export const dayLine = (name) => make("p", { class: "day" }, name);

/** Shows what became of an own message; `actions` are [label, listener] pairs. */
export function showState(line, state, reason, actions = []) {
  line.querySelector(".state")?.remove();
  line.classList.toggle("is-sending", state === "sending" || state === "waiting");
  line.classList.toggle("is-failed", state === "failed");
  if (state === "sent") return;
  const words = state === "failed" && reason ? `${say("failed")}：${reason}` : `${say(state)} ${reason ?? ""}`;
  line.append(
    make(
      "div",
      { class: "state" },
      make("span", {}, words),
      ...actions.map(([label, onclick]) =>
        make("button", { type: "button", class: "plain", onclick }, label),
      ),
    ),
  );
}

/** Makes choices that can no longer be made look so; `chosen` is the label that was. */
export function retire(group, chosen) {
  group.classList.add("is-past");
  for (const choice of group.children) {
    if (choice.tagName === "A") {
      choice.removeAttribute("href");
      choice.setAttribute("aria-disabled", "true");
      continue;
    }
    choice.disabled = true;
    if (choice.dataset.label === chosen && !choice.classList.contains("is-chosen")) {
      choice.classList.add("is-chosen");
      choice.prepend(icon(CHECK));
      choice.append(make("span", { class: "unseen" }, `（${say("chosen")}）`));
    }
  }
}

/** Makes retired choices live again: what was chosen did not get through. */
export function revive(group) {
  group.classList.remove("is-past");
  for (const choice of group.children) {
    if (choice.tagName === "A") {
      choice.setAttribute("href", choice.dataset.href);
      choice.removeAttribute("aria-disabled");
      continue;
    }
    choice.disabled = false;
    choice.classList.remove("is-chosen");
    choice.replaceChildren(choice.dataset.label);
  }
}

function choices(buttons, onPress) {
  const length = buttons.length > MANY ? " is-long" : "";
  const made = buttons.map((button) => choice(button, onPress));
  return make("div", { class: `choices${length}`, role: "group" }, ...made);
}

function choice(button, onPress) {
  const address = button.url ? safeLink(button.url) : null;
  if (address !== null) {
    return make(
      "a",
      { class: "choice", href: address, "data-href": address, target: "_blank", rel: "noopener noreferrer" },
      button.label,
      icon(OUTWARD),
      make("span", { class: "unseen" }, `（${say("opens_page")}）`),
    );
  }
  return make(
    "button",
    {
      type: "button",
      class: button.quiet ? "choice is-quiet" : "choice",
      "data-label": button.label,
      onclick: () => onPress(button),
    },
    button.label,
  );
}

/** A question's first line tells its place in the form: set apart, it reads as a heading. */
function splitProgress({ text, progress }) {
  const end = text.indexOf("\n");
  if (!progress || end < 0) return [null, text];
  const first = text.slice(0, end);
  const numbers = first.match(/\d+/g) ?? [];
  const isProgress =
    numbers.length === 2 &&
    Number(numbers[0]) === progress.position &&
    Number(numbers[1]) === progress.total;
  return isProgress ? [first, text.slice(end + 1)] : [null, text];
}

/** A line in 【】 by itself is a heading, as in the sheet that is read back. */
function withHeadings(text) {
  return text
    .split(/^(【[^】\n]+】)$/m)
    .filter((part) => part !== "")
    .map((part) => (/^【[^】\n]+】$/.test(part) ? make("span", { class: "heading" }, part) : part));
}

function tag(kind) {
  if (kind !== "reminder" && kind !== "handover") return null;
  return make("span", { class: "tag" }, say(kind));
}

function sources(citations) {
  if (citations.length === 0) return null;
  const items = citations.map(({ title, url, as_of: asOf }) => {
    const address = url ? safeLink(url) : null;
    const name = address
      ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, title)
      : title;
    const date = asOf ? make("span", { class: "date" }, `· ${say("as_of", { date: asOf })}`) : null;
    return make("li", {}, name, " ", date);
  });
  return make("div", { class: "sources" }, `${say("sources")}`, make("ul", {}, ...items));
}

function files(handed) {
  if (handed.length === 0) return null;
  return make(
    "ul",
    { class: "files" },
    ...handed.map((file) => make("li", {}, file.alt === undefined ? download(file) : picture(file))),
  );
}

function download({ name, url }) {
  return make("a", { href: safeLink(url), download: name }, say("download", { name }));
}

/** A picture in the page's own colours; it opens by itself, where it can be made larger. */
function picture({ alt, url }) {
  const address = safeLink(url);
  return make(
    "a",
    { href: address, target: "_blank", rel: "noopener" },
    make(
      "picture",
      {},
      make("source", { srcset: `${address}?dark=1`, media: "(prefers-color-scheme: dark)" }),
      make("img", { class: "shown", src: address, alt, decoding: "async" }),
    ),
  );
}
