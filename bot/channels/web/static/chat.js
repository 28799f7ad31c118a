// The conversation: what the person does goes into the queue, what the server says into the transcript and the view.

import { Away } from "./api.js";
import { Queue } from "./queue.js";
import { rest } from "./rest.js";
import { keeps, newId } from "./store.js";
import { Transcript } from "./transcript.js";

/**
 * @import { Api } from "./api.js"
 * @import { Listening } from "./listening.js"
 * @import { News } from "./news.js"
 * @import { Reading } from "./scrolling.js"
 * @import { Status } from "./status.js"
 * @import { View } from "./view.js"
 * @import { Answer, Item, Message, Words } from "../wire.js"
 */

const START = "/start";
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const LONGEST_WISH = 30_000;
const NOTHING = { count: 0, last: "0" };

/**
 * What the conversation asks of the page around it.
 * @typedef {object} Around
 * @property {() => string} trapped what a program filled in that people do not see
 * @property {(text: string, why?: HTMLElement) => void} refused what was typed and not taken, and where it says why
 * @property {(choice: string | undefined, messages: Message[]) => void} answered a button, or typed words, were answered
 * @property {(message: Message | undefined) => void} stands the latest of the bot's: what is asked now, and shown
 * @property {(begun: boolean) => void} begun whether something was said
 * @property {() => void} arrived what was said before is there
 * @property {() => void} emptied all was removed: what stands elsewhere on the page goes too
 * @property {(more: boolean) => void} earlier whether there is more of what was said before
 */

export class Chat {
  /**
   * @param {object} parts
   * @param {Api} parts.api
   * @param {View} parts.view
   * @param {Status} parts.status
   * @param {Reading} parts.reading
   * @param {News} parts.news
   * @param {Words} parts.words
   * @param {Around} parts.around
   */
  constructor({ api, view, status, reading, news, words, around }) {
    this.api = api;
    this.view = view;
    this.status = status;
    this.reading = reading;
    this.news = news;
    this.words = words;
    this.around = around;
    /** @type {string | null} */
    this.earlierThan = null;
    this.transcript = new Transcript((line) => view.retire(line));
    this.queue = new Queue(api, {
      sending: () => status.typing(),
      answered: (item, body) => this.answered(item, body),
      away: (item, error) => this.waits(item, error),
      refused: (item, error) => this.refused(item, error),
      idle: () => status.typing(false),
    });
  }

  /**
   * Show what was said, go on with what was not sent, and listen.
   * @param {Listening} listening
   * @param {{ choice: string, text: string } | null} then a choice that was made on the way here
   */
  async begin(listening, then = null) {
    this.listening = listening;
    const { count, last } = await this.load();
    this.showQueue();
    if (count) this.around.arrived();
    if (this.api.known && !count && !this.queue.items.length) this.put({ text: START });
    else if (then && count) this.choose(then.choice, then.text);
    this.queue.run();
    if (this.api.known) listening.start(last);
    else listening.wait();
  }

  /** Another tab began the conversation. */
  async join() {
    if (this.api.known) return;
    const { last } = await this.load();
    if (this.api.known) this.listening?.start(last);
  }

  /** @param {string} text */
  say(text) {
    this.put({ text }, text);
  }

  /**
   * @param {string} choice the button's id
   * @param {string} label
   */
  choose(choice, label) {
    this.put({ choice }, label);
  }

  /**
   * Send this, and show it as these words; without any it is the page's own.
   * @param {{ text: string } | { choice: string }} said
   * @param {string} [shown]
   */
  put(said, shown) {
    const id = newId();
    const website = this.around.trapped();
    const body = { message_id: id, ...said, ...(website ? { website } : {}) };
    const item = shown ? { text: shown, body } : { body };
    if (this.show(own(item))) this.sent();
    this.queue.add(item);
  }

  /** Who sends something goes on at the end. */
  sent() {
    this.news.clear();
    this.reading.toEnd();
  }

  /** @param {Message} message */
  show(message) {
    const line = this.transcript.add(message);
    if (!line) return null;
    if (message.from === "bot") this.around.stands(message);
    this.around.begun(true);
    return this.view.show(line);
  }

  /**
   * What comes by itself: from staff, from another tab, or an answer sooner by this way. What the person said in another
   * tab is not new to them.
   * @param {Message} message
   */
  heard(message) {
    const { atEnd, follows } = this.reading;
    const moves = this.queue.items.length ? follows : atEnd;
    const node = this.show(message);
    if (node && moves) this.reading.toStart(node);
    else if (node && message.from !== "person") this.news.missed(node);
  }

  /** The server is there again. */
  here() {
    if (!this.status.isAway) return;
    this.status.here();
    this.queue.hurry();
  }

  /**
   * @param {Item} item
   * @param {Answer} body
   */
  answered(item, body) {
    if (!this.listening?.listens) this.begins();
    if (!this.status.isAway && body.state !== "new") this.status.say("");
    this.status.here(!this.queue.items.length);
    this.view.mark(this.lineOf(item), "");
    this.status.typing(false);
    if (body.ended) this.empty();
    this.showAnswer(item, body.messages);
    if (body.ended || (item.body.choice && this.view.isRead)) this.focus(body.messages[0]?.id);
    const refusal = body.messages.find((message) => message.refused);
    if (refusal && item.body.text) this.around.refused(item.body.text, this.nodeOf(refusal.id) ?? undefined);
    this.around.answered(item.body.choice, body.messages);
    if (this.api.token && !keeps()) this.status.notice(this.words.not_kept); // a reload will begin anew: said before it does
  }

