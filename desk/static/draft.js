// The reply being written: kept on the server for all colleagues, never overwriting theirs.

import { Refused } from "/desk/static/api.js";
import { byId } from "/desk/static/dom.js";

const PAUSE = 1200; // milliseconds without a keystroke before it is kept

export class Draft {
  /** `version` is the one shown in `box`; `changed()` hears every keystroke. */
  constructor(box, path, version, { changed }) {
    this.box = box;
    this.path = path;
    this.version = version;
    this.kept = box.value; // as the server has it
    this.theirs = null;
    this.saving = Promise.resolve();
    box.addEventListener("input", () => {
      changed();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    });
    byId("draft-conflict").addEventListener("click", (event) => this.choose(event.target.dataset.take));
  }

  /** The server's draft as a refresh found it. */
  seen(version, text) {
    if (version <= this.version || this.theirs) return;
    if (this.box.value === this.kept) {
      this.box.value = text;
      this.kept = text;
      this.version = version;
      return;
    }
    if (this.box.value === text) {
      this.kept = text;
      this.version = version;
    }
  }

  save() {
    this.saving = this.saving.then(() => this.put()).catch(() => {});
    return this.saving;
  }

  async put() {
    const text = this.box.value;
    if (text === this.kept || this.theirs || text.length > 4000) return;
    const form = new FormData();
    form.set("text", text);
    form.set("seen", String(this.version));
    const token = document.querySelector('meta[name="csrf"]').content;
    const response = await fetch(`${this.path}/draft`, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": token },
      body: form,
    });
    const answer = await response.json();
    if (response.status === 409 && answer.text !== undefined) return this.conflict(answer);
    if (!response.ok) throw new Refused(response.status, answer.code ?? "", answer.error ?? "");
    this.version = answer.version;
    this.kept = text;
  }

  conflict(theirs) {
    if (theirs.text === this.box.value || theirs.text === "") {
      // The same, or sent meanwhile: nothing of theirs is lost.
      this.version = theirs.version;
      this.kept = theirs.text;
      if (theirs.text !== this.box.value) this.save();
      return;
    }
    this.theirs = theirs;
    const asked = byId("draft-conflict");
    asked.querySelector("p").textContent = `${theirs.author}：${theirs.text}`;
    asked.hidden = false;
  }

  choose(whose) {
    if (!whose || !this.theirs) return;
    this.version = this.theirs.version;
    this.kept = this.theirs.text;
    if (whose === "theirs") this.box.value = this.theirs.text;
    this.theirs = null;
    byId("draft-conflict").hidden = true;
    this.box.dispatchEvent(new Event("input"));
  }

  /** Waits until what was being kept is kept. */
  settled() {
    clearTimeout(this.timer);
    return this.save();
  }

  /** What stood there has been sent. */
  sent() {
    clearTimeout(this.timer);
    this.box.value = "";
    this.kept = "";
  }
}
