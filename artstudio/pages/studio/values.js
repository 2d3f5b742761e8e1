// Reading and changing a recipe's values by name, where a name is a field or the part of a nested one.

// `data.parts` names the parts of nested fields for people: {zoom: ["view", "zoom"], ...}, as the command line does.
export function valueOf(data, recipe, name) {
  const part = data.parts[name];
  return part ? recipe[part[0]][part[1]] : recipe[name];
}

// A copy of the recipe with other values, {name: value}.
export function withValues(data, recipe, changes) {
  const copy = { ...recipe };
  for (const [name, value] of Object.entries(changes)) {
    const part = data.parts[name];
    if (part) copy[part[0]] = { ...copy[part[0]], [part[1]]: value };
    else copy[name] = value;
  }
  return copy;
}

// Every name that a recipe's value has, in the order in which people read them.
export function valueNames(data, recipe) {
  const nested = new Set(Object.values(data.parts).map(([field]) => field));
  return [...Object.keys(recipe).filter((field) => field !== "schema" && !nested.has(field)), ...Object.keys(data.parts)];
}

// What a value may be, {kind, least, most, default}, as the recipe's own class says.
export function fieldOf(data, name) {
  const part = data.parts[name];
  return part ? data.fields[part[0]].fields[part[1]] : data.fields[name];
}

// Whether its numbers are real ones, which Python writes with a point, rather than whole ones.
export function isReal(data, name) {
  return fieldOf(data, name).kind !== "integer";
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

// What people call the recipe: its activations and its seed.
export function recipeTitle(data, recipe) {
  const label = (name) => data.activations.find((record) => record.name === name)?.label ?? name;
  const names = [...new Set(recipe.activation)].map(label);
  const words = names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
  return `${words} · ${recipe.seed}`;
}

export function usesPalette(data, recipe) {
  return data.colours.find((model) => model.name === recipe.colour)?.usesPalette ?? false;
}
