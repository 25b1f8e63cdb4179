// Where the applicant writes: text, pasted or dropped files.

import { byId } from "./dom.js";
import { limits, say } from "./settings.js";

const MIB = 1024 * 1024;

export class Composer {
  #depth = 0;

  /** `onText(text)` and `onFile(file)` get what is to be sent. */
  constructor({ onText, onFile }) {
    this.onText = onText;
    this.onFile = onFile;
    this.box = byId("text");
    this.send = byId("send");
    this.hint = byId("hint");
    this.picker = byId("file");
    this.types = this.picker.accept.split(",");
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("input", () => this.#fit());
    this.box.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length === 0) return;
      event.preventDefault();
      this.#take(event.clipboardData.files);
    });
    byId("attach").addEventListener("click", () => this.pick());
    this.picker.addEventListener("change", () => {
      this.#take(this.picker.files);
      this.picker.value = "";
    });
    this.#listenForDrops(byId("drop"));
    this.#fit();
  }

  /** Let the applicant take a photo or choose files. */
  pick() {
    this.picker.click();
  }

  /** Put a text back into the box, to be changed. */
  write(text) {
    this.box.value = text;
    this.#fit();
    this.focus();
  }

  /** Ready to write, unless that would open a phone's keyboard unasked. */
  focus() {
    if (!matchMedia("(pointer: coarse)").matches) this.box.focus();
  }

  #key(event) {
    // While an input method composes, Enter picks a word; it must not send half of it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.box.value.trim();
    if (!text || text.length > longest(text)) return;
    this.box.value = "";
    this.#fit();
    this.onText(text);
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
    const text = this.box.value.trim();
    const over = text.length - longest(text);
    this.#warn(over > 0 ? say("text_long", { over }) : "");
    this.send.disabled = !text || over > 0;
  }

  #take(files) {
    this.#warn("");
    for (const file of files) {
      if (file.size > limits.file) {
        this.#warn(say("file_large", { name: file.name, max: Math.floor(limits.file / MIB) }));
      } else if (!this.#isTaken(file)) {
        this.#warn(say("file_type", { name: file.name }));
      } else {
        this.onFile(file);
      }
    }
  }

  /** By its type, or by its ending where the browser knows no type for it, as for HEIC. */
  #isTaken(file) {
    const name = file.name.toLowerCase();
    return this.types.some((one) => (one.startsWith(".") ? name.endsWith(one) : one === file.type));
  }

  #warn(words) {
    this.hint.textContent = words;
    this.hint.hidden = words === "";
  }

  #listenForDrops(veil) {
    const isFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragenter", (event) => {
      if (!isFiles(event)) return;
      this.#depth += 1;
      veil.hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (!isFiles(event)) return;
      this.#depth = Math.max(0, this.#depth - 1);
      veil.hidden = this.#depth === 0;
    });
    addEventListener("dragover", (event) => isFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      this.#depth = 0;
      veil.hidden = true;
      this.#take(event.dataTransfer.files);
    });
  }
}

/** How long a message may be: a page's source, pasted to be checked, is longer than what people type. */
function longest(text) {
  return /<\/\w+\s*>/.test(text) ? limits.html : limits.text;
}
