// Messages on their way: sent one after another, each until the server has it.

import { postFile, postMessage, Refused } from "./api.js";
import { newId } from "./dom.js";

const KEPT = "beian.outbox"; // in this tab only, and only until delivered
const FIRST_WAIT = 1_000; // milliseconds
const LONGEST_WAIT = 15_000;

export class Outbox {
  #queue = [];
  #isBusy = false;
  #wait = FIRST_WAIT;
  #retry = null;

  /**
   * `seq()` is the last line known; `onState(message, state, reason)` hears "sending" (of a file
   * with how much of it), "waiting", "sent" and "failed"; `onDelivered(answer)` gets what the server said.
   */
  constructor({ seq, onState, onDelivered, onStranger }) {
    this.seq = seq;
    this.onState = onState;
    this.onDelivered = onDelivered;
    this.onStranger = onStranger;
    addEventListener("online", () => this.flush());
  }

  get isEmpty() {
    return this.#queue.length === 0;
  }

  /** Messages a reload interrupted. */
  restore() {
    try {
      this.#queue = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    } catch {
      this.#queue = [];
    }
    return [...this.#queue];
  }

  /** Take a message: {text}, {button, label} or {file}; returns it with its id. */
  add(message) {
    const sent = { id: newId(), ...message };
    this.put(sent);
    return sent;
  }

  /** Take a message that has an id, as one that failed before. */
  put(message) {
    this.#queue.push(message);
    this.#keep();
    this.onState(message, navigator.onLine ? "sending" : "waiting");
    queueMicrotask(() => this.flush());
  }

  /** Send what waits, in order. */
  async flush() {
    clearTimeout(this.#retry);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#queue.length > 0 && (await this.#send(this.#queue[0])));
    } finally {
      this.#isBusy = false;
    }
  }

  /** Whether to go on with the next one. */
  async #send(message) {
    this.onState(message, "sending");
    try {
      const post = message.file ? postFile : postMessage;
      const answer = await post(message, this.seq(), (percent) =>
        this.onState(message, "sending", `${percent} %`),
      );
      this.#done(message);
      this.onState(message, "sent");
      this.onDelivered(answer);
      this.#wait = FIRST_WAIT;
      return true;
    } catch (error) {
      if (!(error instanceof Refused) || error.isPassing) {
        this.#sendLater(message, error.wait);
        return false;
      }
      if (error.status === 401 && this.onStranger()) return false;
      this.#done(message);
      this.onState(message, "failed", error.message);
      return true;
    }
  }

  #sendLater(message, seconds) {
    this.onState(message, "waiting");
    const wait = seconds ? seconds * 1000 : this.#wait * (0.75 + Math.random() / 2);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    this.#retry = setTimeout(() => this.flush(), wait);
  }

  #done(message) {
    this.#queue = this.#queue.filter((one) => one !== message);
    this.#keep();
  }

  #keep() {
    const kept = this.#queue.filter((one) => !one.file);
    try {
      if (kept.length > 0) sessionStorage.setItem(KEPT, JSON.stringify(kept));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // A browser that forbids storage still sends; it only forgets on reload.
    }
  }
}
