// Recipes: checked, completed and written as the Python side does.

import { isExpression, parseExpression } from "./expression.js";
import { activationList, findActivation } from "./functions.js";
import { rawWeights } from "./hash.js";
import { t } from "./language.js";
import { didYouMean } from "./near.js";
import { clipText, pythonFloat } from "./syntax.js";
import { trainedLayers } from "./trained.js";
import { sameValue, valueOf, withValues } from "./values.js";

export function defaultRecipe(data) {
  return structuredClone(data.recipe);
}

export function checkSchema(data, schema) {
  if (!Number.isInteger(schema) || schema < 1) throw new Error(t("recipe: expected a schema number, found {found}", { found: described(schema) }));
  if (schema > data.schema) {
    throw new Error(t("recipe: written with recipe schema {schema}, but this version reads up to {known}; a newer artstudio can read it", { schema, known: data.schema }));
  }
  return schema;
}

// The values of the fields that a schema did not know.
export function valuesBefore(data, schema) {
  return Object.fromEntries(Object.entries(data.added).filter(([, added]) => schema < added.schema).map(([name, { before }]) => [name, before]));
}

// A recipe with the oldest schema that can say it, as it is written.
export function oldestForm(data, recipe) {
  const needed = Object.entries(data.added).filter(([name, { before }]) => !sameValue(recipe[name] ?? before, before)).map(([, added]) => added.schema);
  const schema = Math.max(data.oldestWritten, ...needed);
  const unknown = valuesBefore(data, schema);
  return { ...Object.fromEntries(Object.entries(recipe).filter(([name]) => !Object.hasOwn(unknown, name))), schema };
}

// A full recipe, in its canonical form, from an object that may leave out what has a default. Throws an Error of one
// line for what is no recipe.
export function checkRecipe(data, object) {
  if (!isTable(object)) throw new Error(t("recipe: expected a JSON object, found {found}", { found: described(object) }));
  const { schema = data.schema, plugins = {}, ...fields } = object;
  const given = { ...valuesBefore(data, checkSchema(data, schema)), ...fields };
  try {
    return withPlugins(data, checkedFields(data, given));
  } catch (error) {
    throw new Error(error.message + missingPlugins(data, plugins));
  }
}

function checkedFields(data, given) {
  const { schema: _, ...usual } = data.recipe;
  const whole = completed({ ...usual, weights: "" }, given, "");
  const values = Object.entries(data.fields).map(([name, field]) => [name, checkedField(field, valueOf(data, whole, name), field.path.join("."))]);
  const recipe = { schema: data.schema, ...withValues(data, whole, Object.fromEntries(values)) };
  recipe.activation = recipe.activation.map((name) => canonicalActivation(data, name));
  recipe.features = canonicalFeatures(data, recipe.features);
  parseSymmetry(data, recipe.symmetry);
  oneOf(data.colours, recipe.colour, "colour");
  recipe.palette = canonicalPalette(data, recipe.palette);
  recipe.latent = checkedLatent(data, recipe.latent);
  recipe.origin = checkedOrigin(recipe.origin);
  if (recipe.weights) {
    trainedLayers(data, recipe);
    return recipe;
  }
  const { weights, ...untrained } = recipe;
  return untrained;
}

// What has names that plugins may give.
const NAMED = ["activations", "features", "colours", "palettes"];

// The recipe, which says of each name that a plugin gives from which.
function withPlugins(data, recipe) {
  const activations = usedActivations(data, recipe).flatMap((name) => name.match(/[A-Za-z_]\w*/g) ?? []);
  const used = { activations, features: recipe.features, colours: [recipe.colour], palettes: [String(recipe.palette).replace(/_r$/, "")] };
  const records = NAMED.flatMap((kind) => data[kind].filter(({ name, plugin }) => used[kind].includes(name) && plugin && plugin !== "register"));
  return records.length ? { ...recipe, plugins: Object.fromEntries(records.map(({ name, plugin }) => [name, plugin])) } : recipe;
}

