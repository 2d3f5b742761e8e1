// How networks are trained in learn mode: the settings, as the page's address has them.

import { t } from "./language.js";
import { activationOf } from "./recipe.js";
import { clipText } from "./syntax.js";
import { sameValue, splitList } from "./values.js";

const CHOICES = { optimiser: "optimisers", init: "inits" };
const NUMBERS = ["rate", "units", "depth"];

// The settings at first: {preset, target, activations, rates, optimiser, rate, init, units, depth, seed}. `rates` has the
// learning rates of activations that have their own, by name; `preset` is the name of the one that these settings are.
export function firstSettings(data) {
  return presetSettings(data, Object.keys(data.learning.presets)[0]);
}

export function presetSettings(data, name) {
  const { target, activations, optimiser, rate, init, units, depth, seed } = data.learning.presets[name];
  return { target, activations: [...activations], rates: {}, optimiser, rate, init, units, depth, seed };
}

// The name of the preset that the settings are, or "".
export function presetOf(data, settings) {
  const same = (preset) => Object.keys(preset).every((name) => sameValue(preset[name], settings[name]));
  return Object.keys(data.learning.presets).find((name) => same(presetSettings(data, name))) ?? "";
}

// `target:spiral,step,relu:0.1,rate:0.3,...`: words with a name of a setting, and activations, which may have a learning
// rate of their own; "" for the first settings, a preset's name for a preset.
export function writeSettings(data, settings) {
  const preset = presetOf(data, settings);
  if (preset) return preset === presetOf(data, firstSettings(data)) ? "" : preset;
  const first = firstSettings(data);
  const changed = ["target", "optimiser", "rate", "init", "units", "depth", "seed"].filter((name) => settings[name] !== first[name]);
  const { activations, rates } = settings;
  return [...activations.map((name) => (name in rates ? `${name}:${rates[name]}` : name)), ...changed.map((name) => `${name}:${settings[name]}`)].join(",");
}

// Throws an Error in one line for what are no settings.
export function readSettings(data, text) {
  const settings = firstSettings(data);
  const { presets, limits } = data.learning;
  if (!text) return settings;
  if (Object.hasOwn(presets, text)) return presetSettings(data, text);
  settings.activations = [];
  for (const word of splitList(text)) {
    const [name, value] = word.split(":");
    if (name !== "activations" && name !== "rates" && Object.hasOwn(settings, name)) settings[name] = readSetting(data, settings, name, value ?? "");
    else {
      const record = learnableActivation(data, name);
      if (!settings.activations.includes(record.name)) settings.activations.push(record.name);
      if (value !== undefined) settings.rates[record.name] = readNumber("rate", value, limits.rate);
    }
  }
  const [fewest, most] = limits.learners;
  if (settings.activations.length < fewest || settings.activations.length > most) {
    throw new Error(t("learn: expected {fewest} to {most} activations, found {count}", { fewest, most, count: settings.activations.length }));
  }
  return settings;
}

// The record of an activation that networks can be trained with here: any that works number by number.
export function learnableActivation(data, name) {
  const record = activationOf(data, name);
  if (!record.elementwise) throw new Error(t("learn: expected an activation of single numbers, found '{found}'", { found: clipText(name) }));
  return record;
}

function readSetting(data, settings, name, value) {
  const { learning } = data;
  if (name in CHOICES || name === "target") {
    const known = name === "target" ? targetNames(data) : learning[CHOICES[name]];
    if (!known.includes(value)) throw new Error(t("learn: {name}: expected one of {known}, found '{found}'", { name, known: known.join(", "), found: clipText(value, 40) }));
    return value;
  }
  if (NUMBERS.includes(name)) return readNumber(name, value, learning.limits[name], name !== "rate");
  return readNumber(name, value, [0, 2 ** 32 - 1], true);
}

function readNumber(name, text, [least, most], whole = false) {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    const values = { name, least, most, found: clipText(text, 40) };
    throw new Error(whole ? t("learn: {name}: expected a whole number from {least} to {most}, found '{found}'", values)
      : t("learn: {name}: expected a number from {least} to {most}, found '{found}'", values));
  }
  return value;
}

// The targets that come with the page.
export function targetNames({ learning }) {
  return [...Object.keys(learning.points), ...Object.keys(learning.pictures)];
}
