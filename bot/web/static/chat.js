// The chat page: puts transcript, outbox, event stream and composer together.

import { getTranscript, postTyping } from "./api.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { Outbox } from "./outbox.js";
import { say } from "./settings.js";
import { Stream } from "./stream.js";
import { Transcript } from "./transcript.js";
import { Banner, Scroller, setUpMenu, showProgress, Typing, Unread } from "./view.js";

const intro = byId("intro");
const log = byId("log");
const scroller = new Scroller();
const banner = new Banner();
const unread = new Unread();
const typing = new Typing(() => scroller.toEnd());
const seq = () => transcript.seq;

const transcript = new Transcript(log, { onPress: press, onProgress: showProgress });
const outbox = new Outbox({ seq, onState: showState, onDelivered: delivered, onStranger: becomeKnown });
const stream = new Stream({
  seq,
  owner: () => owner,
  onEntry: (entry) => show([entry]),
  onChanged: showAnew,
  onTyping: showTyping,
  onState: connected,
});
const composer = new Composer({
  onText: (text) => send({ text }),
  onFile: (file) => send({ file }),
});

const TYPED = 6_000; // milliseconds a sign of typing is shown
const AGAIN = 4_000; // between signs that this visitor types, while somebody looks
const UNSEEN = 60_000; // and while nobody does

let owner = ""; // marks whose lines are shown; empty before there are any
let typed = null;
let quietUntil = 0;

/** A person is writing to the visitor. */
function showTyping() {
  typing.show(true);
  clearTimeout(typed);
  typed = setTimeout(() => outbox.isEmpty && typing.show(false), TYPED);
}

byId("text").addEventListener("input", async () => {
  const now = Date.now();
  if (now < quietUntil || transcript.seq === 0) return;
  quietUntil = now + AGAIN;
  const isSeen = await postTyping().catch(() => false);
  if (!isSeen) quietUntil = now + UNSEEN;
});

/** Show new lines of the store. */
function show(entries) {
  let first = null;
  for (const entry of entries) {
    const line = transcript.add(entry);
    if (line === null) continue;
    first ??= line;
    if (entry.said) unread.add();
    if (entry.said?.kind === "handover") quietUntil = 0; // a person may have come
  }
  if (first === null) return;
  intro.hidden = true;
  if (outbox.isEmpty) typing.show(false);
  scroller.follow(first);
}

function send(message) {
  intro.hidden = true;
  outbox.add(message);
  scroller.toEnd();
  composer.focus();
}

const UPLOADS = "paper:upload:";

function press(button) {
  send({ button: button.value, label: button.label });
  if (button.value.startsWith(UPLOADS)) composer.pick();
}

const wordsOf = (message) =>
  message.text ?? message.label ?? (message.file ? `📎 ${message.file.name}` : "");

function showState(message, state, reason) {
  transcript.addPending(message.id, wordsOf(message), message.file);
  transcript.showState(message.id, state, reason, state === "failed" ? actions(message) : []);
  typing.show(state === "sending");
}

function actions(message) {
  const again = [say("retry"), () => outbox.put(message)];
  const takeBack = () => {
    transcript.remove(message.id);
    if (message.text) composer.write(message.text);
  };
  return [again, [say(message.text ? "rewrite" : "remove"), takeBack]];
}

function delivered({ entries, owner: present }) {
  typing.show(false);
  if (owner !== "" && present !== owner) {
    stream.close();
    showAnew();
    return;
  }
  owner = present;
  show(entries);
}

/** Other lines are this visitor's than those shown: read them anew. What is half written stays. */
async function showAnew() {
  const found = await getTranscript(0).catch(() => null);
  if (found === null) {
    setTimeout(showAnew, AGAIN);
    return;
  }
  transcript.clear();
  showProgress({ position: 0, total: 0 });
  owner = found.owner;
  show(found.entries);
  banner.tell(say(transcript.isEmpty ? "gone" : "changed"));
  intro.hidden = !transcript.isEmpty;
  scroller.toEnd();
  stream.open();
}

function connected(isUp) {
  banner.show(isUp);
  if (isUp) outbox.flush();
}

/** The cookie is gone: load the page again to get one, once; what waits is sent afterwards. */
function becomeKnown() {
  const tried = "beian.reloaded";
  if (sessionStorage.getItem(tried) !== null || !navigator.cookieEnabled) {
    byId("hint").textContent = say("cookies");
    byId("hint").hidden = false;
    return false;
  }
  sessionStorage.setItem(tried, "1");
  location.reload();
  return true;
}

function setUpShortcuts() {
  for (const button of document.querySelectorAll("[data-button]")) {
    const label = button.textContent.trim();
    button.addEventListener("click", () => press({ value: button.dataset.button, label }));
  }
  for (const button of document.querySelectorAll("[data-text]")) {
    button.addEventListener("click", () => send({ text: button.textContent.trim() }));
  }
  // A conversation under way goes on in the language chosen; a new one just begins in it.
  byId("language").addEventListener("click", (event) => {
    if (transcript.isEmpty) return;
    event.preventDefault();
    const link = event.currentTarget;
    press({ value: `locale:${link.dataset.locale}`, label: link.textContent.trim() });
    const leave = () => (outbox.isEmpty ? location.assign(link.href) : setTimeout(leave, 100));
    leave();
  });
}

/** A link of one's own from another channel brings its code along; it is sent, and gone. */
function takeCode() {
  const [, code] = location.hash.match(/^#join-([A-Z2-9]{9})$/) ?? [];
  if (code === undefined) return;
  history.replaceState(null, "", location.pathname + location.search);
  send({ text: code.replace(/(...)(...)(...)/, "$1-$2-$3") });
}

async function start() {
  setUpMenu();
  setUpShortcuts();
  log.setAttribute("aria-busy", "true");
  log.classList.add("is-old");
  try {
    const found = await getTranscript(0);
    owner = found.owner;
    show(found.entries);
    sessionStorage.removeItem("beian.reloaded");
  } catch {
    banner.show(false); // the stream brings the lines as soon as it can
  }
  for (const message of outbox.restore()) showState(message, "sending");
  outbox.flush();
  intro.hidden = !transcript.isEmpty;
  scroller.toEnd();
  log.removeAttribute("aria-busy");
  requestAnimationFrame(() => log.classList.remove("is-old"));
  stream.open();
  takeCode();
  composer.focus();
}

start();
