// Times and days as people write them, on the course's clock.

/** @import { Words } from "../wire.js" */

const DAY = 86_400_000;

export class Clock {
  /**
   * @param {string} zone the course's, as "Europe/Amsterdam"
   * @param {string} locale how the language is written where people read this, as "en-GB"
   * @param {Words} words
   */
  constructor(zone, locale, words) {
    this.zone = zone;
    this.locale = locale;
    this.words = words;
  }

  /** @param {Date} date */
  time(date) {
    return this.format({ hour: "2-digit", minute: "2-digit" }, date);
  }

  /**
   * The same for all moments of one day.
   * @param {Date} date
   */
  day(date) {
    return this.format({ year: "numeric", month: "2-digit", day: "2-digit" }, date);
  }

  /** @param {Date} date */
  dayName(date, now = new Date()) {
    const words = this.words;
    if (this.day(date) === this.day(now)) return words.today;
    if (this.day(date) === this.day(new Date(now.getTime() - DAY))) return words.yesterday;
    return this.format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, date);
  }

  /**
   * @param {Intl.DateTimeFormatOptions} options
   * @param {Date} date
   */
  format(options, date) {
    return new Intl.DateTimeFormat(this.locale, { timeZone: this.zone, ...options }).format(date);
  }
}