function missingPlugins(data, plugins) {
  if (!isTable(plugins)) return "";
  const known = new Set(NAMED.flatMap((kind) => data[kind].map(({ name }) => name)));
  const missing = Object.keys(plugins).filter((name) => !known.has(name)).map((name) => clipText(String(plugins[name]), 40));
  return missing.length ? t("; it needs the plugin {names}, which is not installed", { names: [...new Set(missing)].sort().join(", ") }) : "";
}

function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function described(value) {
  return clipText(typeof value === "string" ? `'${value}'` : JSON.stringify(value) ?? String(value), 48);
}

// All values, as they are given or else by default. Throws an Error for an unknown key, or what should be a table.
function completed(usual, given, path) {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(usual, name)) throw new Error(t("recipe: unknown key '{found}' (known: {known})", { found: clipText(path + name), known: Object.keys(usual).join(", ") }));
  }
  return Object.fromEntries(Object.entries(usual).map(([name, plain]) => {
    const value = given[name] === undefined ? structuredClone(plain) : given[name];
    if (!isTable(plain)) return [name, value];
    if (!isTable(value)) throw new Error(t("{name}: expected a table, found {found}", { name: path + name, found: described(value) }));
    return [name, completed(plain, value, `${path + name}.`)];
  }));
}

// A field's value, if it is of the kind and within the limits that the field's record states.
function checkedField({ kind, open, choices, fewest, longest, barred, least, most }, value, path) {
  const fail = (expected) => {
    throw new Error(t("{name}: expected {expected}, found {found}", { name: path, expected, found: described(value) }));
  };
  if (open) return value;
  if (kind === "truth" && typeof value !== "boolean") fail(t("true or false"));
  if (kind === "text" && typeof value !== "string") fail(t("text"));
  if (kind === "choice" && !choices.includes(value)) fail(choices.map((choice) => `'${choice}'`).join(` ${t("or")} `));
  if (barred !== undefined && value === barred) fail(t("0 (off) or {least} to {most}", { least: barred + 1, most }));
  if (kind === "integer" || kind === "number") return checkedNumber({ kind, least, most }, value, path);
  if (kind !== "names" && kind !== "numbers") return value;
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list)) fail(t("a list"));
  if (list.length < fewest) fail(t("at least {count} entries", { count: fewest }));
  if (list.length > longest) fail(t("at most {count} entries", { count: longest }));
  const entry = kind === "names" ? { kind: "text" } : { kind: "number", least, most };
  return list.map((one, i) => checkedField(entry, one, `${path}.${i}`));
}

function checkedNumber({ kind, least, most }, value, path) {
  const fail = (expected) => {
    throw new Error(t("{name}: expected {expected}, found {found}", { name: path, expected, found: described(value) }));
  };
  if (typeof value !== "number" || (kind === "integer" && !Number.isInteger(value))) fail(kind === "integer" ? t("a whole number") : t("a number"));
  if (!Number.isFinite(value)) fail(t("a finite number"));
  if (value < least) fail(t("at least {least}", { least }));
  if (value > most) fail(t("at most {most}", { most }));
  return value + 0; // no negative zero
}

function oneOf(records, name, kind) {
  const found = records.find((record) => record.name === name);
  if (!found) throw new Error(t("{kind}: unknown {kind} '{found}'{hint}", { kind, found: clipText(name), hint: didYouMean(name, records.map((record) => record.name)) }));
  return found;
}

// --- activations ---------------------------------------------------------------------------------------------------

// The record of a registry name, an alias or an expression.
export function activationOf(data, name) {
  const list = activationList(data);
  if (isExpression(name)) return parseExpression(name);
  const found = findActivation(list, name);
  if (!found) throw new Error(t("activation: unknown activation '{found}'{hint}", { found: clipText(name), hint: didYouMean(name, list.flatMap((record) => [record.name, ...record.aliases])) }));
  return found;
}

