// What the person sent and the server has not taken yet: kept over a reload, sent one by one, in order.

import { Away } from "./api.js";
import { wakes } from "./rest.js";
import { recall, remember } from "./store.js";

/** @import { Answer, Item, Sent } from "../wire.js" */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const LONGEST_WISH = 30_000;

/**
 * @typedef {object} Told
 * @property {(item: Item) => void} sending
 * @property {(item: Item, body: Answer) => void} answered
 * @property {(item: Item, error: Away) => void} away
 * @property {(item: Item, error: Error) => void} refused
 * @property {() => void} idle
 */

export class Queue {
  /**
   * @param {{ send: (message: Sent, flight: AbortController) => Promise<Answer> }} api
   * @param {Told} on
   */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    /** @type {Item[]} */
    this.items = recall("queue", []);
    this.pause = FIRST_PAUSE;
    this.working = false;
    /** @type {(() => void) | null} */
    this.wake = null;
    /** @type {AbortController | null} */
    this.flight = null;
    /** @type {Promise<void> | null} */
    this.held = null;
    this.release = () => {};
    wakes.addEventListener("online", () => this.hurry());
  }

  /** @param {Item} item */
  add(item) {
    this.items.push(item);
    this.save();
    this.run();
  }

  /** A new conversation: what waits and what is under way belong to the one before. */
  clear() {
    this.items = [];
    this.save();
    this.flight?.abort();
    this.hurry();
  }

  /** Send nothing, and stop what is under way, until `release` is called: it would land in another conversation. */
  hold() {
    this.held = new Promise((resolve) => {
      this.release = () => {
        this.held = null;
        resolve();
      };
    });
    this.flight?.abort();
    this.hurry();
  }

  /** Try again now instead of after the pause. */
  hurry() {
    this.pause = FIRST_PAUSE;
    this.wake?.();
  }

  save() {
    remember("queue", this.items.length ? this.items : null);
  }

  async run() {
    if (this.working) return;
    this.working = true;
    while (this.items.length) await (this.held ?? this.step(this.items[0]));
    this.working = false;
    this.on.idle();
  }

  /** @param {Item} item */
  async step(item) {
    this.on.sending(item);
    this.flight = new AbortController();
    try {
      const body = await this.api.send(item.body, this.flight);
      if (this.held) await this.held;
      if (!this.items.includes(item)) return;
      this.drop(item);
      this.pause = FIRST_PAUSE;
      this.on.answered(item, body);
    } catch (error) {
      if (!this.items.includes(item) || this.held) return;
      if (error instanceof Away) await this.waitAfter(item, error);
      else {
        this.drop(item);
        this.on.refused(item, /** @type {Error} */ (error));
      }
    }
  }

  /** @param {Item} item */
  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    this.save();
  }

  /**
   * @param {Item} item
   * @param {Away} error
   */
  async waitAfter(item, error) {
    this.on.away(item, error);
    const pause = Math.max(this.pause, Math.min(error.wait * 1000, LONGEST_WISH));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      const timer = setTimeout(resolve, pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
