// What comes without being asked for: staff's words, and what was said in another tab. A browser allows few connections
// to one server (six over HTTP/1.1), so of all tabs with a conversation one listens, and tells the others.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const LASTING = 5_000;
const POLL_EVERY = 3_000;
const POLL_FOR = 300_000;
/** After these the stream is simply opened again; after any other it is not to be had, and the page asks by itself. */
const PASSING = ["network", "cut", "silent", "session"];

export class Listening {
  /** `on` is told: heard(message), here(), away(), anew(). */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    this.after = "0";
    this.pollUntil = 0;
    this.hold = new AbortController();
    this.life = new AbortController();
    this.channel = null;
    document.addEventListener("visibilitychange", () => document.hidden && this.hold.abort());
    addEventListener("pageshow", (event) => event.persisted && this.hold.abort());
  }

  /** From after this message on, for as long as the page is shown. */
  start(after) {
    this.stop();
    this.after = after;
    this.life = new AbortController();
    this.channel = this.open();
    this.run(this.life.signal);
  }

  stop() {
    this.life.abort();
    this.hold.abort();
    this.channel?.close();
    this.channel = null;
  }

  /** Tell the other tabs that the conversation there was is left. */
  tellAnew() {
    const channel = this.channel ?? this.open();
    channel?.postMessage({ anew: true });
  }

  /** The tie with the other tabs; null where the browser has none for us. */
  open() {
    try {
      const channel = new BroadcastChannel(this.api.name);
      channel.onmessage = ({ data }) => (data.anew ? this.on.anew() : this.hear(data, false));
      return channel;
    } catch {
      return null;
    }
  }

  async run(life) {
    for (let fresh = true; !life.aborted; fresh = false) {
      await shown(life);
      const hold = new AbortController();
      this.hold = hold;
      if (life.aborted) return;
      if (!fresh) await this.poll().catch(() => {});
      await this.turn(hold.signal);
    }
  }

  /** Until the page is hidden: listen, when it is this tab's turn. */
  async turn(hold) {
    const locks = this.channel && navigator.locks; // only on https, or on this machine
    if (locks) await locks.request(this.api.name, { signal: hold }, () => this.listen(hold)).catch(() => {});
    if (!hold.aborted) await this.listen(hold, true);
  }

  async listen(hold, polls = false) {
    for (let pause = FIRST_PAUSE; !hold.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const begun = Date.now();
      try {
        if (polls || begun < this.pollUntil) {
          await rest(POLL_EVERY, hold);
          if (!hold.aborted) await this.poll();
          pause = FIRST_PAUSE / 2;
          continue;
        }
        for await (const event of this.api.events(this.after, hold)) {
          this.on.here();
          this.hear(event, true);
        }
      } catch (error) {
        if (hold.aborted) return;
        if (!PASSING.includes(error.code)) this.pollUntil = Date.now() + POLL_FOR;
        if (["network", "unavailable"].includes(error.code)) this.on.away();
      }
      if (Date.now() - begun > LASTING) pause = FIRST_PAUSE;
      await rest(pause, hold);
    }
  }

  hear({ id, message }, tell) {
    if (!message) return;
    if (Number(id) > Number(this.after)) this.after = id;
    this.on.heard(message);
    if (tell) this.channel?.postMessage({ id, message });
  }

  async poll() {
    for (let more = true; more; ) {
      const body = await this.api.history({ after: this.after });
      this.on.here();
      more = Boolean(body.more);
      for (const message of body.messages) this.hear({ id: body.last, message }, true);
    }
  }
}

/** Until the page can be seen. */
function shown(life) {
  return new Promise((resolve) => {
    if (!document.hidden || life.aborted) return resolve();
    const look = () => {
      if (document.hidden && !life.aborted) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    life.addEventListener("abort", look);
  });
}

/** So long, or until the connection is back, or until `hold` is aborted. */
export function rest(milliseconds, hold) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      hold?.removeEventListener("abort", done);
      resolve();
    }
    addEventListener("online", done);
    hold?.addEventListener("abort", done);
  });
}
