// Pictures for a secure form: each is sent as it is chosen, with its progress, and counts once the
// form is sent. What was sent is never fetched again: the preview is the device's own copy.

import { preview } from "./preview.js";
import { upload } from "./upload.js";

for (const area of document.querySelectorAll("[data-pictures]")) pictures(area);

function pictures(area) {
  const picker = area.querySelector("input[type=file]");
  const list = area.querySelector(".chosen");
  const drop = area.querySelector(".drop-here");
  picker.addEventListener("change", () => {
    for (const file of picker.files) add(file);
    picker.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    area.addEventListener(kind, () => drop.classList.remove("is-over"));
  }
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    for (const file of event.dataTransfer.files) add(file);
  });

  function add(file) {
    const line = document.createElement("li");
    const words = document.createElement("p");
    const name = document.createElement("span");
    const state = document.createElement("span");
    const bar = document.createElement("progress");
    const remove = button(area.dataset.remove);
    const retry = button(area.dataset.retry);
    name.className = "name";
    name.textContent = file.name;
    state.className = "soft";
    bar.max = 100;
    retry.hidden = true;
    words.append(name, state);
    line.append(preview(file), words, bar, retry, remove);
    list.append(line);
    let sending = null;
    remove.addEventListener("click", () => {
      sending?.abort();
      line.remove();
      busy(-Number(line.dataset.busy ?? 0));
    });
    retry.addEventListener("click", send);
    send();

    function send() {
      retry.hidden = true;
      bar.hidden = false;
      state.className = "soft";
      line.dataset.busy = "1";
      busy(1);
      sending = post(file, (percent) => {
        bar.value = percent;
        state.textContent = area.dataset.sending.replace("{percent}", percent);
      });
      sending.answer.then(({ kept, wrong }) => {
        over();
        for (const id of kept) line.append(hidden(area.dataset.pictures, id));
        state.textContent = wrong || "\u2713";
        state.className = wrong ? "wrong" : "soft";
      }, () => {
        over();
        state.textContent = area.dataset.wrong;
        state.className = "wrong";
        retry.hidden = false;
      });
    }

    function over() {
      bar.hidden = true;
      if (line.dataset.busy === "1" && line.isConnected) busy(-1);
      line.dataset.busy = "0";
    }
  }

  function post(file, onProgress) {
    const field = encodeURIComponent(area.dataset.pictures);
    const headers = { "X-File-Name": encodeURIComponent(file.name) };
    const sending = upload(`${location.pathname}/pictures?field=${field}`, headers, file, onProgress);
    const answer = sending.answer.then(({ status, data }) => {
      if (status === 404) location.reload(); // the link is over: the page says so
      if (status === 413) return { kept: [], wrong: data.error ?? area.dataset.wrong };
      if (status !== 200) throw new Error(String(status));
      return data;
    });
    return { answer, abort: sending.abort };
  }
}

/** The form waits until everything is sent. */
let underWay = 0;
function busy(change) {
  underWay += change;
  document.querySelector("button[type=submit]").disabled = underWay > 0;
}

function button(label) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = label;
  return made;
}

function hidden(name, value) {
  const made = document.createElement("input");
  made.type = "hidden";
  made.name = name;
  made.value = value;
  return made;
}
