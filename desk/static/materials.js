// Papers: a picture is fetched for a reason, shown for a minute, and kept nowhere.

import { Refused, token } from "./api.js";
import { byId } from "./dom.js";

let looked = "";

document.addEventListener("click", (event) => {
  const look = event.target.closest("[data-look]");
  if (look) {
    looked = look.dataset.look;
    const piece = look.closest(".piece");
    byId("paper-what").textContent = `${look.closest(".paper").querySelector("strong").textContent} · ${piece.querySelector(".what").textContent}`;
    byId("paper-look").showModal();
    byId("paper-why").focus();
  }
  const refuse = event.target.closest("[data-refuse]");
  if (refuse) {
    const form = byId("refuse-form");
    form.action = `${form.dataset.path}${refuse.dataset.refuse}/verdict`;
    byId("refuse").showModal();
    byId("refuse-code").focus();
  }
});

byId("paper-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const dialog = byId("paper-look");
  const problem = dialog.querySelector("[data-problem]");
  try {
    const [picture, seconds] = await fetchPicture(looked, byId("paper-why").value);
    dialog.close();
    problem.hidden = true;
    show(looked, picture, seconds);
  } catch (error) {
    problem.textContent = error instanceof Refused ? error.message : byId("talk").dataset.sayLost;
    problem.hidden = false;
  }
});

async function fetchPicture(piece, reason) {
  const form = new FormData();
  form.set("reason", reason);
  const response = await fetch(`${byId("paper-form").dataset.path}${piece}/look`, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRF-Token": token() },
    body: form,
  });
  if (!response.ok) {
    const answer = await response.json();
    throw new Refused(response.status, answer.code ?? "", answer.error ?? "");
  }
  return [await response.blob(), Number(response.headers.get("X-Shown-For"))];
}

/** A small picture in its place and a large one over the page, both gone after a while. */
function show(piece, picture, seconds) {
  const url = URL.createObjectURL(picture);
  const small = document.createElement("img");
  small.src = url;
  small.alt = byId("picture-large").dataset.alt;
  small.tabIndex = 0;
  const enlarge = () => {
    const large = document.createElement("img");
    large.src = url;
    large.alt = small.alt;
    byId("picture-large").replaceChildren(large);
    byId("picture").showModal();
  };
  small.addEventListener("click", enlarge);
  small.addEventListener("keydown", (event) => event.key === "Enter" && enlarge());
  byId(`piece-${piece}`)?.append(small);
  enlarge();
  setTimeout(() => {
    small.remove();
    const large = byId("picture-large").firstElementChild;
    if (large?.src === url) {
      byId("picture").close();
      large.remove();
    }
    URL.revokeObjectURL(url);
  }, seconds * 1000);
}
