// Keeps one event stream open: reconnects, and catches up on what was missed.

import { eventsAddress } from "./api.js";

const FIRST_WAIT = 1_000; // milliseconds
const LONGEST_WAIT = 20_000;
const SHOW_AFTER = 1_500;

export class Stream {
  #source = null;
  #wait = FIRST_WAIT;
  #retry = null;
  #notice = null;
  #isReplaced = false;

  /**
   * `seq()` is the last line known, `owner()` marks whose lines are shown; `onEntry(entry)` gets
   * each further one, `onChanged()` is told that they belong to somebody else by now, or more do:
   * the stream then rests until it is opened again. `onTyping()` is told that a person is writing,
   * `onState(isUp)` when the connection is lost for longer than a blink, and when it is back.
   */
  constructor({ seq, owner, onEntry, onChanged, onTyping, onState }) {
    this.seq = seq;
    this.owner = owner;
    this.onChanged = onChanged;
    this.onEntry = onEntry;
    this.onTyping = onTyping;
    this.onState = onState;
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.#lost());
    addEventListener("focus", () => this.#isReplaced && this.open());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    document.addEventListener("visibilitychange", () => {
      // A connection that slept may be dead without knowing it.
      if (document.visibilityState === "visible") this.open();
    });
  }

  open() {
    this.close();
    this.#isReplaced = false;
    const source = new EventSource(eventsAddress(this.seq(), this.owner()));
    this.#source = source;
    source.addEventListener("open", () => this.#found());
    source.addEventListener("entry", (event) => this.onEntry(JSON.parse(event.data)));
    source.addEventListener("typing", () => this.onTyping());
    source.addEventListener("changed", () => {
      this.close();
      this.onChanged();
    });
    source.addEventListener("replaced", () => {
      // Too many tabs: this one rests until it is looked at.
      this.close();
      this.#isReplaced = true;
    });
    source.addEventListener("error", () => {
      if (source !== this.#source) return;
      this.#lost();
      if (source.readyState === EventSource.CLOSED) this.#openLater();
    });
  }

  close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #openLater() {
    this.close();
    this.#retry = setTimeout(() => this.open(), this.#wait * (0.5 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #lost() {
    this.#notice ??= setTimeout(() => this.onState(false), navigator.onLine ? SHOW_AFTER : 0);
  }

  #found() {
    this.#wait = FIRST_WAIT;
    clearTimeout(this.#notice);
    this.#notice = null;
    this.onState(true);
  }
}
