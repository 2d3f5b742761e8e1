// The state in the address: what differs from the defaults, as `seed=7&activation=step`, so that a link is a picture.

import { t } from "./language.js";
import { didYouMean } from "./near.js";
import { checkRecipe, checkSchema, oldestForm, valuesBefore } from "./recipe.js";
import { clipText } from "./syntax.js";
import { changedValues, clamped, sameValue, splitList, valueOf, withValues } from "./values.js";

// Around the picture: the modes, and what the explorer shows: its functions, the chosen one where that is not the last,
// the point, the range, the layers, softmax's scores and temperature, the question that is asked,
// and the settings of learn mode.
const SCENE = {
  mode: "picture", other: "", divider: 0.5, everything: false, litter: 1, strength: 0.4, phase: 0, explorer: false,
  functions: [], focus: "", z: 1, range: 6, layers: 3, scores: [2, 1, 0.1], temperature: 1, question: "", learn: "",
};
const RANGES = { divider: [0.02, 0.98], litter: [1, 9999], strength: [0.05, 1], phase: [0, 1], z: [-100, 100], layers: [1, 50], temperature: [0.1, 10] };
const MODES = ["picture", "split", "grid", "breed", "animate", "learn"];

export function firstScene() {
  return structuredClone(SCENE);
}

// The recipe of an address that says nothing of it but its schema.
function usualRecipe(data, schema) {
  return { ...data.recipe, ...valuesBefore(data, schema) };
}

export function writeFragment(data, recipe, scene) {
  const words = [];
  const { schema } = oldestForm(data, recipe);
  const named = schema > data.unnamed ? [["schema", schema]] : [];
  const changed = changedValues(data, recipe, usualRecipe(data, Math.max(schema, data.unnamed)));
  const add = (name, value) => words.push(`${name}=${escapeWord(writeWord(value))}`);
  for (const [name, value] of [["seed", recipe.seed], ...named, ...changed]) add(name.replaceAll("_", "-"), value);
  for (const [name, value] of Object.entries(SCENE)) if (!sameValue(scene[name], value)) add(name, scene[name]);
  return `#${words.join("&")}`;
}

// {recipe, scene, problems}: what the address says, as far as it can be read, and a line for each part that cannot: there
// the recipe has the value that `shown`, another one, has.
export function readFragment(data, fragment, shown = data.recipe) {
  const changes = {};
  const pairs = fragment.replace(/^#/, "").split("&").filter(Boolean);
  let schema = pairs.length ? data.unnamed : data.schema;
  const scene = firstScene();
  const problems = [];
  const attempt = (read, otherwise = null) => {
    try {
      return read();
    } catch (error) {
      problems.push(t("address: {problem}", { problem: error.message }));
      return otherwise;
    }
  };
  for (const pair of pairs) {
    attempt(() => {
      const [key, word] = fragmentPair(pair);
      const name = key.replaceAll("-", "_");
      if (Object.hasOwn(data.fields, name)) {
        changes[name] = valueOf(data, shown, name);
        changes[name] = readWord(name, word, valueOf(data, data.recipe, name));
      } else if (key === "schema") schema = checkSchema(data, readNumber(key, word));
      else if (Object.hasOwn(SCENE, key)) scene[key] = readSceneWord(key, word);
      else throw new Error(t("unknown name '{found}'{hint}", { found: clipText(key, 40), hint: didYouMean(key, ["schema", ...Object.keys(data.fields), ...Object.keys(SCENE)]) }));
    });
  }
  return { recipe: readableRecipe(data, usualRecipe(data, schema), changes, shown, attempt), scene, problems };
}

// The recipe of all changes; where they make none, of as many as do, in their order.
function readableRecipe(data, usual, changes, shown, attempt) {
  const changed = (recipe, values) => checkRecipe(data, withValues(data, recipe, values));
  try {
    return changed(usual, changes);
  } catch {
    const kept = Object.fromEntries(Object.keys(changes).map((name) => [name, valueOf(data, shown, name)]));
    return Object.entries(changes).reduce((recipe, [name, value]) => attempt(() => changed(recipe, { [name]: value }), recipe), changed(usual, kept));
  }
}

function fragmentPair(pair) {
  const at = pair.indexOf("=");
  try {
    return [pair.slice(0, at < 0 ? undefined : at), at < 0 ? "" : decodeURIComponent(pair.slice(at + 1))];
  } catch {
    throw new Error(t("'{found}' is cut short", { found: clipText(pair, 40) }));
  }
}

function writeWord(value) {
  if (typeof value === "boolean") return value ? "1" : "0";
  return [value].flat().join(",");
}

function readSceneWord(name, word) {
  const value = readWord(name, word, SCENE[name]);
  if (name === "mode" && !MODES.includes(value)) {
    throw new Error(t("mode: unknown mode '{found}'{hint}", { found: clipText(value, 40), hint: didYouMean(value, MODES) }));
  }
  return Object.hasOwn(RANGES, name) ? clamped(value, ...RANGES[name]) : value;
}

// Read as the default's type says; `latent`, `origin` and `palette` may be a text or a list.
function readWord(name, word, plain) {
  if (name === "latent") return word.startsWith("seed:") ? word : splitList(word).map((part) => readNumber(name, part));
  if (name === "origin") return word === "seed" ? word : splitList(word).map((part) => readNumber(name, part));
  if (name === "palette") return word.startsWith("#") ? splitList(word) : word;
  if (Array.isArray(plain)) return splitList(word).map((part) => (typeof plain[0] === "number" ? readNumber(name, part) : part));
  if (typeof plain === "boolean") return word === "1";
  return typeof plain === "number" ? readNumber(name, word) : word;
}

function readNumber(name, word) {
  const number = Number(word);
  if (word.trim() === "" || !Number.isFinite(number)) throw new Error(t("{name}: expected a number, found '{found}'", { name, found: clipText(word, 40) }));
  return number;
}

// Only what an address cannot hold as it is: commas, colons and brackets stay readable.
function escapeWord(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|28|29|2A|2F|2B)/g, (code) => decodeURIComponent(code));
}
