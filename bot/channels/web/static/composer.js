// Where one types.

import { attributes, label } from "./asks.js";
import { recall, remember } from "./store.js";

/**
 * @import { Status } from "./status.js"
 * @import { Ask, Words } from "../wire.js"
 */

const HIGHEST = 200;
const WHY = "why";
const NEARLY = 0.9;

export class Composer {
  /**
   * @param {{ form: HTMLFormElement, field: HTMLTextAreaElement, trap: HTMLInputElement, counter: HTMLElement }} places
   * @param {Status} status
   * @param {Words} words
   * @param {(text: string) => void} send is given what was typed, trimmed
   */
  constructor({ form, field, trap, counter }, status, words, send) {
    this.form = form;
    this.field = field;
    this.trap = trap;
    this.counter = counter;
    this.status = status;
    this.words = words;
    this.most = Number(field.dataset.most);
    this.tooLong = words.too_long.replace("{most}", String(this.most));
    this.send = send;
    /** Whether the last was sent by a touch on the button; by Enter one goes on typing. */
    this.touched = false;
    form.addEventListener("pointerup", ({ pointerType }) => {
      this.touched = pointerType === "touch";
    });
    form.addEventListener("submit", (event) => this.submit(event));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      this.touched = false;
      this.submit(event);
    });
    field.addEventListener("input", () => this.typed());
    field.value ||= recall("typed", "");
    this.resize();
  }

  /** What a program filled in that people do not see; "" for a person. */
  get trapped() {
    return this.trap.value;
  }

  focus() {
    this.field.focus();
  }

  /** @param {Ask | undefined} ask the question that is open; none: anything can be asked or said */
  asks(ask) {
    for (const [name, value] of Object.entries(attributes(ask, this.words))) {
      if (value === null) this.field.removeAttribute(name);
      else this.field.setAttribute(name, value);
    }
    const [named] = this.field.labels;
    named.textContent = label(ask, this.words);
    this.form.classList.toggle("free", !ask);
  }

  /** Buttons follow: a phone's keyboard goes, so that they can be seen. */
  rest() {
    if (this.touched && !this.field.value) this.field.blur();
  }

  /**
   * What was not taken stands in the field again, unless something new does.
   * @param {string} text
   * @param {HTMLElement} [why] what says what is wrong with it
   */
  giveBack(text, why) {
    if (this.field.value) return;
    this.field.value = text;
    this.typed();
    if (!why) return;
    why.id = WHY;
    this.field.setAttribute("aria-invalid", "true");
    this.field.setAttribute("aria-describedby", WHY);
  }

  /** Nothing is wrong with what stands in the field. */
  right() {
    this.field.removeAttribute("aria-invalid");
    this.field.removeAttribute("aria-describedby");
    document.getElementById(WHY)?.removeAttribute("id");
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!this.fits(text)) this.status.say(this.tooLong);
    else if (text) {
      this.empty();
      this.send(text);
    }
    this.focus();
  }

  empty() {
    this.right();
    this.field.value = "";
    remember("typed", null);
    this.resize();
    this.count();
  }

  typed() {
    this.right();
    remember("typed", this.field.value || null);
    this.resize();
    this.count();
    if (this.fits(this.field.value.trim())) this.status.unsay(this.tooLong);
    else this.status.say(this.tooLong);
  }

  /**
   * Whether the server takes this; counted as it counts, a character at a time.
   * @param {string} text
   */
  fits(text) {
    return Array.from(text).length <= this.most;
  }

  /** How much is typed is shown once there is little room left. */
  count() {
    const size = Array.from(this.field.value.trim()).length;
    this.counter.hidden = size < this.most * NEARLY;
    this.counter.textContent = `${size} / ${this.most}`;
  }

  resize() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, HIGHEST)}px`;
  }
}
