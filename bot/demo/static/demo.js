// Draws what the rehearsal servers show, and lets an operator type in them.

const LOOK = 350; // milliseconds between two looks
const SPEEDS = [1, 4, 12];
const dayOf = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "short" });
const timeOf = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });

const $ = (id) => document.getElementById(id);
let followed = 0;
let state = { playing: true, speed: 1 };

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function post(path, body) {
  return fetch(`/demo${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

// One chat: messages are drawn once and drawn again only when they change.
class Pane {
  constructor(section) {
    this.channel = section.dataset.channel;
    this.chat = section.querySelector(".chat");
    this.drawn = new Map();
    this.lastDay = "";
    this.follows = true; // until somebody scrolls up
    this.chat.addEventListener("scroll", () => {
      const below = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight;
      this.follows = below < 80;
    });
    const form = section.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = form.querySelector("input");
      const text = input.value.trim();
      input.value = "";
      if (text) post(`/${this.channel}/messages`, { text });
    });
  }

  show(messages) {
    let changed = false;
    for (const message of messages) {
      const looks = JSON.stringify(message);
      const known = this.drawn.get(message.id);
      if (known?.looks === looks) continue;
      changed = true;
      const line = this.line(message);
      if (known) {
        known.line.replaceWith(line);
      } else {
        this.stamp(message.at);
        line.classList.add("new");
        this.chat.append(line);
      }
      this.drawn.set(message.id, { looks, line });
    }
    if (changed) this.follow();
  }

  follow() {
    if (this.follows) this.chat.scrollTop = this.chat.scrollHeight;
  }

  stamp(at) {
    const day = dayOf.format(at * 1000);
    if (day === this.lastDay) return;
    this.lastDay = day;
    this.chat.append(element("p", "day", `${day} ${timeOf.format(at * 1000)}`));
  }

  line(message) {
    const line = element("div", "line");
    if (message.mine) line.classList.add("mine");
    if (message.notice) line.classList.add("notice");
    const bubble = element("div", "bubble", message.text);
    if (message.image) {
      const image = element("img");
      image.src = message.image;
      image.alt = "";
      image.addEventListener("load", () => this.follow());
      bubble.prepend(image);
    }
    line.append(bubble);
    const keys = [...(message.keys ?? [])];
    if (message.url) keys.push([{ label: "查看详情", url: message.url }]);
    if (keys.length) line.append(this.keys(message, keys));
    return line;
  }

  keys(message, rows) {
    const all = element("div", "keys");
    for (const row of rows) {
      const shown = element("div");
      for (const key of row) shown.append(this.key(message, key));
      all.append(shown);
    }
    return all;
  }

  key(message, key) {
    if (key.url) {
      const link = element("a", "", key.label);
      link.href = key.url;
      link.target = "_blank";
      link.rel = "noopener";
      return link;
    }
    const button = element("button", "", key.label);
    button.type = "button";
    button.addEventListener("click", () =>
      post(`/${this.channel}/messages`, { message: message.id, data: key.data }),
    );
    return button;
  }
}

const panes = [...document.querySelectorAll("[data-channel]")].map((section) => new Pane(section));

async function look() {
  try {
    const answer = await fetch("/demo/state");
    if (answer.ok) draw(await answer.json());
  } catch {
    $("caption").textContent = "演示已停止";
  }
  setTimeout(look, LOOK);
}

function draw(now) {
  state = now;
  $("day").textContent = `第 ${Math.min(now.day, 30)} 天`;
  $("now").textContent = `${dayOf.format(now.now * 1000)} ${timeOf.format(now.now * 1000)}`;
  $("month").value = (now.now - now.began) / 86400;
  $("caption").textContent = now.caption;
  $("play").textContent = now.playing ? "暂停" : "继续";
  $("play").disabled = now.over;
  $("speed").textContent = `${now.speed}×`;
  for (const phone of document.querySelectorAll("[data-phone]")) {
    const name = now.names[phone.dataset.phone];
    phone.hidden = name === undefined;
    phone.querySelector("[data-name]").textContent = name ?? "";
  }
  for (const pane of panes) pane.show(now[pane.channel]);
  follow();
}

// The chat page keeps a long message's beginning in sight; here nobody reads that long.
function follow() {
  const page = $("web-page").contentDocument;
  const shown = page?.getElementById("log")?.childElementCount ?? 0;
  const typing = page?.getElementById("text")?.value;
  if (shown === followed || typing) return;
  followed = shown;
  const scroll = page.getElementById("scroll");
  scroll.scrollTo({ top: scroll.scrollHeight, behavior: "smooth" });
}

$("play").addEventListener("click", () =>
  post("/clock", { playing: !state.playing, speed: state.speed }),
);
$("speed").addEventListener("click", () => {
  const next = SPEEDS[(SPEEDS.indexOf(state.speed) + 1) % SPEEDS.length];
  post("/clock", { playing: state.playing, speed: next });
});
look();
