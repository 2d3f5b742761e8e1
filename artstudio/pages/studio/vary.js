// Other recipes than this one: at random, near it for breeding, and along the loop of an animation.

import { withoutStaleWeights } from "./trained.js";
import { clamped, rounded, usesPalette, withValues } from "./values.js";

const MOVED = 4; // latent values that breeding and animation move
const STEEPNESS = 0.8;

// What Randomise may change, by its name on the page: each part several values, as their records say.
export function randomParts(data) {
  return [...new Set(Object.values(data.fields).filter(({ draw }) => draw).map(({ draw }) => draw.part))];
}

// A random number generator with a seed (Bob Jenkins' small noncryptographic PRNG, 32 bit), as a function to [0, 1).
export function randomStream(seed) {
  let [a, b, c, d] = [0xf1ea5eed, seed >>> 0, seed >>> 0, seed >>> 0];
  const next = () => {
    const e = (a - ((b << 27) | (b >>> 5))) >>> 0;
    a = (b ^ ((c << 17) | (c >>> 15))) >>> 0;
    b = (c + d) >>> 0;
    c = (d + e) >>> 0;
    d = (e + a) >>> 0;
    return d;
  };
  for (let i = 0; i < 20; i += 1) next();
  return () => next() / 2 ** 32;
}

function pickOne(list, random) {
  return list[Math.floor(random() * list.length)];
}

// What is drawn from a registry.
const DRAWS = {
  activation: (data, random) => [pickOne(data.activations, random).name],
  palette: (data, random) => pickOne(data.palettes, random).name,
  symmetry: (data, random) => {
    const { name, counted } = pickOne(data.symmetries, random);
    return random() < 0.6 ? "none" : counted ? `${name}:${2 + Math.floor(random() * 7)}` : name;
  },
};

// Another picture, different in each of the named parts; where all are named, a surprise.
export function randomRecipe(data, recipe, parts, random = Math.random) {
  if (randomParts(data).every((part) => parts.includes(part))) return surpriseRecipe(data, random);
  const drawn = Object.entries(data.fields).filter(([name, { draw }]) => draw && parts.includes(draw.part) && (name !== "palette" || usesPalette(data, recipe)));
  const values = drawn.map(([name, { draw, most }]) => {
    if (draw.values.length) return [name, pickOne(draw.values, random)];
    return [name, name in DRAWS ? DRAWS[name](data, random) : Math.floor(random() * (most + 1))];
  });
  return withoutStaleWeights(withValues(data, recipe, Object.fromEntries(values)), recipe);
}

// A whole recipe from one of the styles, as `artstudio surprise` draws its candidates.
function surpriseRecipe(data, random) {
  let left = random() * data.styles.reduce((sum, { weight }) => sum + weight, 0);
  const { fields } = data.styles.find(({ weight }) => (left -= weight) < 0) ?? data.styles[0];
  const values = Object.entries(fields).map(([name, value]) => [name, drawnFrom(data, value, random)]);
  return withValues(data, data.recipe, { seed: Math.floor(random() * (data.fields.seed.most + 1)), ...Object.fromEntries(values) });
}

// What stands for a value in a style (`plain` in presets/styles.py).
function drawnFrom(data, value, random) {
  if (Array.isArray(value)) return value.map((part) => drawnFrom(data, part, random));
  if (typeof value !== "object") return value;
  if (value.oneOf) return drawnFrom(data, pickOne(value.oneOf, random), random);
  if (value.harmony) return pickOne(data.harmonies[value.harmony], random);
  const { low, high, whole, byFactors } = value;
  if (whole) return low + Math.floor(random() * (high - low + 1));
  return Number((byFactors ? low * (high / low) ** random() : low + random() * (high - low)).toPrecision(3));
}

// A child, of the parent with these latent values: the parent's weights, its latent values moved, and now and then a gene of another kind changed.
export function childOf(data, parent, latent, strength, random) {
  const bell = () => random() + random() + random() + random() - 2; // deviation 0.58
  const child = { ...parent, latent: nudged(latent, () => 2.2 * strength * bell()) };
  child.gain = rounded(clamped(parent.gain * Math.exp(STEEPNESS * strength * bell()), 0.25, 4), 2);
  if (random() < 0.35 * strength) child.activation = [pickOne(data.activations, random).name];
  if (random() < 0.7 * strength && usesPalette(data, parent)) child.palette = pickOne(data.palettes, random).name;
  if (random() < 0.3 * strength) child.depth = clamped(parent.depth + (random() < 0.5 ? -1 : 1), 2, 12);
  if (random() < 0.5 * strength) child.view = { ...parent.view, zoom: rounded(clamped(parent.view.zoom * Math.exp(bell()), 0.2, 20), 2) };
  return withoutStaleWeights(child, parent);
}

// The recipe at a phase (0 to 1) of a loop in latent space; it begins and ends where the recipe is.
export function loopOf(recipe, latent, phase) {
  const turn = 2 * Math.PI * phase;
  const steps = [Math.cos(turn) - 1, Math.sin(turn), Math.sin(2 * turn) / 2, 1 - Math.cos(2 * turn)];
  let i = 0;
  return { ...recipe, latent: nudged(latent, () => steps[i++ % steps.length]) };
}

// Latent values after a step each; at least as many as it takes to move.
function nudged(latent, step) {
  const values = [...latent];
  while (values.length < MOVED) values.push(0);
  return values.map((value) => clamped(rounded(value + step(), 3), -10, 10));
}
