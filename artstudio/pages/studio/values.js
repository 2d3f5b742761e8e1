// Reading and changing a recipe's values by name, where a name is a field or the part of a nested one.

import { t } from "./language.js";

// `data.fields` has what Python's records say of each: {zoom: {path: ["view", "zoom"], kind: "number", least, most, ...}}.
export function valueOf(data, recipe, name) {
  return data.fields[name].path.reduce((table, key) => table[key], recipe);
}

// A copy of the recipe with other values, {name: value}.
export function withValues(data, recipe, changes) {
  const copy = { ...recipe };
  for (const [name, value] of Object.entries(changes)) {
    const [field, part] = data.fields[name].path;
    copy[field] = part ? { ...copy[field], [part]: value } : value;
  }
  return copy;
}

// [name, value] of all that differs from a usual recipe, by default the default one, but the seed, which is always worth naming.
export function changedValues(data, recipe, usual = data.recipe) {
  const values = Object.keys(data.fields).map((name) => [name, valueOf(data, recipe, name)]);
  return values.filter(([name, value]) => name !== "seed" && !sameValue(value, valueOf(data, usual, name)));
}

export function sameValue(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

// Splits at the commas outside of brackets: `tanh,max(0.1*z, z)` is two.
export function splitList(text) {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

// The nearest number with so many digits after the point, free of a negative zero.
export function rounded(value, digits) {
  const scale = 10 ** Math.max(0, digits);
  return Math.round(value * scale) / scale + 0;
}

export function clamped(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

// What people call an activation.
export function labelOf(data, name) {
  return data.activations.find((record) => record.name === name)?.label ?? name;
}

// What people call the recipe: its activations and its seed.
export function recipeTitle(data, recipe) {
  const names = [...new Set(recipe.activation)].map((name) => labelOf(data, name));
  const words = names.length > 3 ? t("{names} and {count} more", { names: names.slice(0, 2).join(", "), count: names.length - 2 }) : names.join(", ");
  return `${words} · ${recipe.seed}`;
}

export function usesPalette(data, recipe) {
  return data.colours.find((model) => model.name === recipe.colour)?.usesPalette ?? false;
}