export function isMixture(name) {
  return /^\s*mix\s*\([^]*\)\s*$/i.test(name);
}

// `mix(tanh:3, step)` as [{name, weight}].
export function parseMixture(data, text) {
  const parts = /^\s*mix\s*\(([^]*)\)\s*$/i.exec(text)[1].split(",").map((part) => part.trim());
  const most = data.limits.parts;
  if (parts.length < 2 || parts.length > most) {
    throw new Error(t("mix: expected 2 to {most} activations, as in mix(tanh, step) or mix(tanh:3, step:1); found '{found}'", { most, found: clipText(text) }));
  }
  const pairs = parts.map((part) => mixturePart(data, part));
  if (new Set(pairs.map(({ name }) => name)).size < pairs.length) throw new Error(t("mix: expected each activation once, found '{found}'", { found: clipText(text) }));
  return pairs;
}

function mixturePart(data, part) {
  const [, text, colon, weight] = /^([^:]*)(:?)([^]*)$/.exec(part);
  const record = activationOf(data, text.trim());
  if (record.own) throw new Error(t("mix: expected names of activations, found the expression '{found}'", { found: clipText(text) }));
  if (!colon) return { name: record.name, weight: 1 };
  if (!/^[0-9]{1,4}(\.[0-9]{1,4})?$/.test(weight.trim()) || !(Number(weight) > 0)) {
    throw new Error(t("mix: expected a weight above 0 after {name}:, found '{found}'", { name: record.name, found: clipText(weight) }));
  }
  return { name: record.name, weight: Number(Number(weight).toPrecision(6)) };
}

function canonicalActivation(data, name) {
  if (!isMixture(name)) return activationOf(data, name).name;
  return `mix(${parseMixture(data, name).map((part) => `${part.name}:${part.weight}`).join(", ")})`;
}

// The activation's name for each hidden layer: the list, cycled.
export function layerActivations({ activation, depth }) {
  return Array.from({ length: depth }, (_, i) => activation[i % activation.length]);
}

// Every activation that the picture uses, each once; those of mixtures one by one.
export function usedActivations(data, recipe) {
  const names = layerActivations(recipe).flatMap((name) => (isMixture(name) ? parseMixture(data, name).map((part) => part.name) : [name]));
  return [...new Set(names)];
}

// --- the other fields -------------------------------------------------------------------------------------------------

function canonicalFeatures(data, names) {
  const records = names.map((name) => oneOf(data.features, name, "feature"));
  if (new Set(names).size < names.length) throw new Error(t("features: expected each feature once"));
  return records.sort((a, b) => a.column - b.column).map(({ name }) => name);
}

// `kaleidoscope:6` as {record, folds}.
export function parseSymmetry(data, text) {
  const [, name, colon, count] = /^([^:]*)(:?)([^]*)$/.exec(text);
  const record = oneOf(data.symmetries, name, "symmetry");
  if (!record.counted) {
    if (count) throw new Error(t("symmetry: '{name}' takes no number, found '{found}'", { name, found: clipText(text) }));
    return { record, folds: 1 };
  }
  const folds = /^[0-9]{1,3}$/.test(count) ? Number(count) : 0;
  if (!colon || folds < 2 || folds > data.limits.folds) {
    throw new Error(t("symmetry: '{name}' needs a number from 2 to {most}, as in {name}:6; found '{found}'", { name, most: data.limits.folds, found: clipText(text) }));
  }
  return { record, folds };
}

// Whether square pictures tile: left meets right and top meets bottom.
export function isSeamless(data, recipe) {
  const features = recipe.features.every((name) => data.features.find((record) => record.name === name).seamless);
  return features && data.symmetries.some((record) => record.name === recipe.symmetry && record.tiles);
}

