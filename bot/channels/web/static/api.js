// The server, as the page sees it. A failed call throws Away (try again) or Refused (it will never be taken).

import { recall, remember } from "./store.js";

const SECONDS = 25;
const AGAIN = [408, 429];

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
  /** In a frame on another site cookies do not travel, so there the tab keeps a token of its own. */
  constructor({ embedded, language, source }) {
    this.embedded = embedded;
    this.hints = { language, ...(source ? { source } : {}) };
    this.token = embedded ? recall("session") : null;
  }

  /** `flight` can be aborted; what takes too long is, unless it `lasts`. */
  async call(path, { body, flight = new AbortController(), lasts = false } = {}) {
    if (this.embedded && !this.token && path !== "/api/session") await this.anew();
    const headers = { "Accept-Language": this.hints.language };
    if (body) headers["Content-Type"] = "application/json";
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (!lasts) setTimeout(() => flight.abort(), SECONDS * 1000);
    let response;
    try {
      response = await fetch(path, {
        method: body ? "POST" : "GET",
        headers,
        body: body && JSON.stringify(body),
        signal: flight.signal,
        credentials: this.embedded ? "omit" : "same-origin",
      });
    } catch {
      throw new Away("network");
    }
    if (response.ok) return response;
    if (response.status === 401 && this.token) {
      this.keep(null);
      throw new Away("session");
    }
    throw await problem(response);
  }

  async json(path, options) {
    const response = await this.call(path, options);
    return response.json().catch(() => {
      throw new Away("network");
    });
  }

  /** A new session; the one there was is left once there is a new one. */
  async anew() {
    const { session } = await this.json("/api/session", { body: this.hints });
    if (this.embedded) this.keep(session);
  }

  keep(token) {
    this.token = token;
    remember("session", token);
  }

  send(message, flight) {
    return this.json("/api/chat", { body: { ...this.hints, ...message }, flight });
  }

  history() {
    return this.json("/api/chat");
  }

  /** Messages as they come, from after this id on. Ends when the connection does. */
  async *events(after, flight) {
    const query = after ? `?after=${encodeURIComponent(after)}` : "";
    const response = await this.call(`/api/chat/events${query}`, { flight, lasts: true });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).replace(/\r\n/g, "\n").split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const event = { id: null, data: "" };
        for (const line of part.split("\n")) {
          const [, name, content] = /^(id|data): ?(.*)$/s.exec(line) ?? [];
          if (name === "id") event.id = content;
          if (name === "data") event.data += content;
        }
        yield event.data ? { id: event.id, message: JSON.parse(event.data) } : {};
      }
    }
  }
}
