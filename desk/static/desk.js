// What every page of the desk has: menus that close, toasts that go, dialogs that open.

import { byId, make } from "/desk/static/dom.js";

const STAYS = 6000; // milliseconds

/** Shows a sentence for a while; tone is "good" or "bad". */
export function toast(text, tone = "good") {
  const shown = make("p", { class: `toast ${tone}` }, text);
  byId("toasts").append(shown);
  leave(shown);
}

function leave(shown) {
  setTimeout(() => shown.remove(), STAYS);
}

document.querySelectorAll("[data-toast]").forEach(leave);

// A menu closes when something else is used.
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

function closeMenus(target) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (menu.contains(target)) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
}

// <button data-opens="id"> opens the dialog of that id, [data-closes] within it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) byId(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});
