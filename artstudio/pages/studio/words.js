// A recipe in words that other programs read: the command line, a preset's TOML, JSON.

import { isReal, sameValue, valueNames, valueOf } from "./values.js";

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
  const changed = (name) => !sameValue(valueOf(data, recipe, name), valueOf(data, data.recipe, name));
  const number = (name) => pythonNumber(recipe[name], isReal(data, name));
  const text = (name) => (typeof recipe[name] === "string" ? recipe[name] : [recipe[name]].flat().join(","));
  if (changed("activation")) words.push("--activation", text("activation"));
  for (const name of ["units", "depth", "gain", "sparsity", "symmetry", "colour", "gamut"]) {
    if (changed(name)) words.push(`--${name}`, typeof recipe[name] === "number" ? number(name) : recipe[name]);
  }
  if (recipe.skip) words.push("--skip");
  for (const name of ["features", "palette"]) if (changed(name)) words.push(`--${name}`, text(name));
  if (recipe.latent.length) {
    words.push(`--latent=${typeof recipe.latent === "string" ? recipe.latent : recipe.latent.map((value) => pythonNumber(value, true)).join(",")}`);
  }
  for (const name of Object.keys(data.parts)) {
    if (!changed(name)) continue;
    const value = valueOf(data, recipe, name);
    const option = `--${name.replaceAll("_", "-")}`;
    if (typeof value === "boolean") words.push(option);
    else words.push(`${option}=${[value].flat().map((one) => pythonNumber(one, isReal(data, name))).join(",")}`);
  }
  return words.map(shellWord).join(" ");
}

function shellWord(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

// A preset's table, as it stands in a file of presets.
export function tomlOf(data, recipe) {
  const lines = [`[${tomlName(recipe)}]`, `seed = ${recipe.seed}`];
  const nested = new Map();
  for (const name of valueNames(data, recipe)) {
    const value = valueOf(data, recipe, name);
    if (name === "seed" || sameValue(value, valueOf(data, data.recipe, name))) continue;
    const [field, part] = data.parts[name] ?? [name, null];
    const words = tomlValue(value, isReal(data, name));
    if (part === null) lines.push(`${name} = ${words}`);
    else nested.set(field, [...(nested.get(field) ?? []), `${part} = ${words}`]);
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

export function jsonOf(recipe) {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}
