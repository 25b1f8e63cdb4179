// Around the conversation: scrolling, progress, banners, the typing sign, the title and the menu.

import { byId } from "./dom.js";
import { say } from "./settings.js";

const NEAR = 80; // pixels from the end that still count as "at the end"
const TYPING_AFTER = 400; // milliseconds

/** Follows the conversation's end, unless the reader has scrolled away from it. */
export class Scroller {
  #follows = true;

  constructor() {
    this.area = byId("scroll");
    this.more = byId("latest");
    this.area.addEventListener("scroll", () => {
      this.#follows = this.#distance() < NEAR;
      if (this.#follows) this.more.hidden = true;
    });
    this.more.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.#follows && this.toEnd()).observe(this.area);
  }

  #distance() {
    return this.area.scrollHeight - this.area.scrollTop - this.area.clientHeight;
  }

  toEnd() {
    this.#follows = true;
    this.area.scrollTop = this.area.scrollHeight;
    this.more.hidden = true;
  }

  /** After lines came in, `first` the first of them: show its start, or say that there is more. */
  follow(first) {
    if (!this.#follows) {
      this.more.hidden = false;
      return;
    }
    this.area.scrollTop = Math.min(this.area.scrollHeight, first.offsetTop - this.area.offsetTop - 16);
    // Setting it fires a scroll event; near the end it goes on following.
    this.#follows = this.#distance() < NEAR;
    this.more.hidden = this.#follows;
  }
}

/** How far the form is; hidden once there is nothing left to fill in. */
export function showProgress({ position, total }) {
  byId("progress").hidden = total === 0;
  if (total === 0) return;
  byId("progress-text").textContent = say("progress", { position, total });
  byId("progress-bar").max = total;
  byId("progress-bar").value = position - 1;
}

const TOLD = 15_000; // milliseconds news stays on the banner

/** Tells about the connection; good news only after bad, and only for a moment. */
export class Banner {
  #wasDown = false;
  #timer = null;

  constructor() {
    this.element = byId("banner");
    addEventListener("offline", () => this.show(false));
  }

  show(isUp) {
    if (isUp && !this.#wasDown) return;
    clearTimeout(this.#timer);
    this.#wasDown = !isUp;
    this.element.hidden = false;
    this.element.textContent = say(isUp ? "online" : navigator.onLine ? "reconnecting" : "offline");
    if (isUp) this.#timer = setTimeout(() => (this.element.hidden = true), 2_000);
  }

  /** Tell of something else, for a while; the connection goes before it. */
  tell(text) {
    if (this.#wasDown) return;
    clearTimeout(this.#timer);
    this.element.hidden = false;
    this.element.textContent = text;
    this.#timer = setTimeout(() => (this.element.hidden = true), TOLD);
  }
}

/** The sign that an answer is on its way, if it takes longer than a blink. */
export class Typing {
  #timer = null;

  constructor(onShow) {
    this.element = byId("typing");
    this.onShow = onShow;
  }

  show(isTyping) {
    if (!isTyping) {
      clearTimeout(this.#timer);
      this.#timer = null;
      this.element.hidden = true;
    } else if (this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.element.hidden = false;
        this.onShow();
      }, TYPING_AFTER);
    }
  }
}

/** Counts what arrived unseen in the tab's title. */
export class Unread {
  #count = 0;

  constructor() {
    this.title = document.title;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      this.#count = 0;
      document.title = this.title;
    });
  }

  add() {
    if (document.visibilityState === "visible") return;
    this.#count += 1;
    document.title = say("unread", { count: this.#count });
  }
}

/** The menu of a narrow page: opens, and closes by Escape, a choice or a tap elsewhere. */
export function setUpMenu() {
  const button = byId("menu-button");
  const menu = byId("menu");
  const toggle = (isOpen) => {
    menu.classList.toggle("is-open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
  };
  button.addEventListener("click", () => toggle(!menu.classList.contains("is-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.classList.contains("is-open")) return;
    toggle(false);
    button.focus();
  });
  document.addEventListener("click", (event) => {
    if (!button.contains(event.target) && !event.target.closest(".menu p")) toggle(false);
  });
}
