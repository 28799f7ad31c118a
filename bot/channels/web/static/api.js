// The server, as the page sees it. A failed call throws Away (try again) or Refused (it will never be taken).

import { recall, remember } from "./store.js";
import { heard } from "./stream.js";

/** @import { Answer, Attached, Sent } from "../wire.js" */

/**
 * @typedef {object} Call
 * @property {object} [body] makes it a POST
 * @property {AbortController} [flight] can be aborted; what takes too long is, unless it `lasts`
 * @property {boolean} [lasts]
 * @property {boolean} [bare] with the cookie alone
 */

const SECONDS = 25;
const AGAIN = [408, 425, 429];
/** A stream says something at once and every 15 seconds; a proxy that keeps it back does not let that through. */
const FIRST_SIGN = 8_000;
const NEXT_SIGN = 40_000;

export class Away extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} wait seconds that the server asks for
   */
  constructor(code, message = "", wait = 0) {
    super(message);
    this.code = code;
    this.wait = wait;
  }
}

export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @param {Response} response */
async function problem(response) {
  const body = await response.json().catch(() => ({}));
  const { code = "unknown", message = "" } = body.error ?? {};
  if (response.status >= 500 || AGAIN.includes(response.status)) {
    return new Away(code, message, Number(response.headers.get("Retry-After")) || 0);
  }
  return new Refused(code, message);
}

export class Api {
  /**
   * The session is a cookie, which no script can read. Where the browser keeps none for us (blocked, or in a frame on
   * another site) the tab keeps the session's token itself.
   * @param {{ language: string, source: string | null, ended: () => void }} given `ended` is called when a conversation
   *   turns out to be over
   */
  constructor({ language, source, ended }) {
    this.hints = { language, ...(source ? { source } : {}) };
    this.ended = ended;
    /** @type {string | null} */
    this.token = recall("session");
    this.known = false;
    /** @type {Promise<void> | null} */
    this.ensuring = null;
  }

  /** What this browser's tabs with the same conversation have in common. */
  get name() {
    return this.token ? `chat.${this.token.slice(0, 16)}` : "chat";
  }

  /**
   * @param {string} path
   * @param {Call} call
   */
  async call(path, { body, flight = new AbortController(), lasts = false, bare = false } = {}) {
    /** @type {Record<string, string>} */
    const headers = { "Accept-Language": this.hints.language };
    if (body) headers["Content-Type"] = "application/json";
    if (this.token && !bare) headers.Authorization = `Bearer ${this.token}`;
    if (!lasts) setTimeout(() => flight.abort(), SECONDS * 1000);
    let response;
    try {
      response = await fetch(path, {
        method: body ? "POST" : "GET",
        headers,
        body: body ? JSON.stringify(body) : null,
        signal: flight.signal,
      });
    } catch {
      throw new Away("network");
    }
    if (response.ok) return response;
    if (response.status === 401) {
      this.over();
      throw new Away("session");
    }
    throw await problem(response);
  }

  /**
   * @param {string} path
   * @param {Call} [call]
   * @returns {Promise<Answer>}
   */
  async json(path, call) {
    const response = await this.call(path, call);
    const body = await response.json().catch(() => {
      throw new Away("network");
    });
    return { ...body, state: response.headers.get("Chat-Session") };
  }

  /** A new session; the one there was is left once there is a new one. */
  async anew() {
    const { session } = await this.json("/api/session", { body: this.hints });
    const back = await this.json("/api/chat", { bare: true }).catch(() => null);
    this.keep(back?.state === "known" ? null : (session ?? null));
    this.known = true;
  }

  /** @param {string | null} token */
  keep(token) {
    this.token = token;
    remember("session", token);
  }

  /** The conversation is over: its time is up, it was ended elsewhere, or its cookie was cleared. */
  over() {
    if (this.known) this.ended();
    this.known = false;
    this.keep(null);
  }

  /** There is a session from here on; one, however many ask at once. */
  ensure() {
    this.ensuring ??= this.settle().finally(() => {
      this.ensuring = null;
    });
    return this.ensuring;
  }

  async settle() {
    if (!this.known) await this.history();
    if (!this.known) await this.anew();
  }

  /**
   * @param {Sent} message
   * @param {AbortController} flight
   */
  async send(message, flight) {
    await this.ensure();
    const body = await this.json("/api/chat", { body: { ...this.hints, ...message }, flight });
    if (body.state === "new") this.over();
    return body;
  }

  /**
   * A page of what was said: the latest, those `after` a message, or those `before` one.
   * @param {{ after: string } | { before: string } | Record<string, never>} where
   */
  async history(where = {}) {
    const query = new URLSearchParams(where).toString();
    const body = await this.json(`/api/chat${query && "?"}${query}`);
    if (body.state === "known") this.known = true;
    else if (this.known) this.over();
    return body;
  }

  /**
   * A file that is made when it is asked for, saved as the browser saves files.
   * @param {Attached} file
   */
  async file({ name, url }) {
    const response = await this.call(url);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /**
   * Messages as they come, from after this id on. Ends when the connection does, or when `hold` is aborted.
   * @param {string} after
   * @param {AbortSignal} hold
   */
  async *events(after, hold) {
    await this.ensure();
    const flight = new AbortController();
    const stop = () => flight.abort();
    hold.addEventListener("abort", stop);
    let silent = "";
    let timer = 0;
    const watch = (/** @type {string} */ code, /** @type {number} */ milliseconds) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        silent = code;
        stop();
      }, milliseconds);
    };
    try {
      watch("kept_back", FIRST_SIGN);
      const response = await this.call(`/api/chat/events?after=${encodeURIComponent(after)}`, { flight, lasts: true });
      if (!response.body) throw new Away("cut");
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      yield* heard(reader, () => watch("silent", NEXT_SIGN));
    } catch (error) {
      if (silent) throw new Away(silent);
      throw error instanceof Away || error instanceof Refused ? error : new Away("cut");
    } finally {
      clearTimeout(timer);
      hold.removeEventListener("abort", stop);
      stop();
    }
  }
}