  /** @param {string} id who chose something reads on here */
  focus(id) {
    this.nodeOf(id)?.focus({ preventScroll: true });
  }

  /** This was the first that was said: from here on there is something to listen to, for other tabs too. */
  begins() {
    this.listening?.tellBegun();
    this.listening?.start("0");
  }

  /**
   * @param {Item} item
   * @param {Message[]} messages
   */
  showAnswer(item, messages) {
    const shown = Boolean(item.text || this.view.nodes.size);
    const { follows } = this.reading;
    const fresh = messages.map((message) => this.show({ ...message, from: message.from ?? "bot" })).filter(isThere);
    const nodes = messages.map(({ id }) => this.nodeOf(id)).filter(isThere);
    if (!follows) for (const node of fresh) this.news.missed(node);
    else this.reading.toAnswer(shown ? (this.nodeOf(item.body.message_id) ?? nodes[0] ?? null) : null, nodes);
  }

  /** @param {string} id the server's, or the one it was sent with */
  nodeOf(id) {
    const line = this.transcript.lines.get(id);
    return (line && this.view.nodes.get(line)) ?? null;
  }

  /**
   * @param {Item} item
   * @param {Away} error
   */
  waits(item, error) {
    const cut = error.code === "network";
    this.status.typing(false);
    this.view.mark(this.lineOf(item), cut ? this.words.waiting : this.words.sending);
    if (cut) this.status.away();
    else if (error.code !== "session") this.status.say(error.message || this.words.error);
  }

  /**
   * @param {Item} item
   * @param {Error} error
   */
  refused(item, error) {
    const why = error.message || this.words.error_failed;
    this.status.typing(false);
    this.status.say(why);
    this.view.mark(this.lineOf(item), why, true);
    if (item.body.text) this.around.refused(item.body.text);
  }

  /** @param {Item} item */
  lineOf(item) {
    return this.transcript.lines.get(item.body.message_id);
  }

  /** What waits is shown too, as waiting. */
  showQueue() {
    for (const item of this.queue.items) {
      this.show(own(item));
      this.view.mark(this.lineOf(item), this.words.waiting);
    }
  }

  /** What was said before, as the server has it, however long it takes. Gives how much that is, and the latest's id. */
  async load() {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return this.loaded(await this.api.history());
      } catch (error) {
        if (!(error instanceof Away)) {
          this.failed(error, this.words.error_failed);
          return NOTHING;
        }
        if (error.code !== "session") this.status.away();
        if (error.message) this.status.say(error.message);
        await rest(Math.max(pause, Math.min(error.wait * 1000, LONGEST_WISH)));
      }
    }
  }

  /** @param {Answer} body */
  loaded({ messages, last, first, more }) {
    if (messages.length && this.view.nodes.size) this.clear(); // what was typed meanwhile comes after it
    this.setEarlier(more ? (first ?? null) : null);
    this.view.quietly(() => {
      for (const message of messages) this.show(message);
    });
    this.showQueue();
    this.status.here();
    this.status.say("");
    return { count: messages.length, last: last ?? "0" };
  }

  /** @param {string | null} first */
  setEarlier(first) {
    this.earlierThan = first;
    this.around.earlier(Boolean(first));
  }

  async showEarlier() {
    if (!this.earlierThan) return;
    try {
      const { messages, first, more } = await this.api.history({ before: this.earlierThan });
      const lines = messages.map((message) => this.transcript.addEarlier(message)).filter(isThere);
      this.reading.keepPlace(() => {
        this.view.showBefore(lines);
        this.setEarlier(more ? (first ?? null) : null);
      });
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {unknown} error */
  failed(error, otherwise = this.words.offline) {
    this.status.say((error instanceof Error && error.message) || otherwise);
  }

  /** Another tab began a new conversation: this one shows that too. */
  async restart() {
    this.leave();
    this.api.known = false;
    const { count, last } = await this.load();
    if (!count) this.status.say(this.words.session_ended);
    this.listening?.start(last);
  }

  /** The person begins a new conversation, and what they say meanwhile belongs to it. Gives whether there is one. */
  async startAnew() {
    const before = this.queue.items.length;
    this.queue.hold();
    try {
      await this.api.anew();
    } catch (error) {
      this.queue.release();
      this.failed(error);
      return false;
    }
    const meanwhile = this.queue.items.slice(before);
    this.listening?.tellAnew();
    this.leave();
    this.queue.release();
    this.status.say("");
    for (const item of meanwhile) {
      this.show(own(item));
      this.queue.add(item);
    }
    this.listening?.start("0");
    return true;
  }

  /** The conversation on the screen is no longer the one there is. */
  leave() {
    this.listening?.stop();
    this.queue.clear();
    this.status.typing(false);
    this.clear();
  }

  /** All was removed: nothing of it stays on the screen, in this tab or another. What the person said since waits. */
  empty() {
    this.listening?.tellAnew();
    this.listening?.start("0");
    this.around.emptied();
    this.clear();
    this.reading.toEnd();
    this.showQueue();
  }

  clear() {
    this.transcript.clear();
    this.view.clear();
    this.around.stands(undefined);
    this.around.begun(false);
    this.news.clear();
    this.setEarlier(null);
  }
}

/**
 * What the person says, as a line, before the server has it.
 * @param {Item} item
 * @returns {Message}
 */
function own({ text, body }) {
  const choice = body.choice ? { choice: body.choice } : {};
  return { id: body.message_id, from: "person", text: text ?? body.text ?? "", ...choice };
}

/**
 * @template T
 * @param {T | null} one
 * @returns {one is T}
 */
function isThere(one) {
  return one !== null;
}
