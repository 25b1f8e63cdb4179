// The keyboard in a conversation: single letters while nothing is being typed.

import { byId } from "/desk/static/dom.js";

const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");

export function bindKeys({ show, box }) {
  const does = {
    r: () => {
      show("talk");
      box.focus();
    },
    n: () => {
      show("beside");
      byId("note").focus();
    },
    "/": () => {
      show("look");
      byId("look").focus();
    },
    c: () => document.querySelector('form[data-act="claim"] button')?.click(),
    e: () => byId("hand-back-open")?.click(),
    "?": () => byId("keys").showModal(),
    j: () => go(1),
    k: () => go(-1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target) && !event.target.closest("dialog")) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** The next conversation of the queue as it was last seen, or the one before. */
function go(by) {
  const order = JSON.parse(sessionStorage.getItem("beian-queue") ?? "[]");
  const here = order.indexOf(location.pathname);
  const next = order[here + by];
  if (here >= 0 && next) location.assign(next);
}
