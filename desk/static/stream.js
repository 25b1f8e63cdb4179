// A stream of server-sent events that comes back by itself: after a broken connection, a server
// that restarts, or a refusal, each time a little later, going on after the last event it saw.

const FIRST = 1000; // milliseconds
const LONGEST = 20000;
const SILENT = 45000; // the server says something at least every 15 s

export class Stream {
  /** `handlers` by event name; `on(state)` hears "on", "off" and "logged_out". */
  constructor(address, seen, handlers, on) {
    this.address = address;
    this.seen = seen;
    this.handlers = handlers;
    this.on = on;
    this.pause = FIRST;
    this.open();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.source) this.again(0);
    });
  }

  open() {
    clearTimeout(this.timer);
    const address = new URL(this.address, location.href);
    address.searchParams.set("after", this.seen);
    const source = new EventSource(address);
    this.source = source;
    this.listen();
    source.onopen = () => {
      this.pause = FIRST;
      this.heard();
      this.on("on");
    };
    source.onerror = () => this.lost();
    for (const name of [...Object.keys(this.handlers), "beat"]) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) this.seen = event.lastEventId;
        this.heard();
        this.handlers[name]?.(JSON.parse(event.data));
      });
    }
  }

  listen() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.lost(), SILENT);
  }

  heard() {
    this.listen();
  }

  lost() {
    this.close();
    this.on("off");
    this.again(this.pause + Math.random() * this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST);
  }

  again(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), milliseconds);
  }

  // EventSource does not say why it was refused; a plain request does.
  async check() {
    try {
      const answer = await fetch("/desk/queue/alive", { headers: { Accept: "application/json" } });
      if (answer.status === 401) return this.on("logged_out");
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      return this.lost();
    }
    this.open();
  }

  close() {
    clearTimeout(this.watch);
    this.source?.close();
    this.source = null;
  }
}
