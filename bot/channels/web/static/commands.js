// What the page calls the commands that it knows, so that nobody reads a "/privacy".

/** @import { Words } from "../wire.js" */

/**
 * The names of the commands.
 * @param {Words} words
 * @returns {Map<string, string>}
 */
export function named(words) {
  return new Map([
    [words.privacy_command, words.privacy],
    [words.my_data_command, words.my_data],
    [words.contact_command, words.contact],
    [words.forget_command, words.forget],
    [words.signup_command, words.signup_label],
    [words.language_command, words.language_label],
  ]);
}
