// The registry's activation functions, playable: f and f' of numbers.

import { playOverArrays } from "./blocks.js";
import { playTape, slopeTape } from "./graph.js";

const activationLists = new WeakMap();
let listedLast = { data: null, list: [] };

// Records of the registry with `tape` and `slopes`, which pictures are painted with, and `f(z)` and `slope(z)`, for numbers
// that people read, which play the tapes `exact`: the same but for functions whose tails float32 cannot hold. Of functions
// that take all units of a layer at once (`elementwise` false) f and slope are null.
export function activationList(data) {
  if (!activationLists.has(data)) activationLists.set(data, data.activations.map(playableActivation));
  listedLast = { data, list: activationLists.get(data) };
  return listedLast.list;
}

function playableActivation(record) {
  const tape = record.f;
  const slopes = record.slope ?? slopeTape(record.f);
  if (!record.elementwise) return { ...record, tape, slopes, f: null, slope: null };
  return { ...record, tape, slopes, ...played(record.exact ?? [tape, slopes]) };
}

// f and f' of numbers, and the tapes that they play.
export function played(exact) {
  const [tape, slopes] = exact;
  return { exact, f: (z) => playTape(tape, [z])[0], slope: (z) => playTape(slopes, [z])[0] };
}

// {data, list} of the page: what was listed last.
export function knownFunctions() {
  return listedLast;
}

// The record of a name or an alias, in any case, with `-` or spaces for `_`; undefined for none.
export function findActivation(list, name) {
  const key = name.toLowerCase().replaceAll(/[-_\s]+/g, " ").trim().replaceAll(" ", "_");
  return list.find((record) => record.name === key || record.aliases.includes(key));
}

// The probabilities of scores at a temperature: the registry's softmax of scores / temperature.
export function softmaxOf(scores, temperature = 1) {
  const z = Float64Array.from(scores, (score) => score / temperature);
  return [...playOverArrays(findActivation(listedLast.list, "softmax").tape, [z], z.length, { units: z.length })[0]];
}
