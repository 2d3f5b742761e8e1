// A recipe in words that other programs read: the command line, a preset's TOML, JSON.

import { oldestForm } from "./recipe.js";
import { changedValues } from "./values.js";

// A number as Python writes it: a real one always has a point or an exponent.
export function pythonNumber(value, real) {
  if (!real) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

// The line that makes the picture again, as `artstudio info` prints it: only what differs from the defaults.
export function commandOf(data, recipe, width, height) {
  const words = ["artstudio", "render", "--seed", String(recipe.seed), "--size", `${width}x${height}`];
  for (const [name, value] of changedValues(data, recipe)) {
    if (data.fields[name].option) words.push(...optionWords(`--${name.replaceAll("_", "-")}`, data.fields[name], value));
  }
  return words.map(shellWord).join(" ");
}

function optionWords(option, { kind }, value) {
  if (kind === "truth") return [value ? option : option.replace("--", "--no-")];
  const text = [value].flat().map((one) => (typeof one === "number" ? pythonNumber(one, kind !== "integer") : one)).join(",");
  return text.startsWith("-") ? [`${option}=${text}`] : [option, text];
}

function shellWord(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

// A preset's table, as it stands in a file of presets.
export function tomlOf(data, recipe) {
  const lines = [`[${tomlName(recipe)}]`, `seed = ${recipe.seed}`];
  const nested = new Map();
  for (const [name, value] of changedValues(data, recipe)) {
    const { path: [field, part], kind } = data.fields[name];
    const words = tomlValue(value, kind !== "integer");
    if (part) nested.set(field, [...(nested.get(field) ?? []), `${part} = ${words}`]);
    else lines.push(`${field} = ${words}`);
  }
  for (const [field, parts] of nested) lines.push(`${field} = { ${parts.join(", ")} }`);
  return `${lines.join("\n")}\n`;
}

function tomlName(recipe) {
  const words = recipe.activation.join("-").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
  return `${words || "own"}-${recipe.seed}`;
}

function tomlValue(value, real) {
  if (Array.isArray(value)) return `[${value.map((one) => tomlValue(one, real)).join(", ")}]`;
  if (typeof value === "number") return pythonNumber(value, real);
  return JSON.stringify(value); // what recipes hold of text has the same form in TOML
}

export function jsonOf(data, recipe) {
  return `${JSON.stringify(oldestForm(data, recipe), null, 2)}\n`;
}
