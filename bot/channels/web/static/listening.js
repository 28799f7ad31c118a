// What comes without being asked for: staff's words, and what was said in another tab. A browser allows few connections
// to one server (six over HTTP/1.1), so of all tabs with a conversation one listens, and tells the others.

import { Away, Refused } from "./api.js";
import { rest } from "./rest.js";

/**
 * @import { Api } from "./api.js"
 * @import { Heard, Message } from "../wire.js"
 */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const LASTING = 5_000;
const POLL_EVERY = 3_000;
const POLL_FOR = 300_000;
/** After these the stream is simply opened again; after any other it is not to be had, and the page asks by itself. */
const PASSING = ["network", "cut", "silent", "session"];

export class Listening {
  /**
   * @param {Api} api
   * @param {{ heard: (message: Message) => void, here: () => void, away: () => void, anew: () => void,
   *   begun: () => void }} on
   */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    this.after = "0";
    this.pollUntil = 0;
    this.started = false;
    this.hold = new AbortController();
    this.life = new AbortController();
    /** @type {BroadcastChannel | null} */
    this.channel = null;
    document.addEventListener("visibilitychange", () => document.hidden && this.hold.abort());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.comeBack());
  }

  /**
   * From after this message on, for as long as the page is shown.
   * @param {string} after
   */
  start(after) {
    this.stop();
    this.after = after;
    this.started = true;
    this.life = new AbortController();
    this.channel = this.open();
    this.run(this.life.signal);
  }

  stop() {
    this.started = false;
    this.life.abort();
    this.hold.abort();
    this.channel?.close();
    this.channel = null;
  }

  /** Whether there is a conversation that is listened to. */
  get listens() {
    return !this.life.signal.aborted && this.started;
  }

  /** There is no conversation yet: hear when another tab begins it. */
  wait() {
    this.stop();
    this.channel = this.open();
  }

  /** The page is left, maybe to come back as it is now: nothing may stay open that keeps the browser from that. */
  leave() {
    const listened = this.listens;
    this.stop();
    this.started = listened;
  }

  comeBack() {
    if (this.started) this.start(this.after);
    else this.wait();
  }

  /** Tell the other tabs that the conversation there was is left. */
  tellAnew() {
    this.tell({ anew: true });
  }

  /** Tell the other tabs that there is a conversation now. */
  tellBegun() {
    this.tell({ begun: true });
  }

  /** @param {object} what */
  tell(what) {
    const channel = this.channel ?? this.open();
    channel?.postMessage(what);
  }

  /** The tie with the other tabs; null where the browser has none for us. */
  open() {
    try {
      const channel = new BroadcastChannel(this.api.name);
      channel.onmessage = ({ data }) => {
        if (data.anew) this.on.anew();
        else if (data.begun) this.on.begun();
        else this.hear(data, false);
      };
      return channel;
    } catch {
      return null;
    }
  }

  /** @param {AbortSignal} life */
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

  /**
   * Until the page is hidden: listen, when it is this tab's turn.
   * @param {AbortSignal} hold
   */
  async turn(hold) {
    const locks = this.channel && navigator.locks; // only on https, or on this machine
    if (locks) await locks.request(this.api.name, { signal: hold }, () => this.listen(hold)).catch(() => {});
    if (!hold.aborted) await this.listen(hold, true);
  }

  /** @param {AbortSignal} hold */
  async listen(hold, polls = false) {
    for (let pause = FIRST_PAUSE; !hold.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const begun = Date.now();
      const asks = polls || begun < this.pollUntil;
      try {
        await (asks ? this.ask(hold) : this.stream(hold));
      } catch (error) {
        if (hold.aborted) return;
        this.failed(error);
      }
      if (asks || Date.now() - begun > LASTING) pause = FIRST_PAUSE;
      if (!asks) await rest(pause, hold);
    }
  }

  /** @param {AbortSignal} hold */
  async stream(hold) {
    for await (const event of this.api.events(this.after, hold)) {
      this.on.here();
      this.hear(event, true);
    }
  }

  /** @param {AbortSignal} hold */
  async ask(hold) {
    await rest(POLL_EVERY, hold);
    if (!hold.aborted) await this.poll();
  }

  /** @param {unknown} error */
  failed(error) {
    const code = error instanceof Away || error instanceof Refused ? error.code : "";
    if (!PASSING.includes(code)) this.pollUntil = Date.now() + POLL_FOR;
    if (["network", "unavailable"].includes(code)) this.on.away();
  }

  /**
   * @param {Heard} event
   * @param {boolean} tell whether the other tabs are told
   */
  hear({ id, message }, tell) {
    if (!message) return;
    if (id && Number(id) > Number(this.after)) this.after = id;
    this.on.heard(message);
    if (tell) this.channel?.postMessage({ id, message });
  }

  async poll() {
    for (let more = true; more; ) {
      const body = await this.api.history({ after: this.after });
      this.on.here();
      more = Boolean(body.more);
      for (const message of body.messages) this.hear({ id: body.last ?? null, message }, true);
    }
  }
}

/**
 * Until the page can be seen.
 * @param {AbortSignal} life
 * @returns {Promise<void>}
 */
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
