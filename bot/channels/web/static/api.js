// The server, as the page sees it. A failed call throws Away (try again) or Refused (it will never be taken).

import { recall, remember } from "./store.js";

const SECONDS = 25;
const AGAIN = [408, 425, 429];
/** A stream says something at once and every 15 seconds; a proxy that keeps it back does not let that through. */
const FIRST_SIGN = 8_000;
const NEXT_SIGN = 40_000;

export class Away extends Error {
  constructor(code, message, wait) {
    super(message ?? "");
    this.code = code;
    this.wait = wait ?? 0;
  }
}

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

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
   * another site) the tab keeps the session's token itself. `ended` is called when a conversation turns out to be over.
   */
  constructor({ embedded, language, source, ended }) {
    this.credentials = embedded ? "omit" : "same-origin";
    this.hints = { language, ...(source ? { source } : {}) };
    this.ended = ended;
    this.token = recall("session");
    this.known = false;
    this.ensuring = null;
  }

  /** What this browser's tabs with the same conversation have in common. */
  get name() {
    return this.token ? `chat.${this.token.slice(0, 16)}` : "chat";
  }

  /** `flight` can be aborted; what takes too long is, unless it `lasts`. `bare`: with the cookie alone. */
  async call(path, { body, flight = new AbortController(), lasts = false, bare = false } = {}) {
    const headers = { "Accept-Language": this.hints.language };
    if (body) headers["Content-Type"] = "application/json";
    if (this.token && !bare) headers.Authorization = `Bearer ${this.token}`;
    if (!lasts) setTimeout(() => flight.abort(), SECONDS * 1000);
    let response;
    try {
      response = await fetch(path, {
        method: body ? "POST" : "GET",
        headers,
        body: body && JSON.stringify(body),
        signal: flight.signal,
        credentials: this.credentials,
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

  async json(path, options) {
    const response = await this.call(path, options);
    const body = await response.json().catch(() => {
      throw new Away("network");
    });
    return { ...body, state: response.headers.get("Chat-Session") };
  }

  /** A new session; the one there was is left once there is a new one. */
  async anew() {
    const { session } = await this.json("/api/session", { body: this.hints });
    const back = await this.json("/api/chat", { bare: true }).catch(() => ({}));
    this.keep(back.state === "known" ? null : session);
    this.known = true;
  }

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

  async send(message, flight) {
    await this.ensure();
    const body = await this.json("/api/chat", { body: { ...this.hints, ...message }, flight });
    if (body.state === "new") this.over();
    return body;
  }

  /** A page of what was said: the latest, those `after` a message, or those `before` one. */
  async history(where = {}) {
    const query = new URLSearchParams(where).toString();
    const body = await this.json(`/api/chat${query && "?"}${query}`);
    if (body.state === "known") this.known = true;
    else if (this.known) this.over();
    return body;
  }

  /** A file that is made when it is asked for, saved as the browser saves files. */
  async file({ name, url }) {
    const response = await this.call(url);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** Messages as they come, from after this id on. Ends when the connection does, or when `hold` is aborted. */
  async *events(after, hold) {
    await this.ensure();
    const flight = new AbortController();
    const stop = () => flight.abort();
    hold.addEventListener("abort", stop);
    let [silent, timer] = [null, null];
    const watch = (code, milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        silent = code;
        stop();
      }, milliseconds);
    };
    try {
      watch("kept_back", FIRST_SIGN);
      const response = await this.call(`/api/chat/events?after=${encodeURIComponent(after)}`, { flight, lasts: true });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) return;
        watch("silent", NEXT_SIGN);
        const parts = (rest + value).replace(/\r\n/g, "\n").split("\n\n");
        rest = parts.pop();
        for (const part of parts) yield parsed(part);
      }
    } catch (error) {
      throw silent ? new Away(silent) : error.code ? error : new Away("cut");
    } finally {
      clearTimeout(timer);
      hold.removeEventListener("abort", stop);
      stop();
    }
  }
}

/** A block of an event stream; without a message when it only says that the stream lives. */
function parsed(block) {
  const event = { id: null, data: "" };
  for (const line of block.split("\n")) {
    const [, name, content] = /^(id|data): ?(.*)$/s.exec(line) ?? [];
    if (name === "id") event.id = content;
    if (name === "data") event.data += content;
  }
  return event.data ? { id: event.id, message: JSON.parse(event.data) } : {};
}
