// The conversation on the page: lines in the store's order, own messages still under way last.

import { dayLine, heardLine, retire, revive, saidLine, showState } from "./bubbles.js";
import { preview } from "./preview.js";
import { locale, say } from "./settings.js";

const DAY = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", day: "numeric" });

export class Transcript {
  seq = 0;
  #pending = new Map(); // id of an own message under way -> its line
  #known = new Set(); // ids of own messages ever shown
  #offers = []; // lines with choices and questions: {line, group, isQuestion}
  #day = null;

  /** `onPress(button)` is called with a choice, `onProgress(progress)` with a question's place. */
  constructor(log, { onPress, onProgress }) {
    this.log = log;
    this.onPress = onPress;
    this.onProgress = onProgress;
  }

  get isEmpty() {
    return this.log.childElementCount === 0;
  }

  /** Forget every line of the store; own messages still under way stay. */
  clear() {
    this.log.replaceChildren(...this.#pending.values());
    this.seq = 0;
    this.#known = new Set(this.#pending.keys());
    this.#offers = [];
    this.#day = null;
  }

  /** Add a line of the store, once; returns its element if it is new and not one's own. */
  add(entry) {
    if (entry.seq <= this.seq) return null;
    this.seq = entry.seq;
    if (!entry.said) return this.#addHeard(entry);
    this.#addDay(entry.at);
    const line = saidLine(entry.said, this.onPress);
    this.#insert(line);
    const group = line.querySelector(".choices");
    const isQuestion = entry.said.kind === "question";
    if (group || isQuestion) this.#offers.push({ line, group, isQuestion });
    if (entry.said.progress) this.onProgress(entry.said.progress);
    this.#judgeChoices();
    return line;
  }

  /** Show an own message at once; the store's line takes its place later. */
  addPending(id, words, file) {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    const line = heardLine(words);
    if (file) line.querySelector(".bubble").append(preview(file));
    this.#pending.set(id, line);
    this.log.append(line);
    this.#judgeChoices(words);
  }

  /** Show what became of an own message. */
  showState(id, state, reason, actions) {
    const line = this.#pending.get(id);
    if (line) showState(line, state, reason, actions);
  }

  /** Take back an own message that did not get through. */
  remove(id) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
    this.#known.delete(id);
    this.#judgeChoices();
  }

  #addHeard(entry) {
    const own = this.#pending.get(entry.message);
    if (own) {
      this.#pending.delete(entry.message);
      own.querySelector(".words").textContent = entry.heard ?? say("hidden");
      showState(own, "sent");
      this.#addDay(entry.at);
      this.#insert(own);
      return null;
    }
    this.#known.add(entry.message);
    this.#addDay(entry.at);
    const line = heardLine(entry.heard);
    this.#insert(line);
    this.#judgeChoices(entry.heard);
    return line;
  }

  #insert(line) {
    const next = this.#firstPending();
    const isThere = line.parentNode === this.log && line.nextSibling === next;
    if (!isThere) this.log.insertBefore(line, next);
  }

  #firstPending() {
    for (const line of this.#pending.values()) return line;
    return null;
  }

  #addDay(at) {
    const day = DAY.format(new Date(at));
    if (day === this.#day) return;
    this.#day = day;
    const now = Date.now();
    const names = { [DAY.format(now - 86_400_000)]: say("yesterday"), [DAY.format(now)]: say("today") };
    this.#insert(dayLine(names[day] ?? day));
  }

  /** Only what was offered since the last own message can be chosen, of questions the newest. */
  #judgeChoices(chosen) {
    const lastOwn = [...this.log.querySelectorAll(":scope > .heard")].at(-1);
    let isNewest = true;
    for (const { line, group, isQuestion } of this.#offers.toReversed()) {
      const isAnswered =
        lastOwn && line.compareDocumentPosition(lastOwn) & Node.DOCUMENT_POSITION_FOLLOWING;
      const isLive = !isAnswered && (isNewest || !isQuestion);
      if (isQuestion) isNewest = false;
      if (group === null) continue;
      const wasLive = !group.classList.contains("is-past");
      if (!isLive && wasLive) retire(group, chosen);
      if (isLive && !wasLive) revive(group);
    }
  }
}