function canonicalPalette(data, value) {
  if (typeof value === "string") {
    if (data.palettes.some(({ name }) => name === value.replace(/_r$/, ""))) return value;
    if (value.startsWith("#")) return canonicalPalette(data, value.replaceAll(",", " ").trim().split(/\s+/));
    throw new Error(t("palette: unknown palette '{found}'{hint}", { found: clipText(value), hint: didYouMean(value, data.palettes.map((record) => record.name)) }));
  }
  if (!Array.isArray(value)) throw new Error(t("palette: expected a palette name or a list of hex colours, found {found}", { found: described(value) }));
  const most = data.limits.colours;
  if (value.length < 2 || value.length > most) throw new Error(t("palette: expected 2 to {most} colours, found {count}", { most, count: value.length }));
  return value.map((colour) => {
    if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour)) throw new Error(t("palette: expected hex colours such as #f2a65a, found {found}", { found: described(colour) }));
    const low = colour.toLowerCase();
    return low.length === 7 ? low : `#${[...low.slice(1)].map((digit) => digit + digit).join("")}`;
  });
}

// A palette's colours as `#rrggbb`, in order.
export function paletteColours(data, palette) {
  if (Array.isArray(palette)) return palette;
  const { colours } = data.palettes.find(({ name }) => name === palette.replace(/_r$/, ""));
  return palette.endsWith("_r") ? [...colours].reverse() : colours;
}

function checkedLatent(data, value) {
  const most = data.limits.latent;
  if (typeof value === "string") {
    const drawn = /^seed:([0-9]{1,2})$/.exec(value);
    if (!drawn || Number(drawn[1]) < 1 || Number(drawn[1]) > most) {
      throw new Error(t("latent: expected numbers, or seed:N with N from 1 to {most}, found {found}", { most, found: described(value) }));
    }
    return value;
  }
  if (!Array.isArray(value)) throw new Error(t("latent: expected a list, found {found}", { found: described(value) }));
  if (value.length > most) throw new Error(t("latent: expected at most {most} entries, found {count}", { most, count: value.length }));
  return value.map((number, i) => checkedNumber({ kind: "number", least: -10, most: 10 }, number, t("latent: value {number}", { number: i + 1 })));
}

function checkedOrigin(value) {
  if (value === "seed") return value;
  const fits = Array.isArray(value) && value.length === 2 && value.every((number) => typeof number === "number" && Math.abs(number) <= 100);
  if (!fits) throw new Error(t("origin: expected two numbers from -100 to 100, or seed, found {found}", { found: described(value) }));
  return value.map((number) => number + 0);
}

// The point from which distances are measured, in canvas units.
export function originPoint(data, { origin, seed }) {
  if (origin !== "seed") return origin;
  return Array.from(rawWeights(seed, data.layers.origin, 1, [0, 1]), (raw) => raw * data.constants.origins);
}

// The latent values, those drawn from the seed included.
export function latentValues(data, { latent, seed }) {
  if (typeof latent !== "string") return latent;
  const columns = Array.from({ length: Number(latent.slice("seed:".length)) }, (_, i) => i);
  return [...rawWeights(seed, data.layers.latent, 1, columns)];
}

// --- text -------------------------------------------------------------------------------------------------------------

// The canonical JSON, character for character as Python writes it: equal recipes give equal text.
export function recipeJson(data, recipe) {
  const text = (value) => JSON.stringify(value).replaceAll(/[^\0-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const whole = new Set(["schema", ...Object.values(data.fields).filter(({ kind }) => kind === "integer").map(({ path }) => path.join("."))]);
  const write = (value, path) => {
    if (typeof value === "number") return whole.has(path) ? String(value) : pythonFloat(value);
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return `[${value.map((entry) => write(entry, path)).join(",")}]`;
    if (!isTable(value)) return String(value);
    return `{${Object.keys(value).sort().map((name) => `${text(name)}:${write(value[name], path ? `${path}.${name}` : name)}`).join(",")}}`;
  };
  return write(oldestForm(data, recipe), "");
}
