// What the server told this page: its language, texts and limits.

const given = JSON.parse(document.getElementById("settings").textContent);

export const locale = given.locale;
export const limits = given.limits;

/** The text of a key with its {placeholders} filled in. */
export function say(key, values = {}) {
  return given.strings[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
