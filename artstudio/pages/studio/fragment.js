// The state in the address: what differs from the defaults, as `seed=7&activation=step`, so that a link is a picture.

import { checkRecipe } from "./recipe.js";
import { clipText } from "./syntax.js";
import { changedValues, clamped, splitList, valueOf, withValues } from "./values.js";

const SCENE = { mode: "picture", other: "", divider: 0.5, everything: false, litter: 1, strength: 0.4, phase: 0, explorer: false };
const RANGES = { divider: [0.02, 0.98], litter: [1, 9999], strength: [0.05, 1], phase: [0, 1] };
const MODES = ["picture", "split", "grid", "breed", "animate"];

export function firstScene() {
  return { ...SCENE };
}

export function writeFragment(data, recipe, scene) {
  const words = [];
  const add = (name, value) => words.push(`${name}=${escapeWord(writeWord(value))}`);
  for (const [name, value] of [["seed", recipe.seed], ...changedValues(data, recipe)]) add(name.replaceAll("_", "-"), value);
  for (const [name, value] of Object.entries(SCENE)) if (scene[name] !== value) add(name, scene[name]);
  return `#${words.join("&")}`;
}

// {recipe, scene}; throws an Error in one line for an address that names no picture.
export function readFragment(data, fragment) {
  const changes = {};
  const scene = firstScene();
  for (const [key, word] of fragmentPairs(fragment)) {
    const name = key.replaceAll("-", "_");
    if (Object.hasOwn(data.fields, name)) changes[name] = readWord(name, word, valueOf(data, data.recipe, name));
    else if (key in SCENE) scene[key] = readWord(key, word, SCENE[key]);
    else throw new Error(`address: unknown name '${clipText(key, 40)}'`);
  }
  for (const [name, [low, high]] of Object.entries(RANGES)) scene[name] = clamped(scene[name], low, high);
  if (!MODES.includes(scene.mode)) throw new Error(`address: mode: expected one of ${MODES.join(", ")}`);
  return { recipe: checkRecipe(data, withValues(data, data.recipe, changes)), scene };
}

function fragmentPairs(fragment) {
  return fragment.replace(/^#/, "").split("&").filter(Boolean).map((pair) => {
    const at = pair.indexOf("=");
    try {
      return [pair.slice(0, at < 0 ? undefined : at), at < 0 ? "" : decodeURIComponent(pair.slice(at + 1))];
    } catch {
      throw new Error("address: not a picture's address, perhaps cut short");
    }
  });
}

function writeWord(value) {
  if (typeof value === "boolean") return value ? "1" : "0";
  return [value].flat().join(",");
}

// Read as the default's type says; `latent` and `palette` may be a text or a list.
function readWord(name, word, plain) {
  if (name === "latent") return word.startsWith("seed:") ? word : splitList(word).map((part) => readNumber(name, part));
  if (name === "palette") return word.startsWith("#") ? splitList(word) : word;
  if (Array.isArray(plain)) return splitList(word).map((part) => (typeof plain[0] === "number" ? readNumber(name, part) : part));
  if (typeof plain === "boolean") return word === "1";
  return typeof plain === "number" ? readNumber(name, word) : word;
}

function readNumber(name, word) {
  const number = Number(word);
  if (word.trim() === "" || !Number.isFinite(number)) throw new Error(`address: ${name}: expected a number, found '${clipText(word, 40)}'`);
  return number;
}

// Only what an address cannot hold as it is: commas, colons and brackets stay readable.
function escapeWord(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|28|29|2A|2F|2B)/g, (code) => decodeURIComponent(code));
}
