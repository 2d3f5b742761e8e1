// The page's texts in the reader's language, and numbers as that language writes them.
//
// Texts stand in the modules in English, each a plain string in a call of `t`: a whole sentence, never put together
// from pieces, since other languages order them differently. The catalogues in `languages/` say the same in other
// languages; a test finds what is missing there.

import { readEmbedded } from "./embedded.js";
import { asked } from "./query.js";

// `others` is {code: [name, texts]}, in the order of the texts in `english`, 0 for what is the same; without them
// everything is English.
const { english, others } = (await readEmbedded("languages")) ?? { english: [], others: {} };
const CATALOGUES = { en: ["English", []], ...others };

// The language of the page: what the address asks for, as `?lang=de`, or else the first of the browser's that is known.
export const LANGUAGE = [asked("lang"), ...navigator.languages, "en"]
  .map((tag) => tag?.toLowerCase().split(/[-_]/)[0]).find((code) => Object.hasOwn(CATALOGUES, code));

// The languages that there are: [code, what it calls itself].
export const LANGUAGES = Object.entries(CATALOGUES).map(([code, [name]]) => [code, name]);

const translations = english.map((text, i) => CATALOGUES[LANGUAGE][1][i] || text);
const places = new Map(english.map((text, i) => [text, i]));

// The region matters too: in Mexico numbers have a point, in Spain a comma.
const LOCALE = navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === LANGUAGE) ?? LANGUAGE;
const DECIMAL_SIGN = new Intl.NumberFormat(LOCALE).formatToParts(0.5).find(({ type }) => type === "decimal").value;

document.documentElement.lang = LANGUAGE === "zh" ? "zh-Hans" : LANGUAGE;

// A text with its {names} filled in. In the page's script the texts are replaced by their places in the catalogue.
export function t(text, values = {}) {
  return (translations[typeof text === "number" ? text : places.get(text)] ?? text).replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

// Digits with the reader's decimal sign. `digits`: how many after the point; all that there are by default.
export function number(value, digits) {
  const text = digits === undefined ? String(value) : Number(value).toFixed(digits);
  return localDigits(text).replace("-", "−");
}

// A number that is text already, with the reader's decimal sign.
export function localDigits(text) {
  return text.replace(".", DECIMAL_SIGN);
}

// A number as people type it, with a point or the reader's decimal sign; NaN for what is none.
export function typedNumber(text) {
  return text.trim() === "" ? NaN : Number(text.trim().replace(DECIMAL_SIGN, ".").replace("−", "-"));
}

// A list in words: "a, b and c".
export function listed(words) {
  return new Intl.ListFormat(LANGUAGE).format(words);
}

// The data with its texts for people, which are in English as Python's registries have them, in the reader's language.
export function translateData(data) {
  const translated = (record, names) => ({ ...record, ...Object.fromEntries(names.map((name) => [name, t(record[name])])) });
  const fields = Object.entries(data.fields ?? {}).map(([name, { control, ...field }]) => [
    name, control ? { ...field, control: translated(control, ["label"]) } : field,
  ]);
  const records = Object.entries(data.shown).filter(([kind]) => kind in data).map(([kind, names]) => [kind, data[kind].map((record) => translated(record, names))]);
  const presets = data.presets?.map((preset) => translated(preset, ["collection"]));
  return { ...data, ...Object.fromEntries(records), presets, fields: Object.fromEntries(fields) };
}

// Puts the texts of the page's frame, which stand there in English, into the reader's language.
export function translateFrame(root) {
  for (const element of root.querySelectorAll("[aria-label], [data-drop]")) {
    for (const name of ["aria-label", "data-drop"]) if (element.hasAttribute(name)) element.setAttribute(name, t(element.getAttribute(name)));
  }
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.textContent);
}
