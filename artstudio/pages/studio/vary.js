// Other recipes than this one: at random, near it for breeding, and along the loop of an animation.

import { withoutStaleWeights } from "./trained.js";
import { clamped, rounded, usesPalette } from "./values.js";

const MOVED = 4; // latent values that breeding and animation move
const STEEPNESS = 0.8;

// What Randomise may change, by its name on the page.
export const RANDOM_PARTS = ["weights", "colours", "activation", "network", "space"];

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

// Another picture, different in each of the named parts.
export function randomRecipe(data, recipe, parts, random = Math.random) {
  const next = { ...recipe };
  if (parts.includes("weights")) next.seed = Math.floor(random() * (data.fields.seed.most + 1));
  if (parts.includes("colours")) Object.assign(next, randomColours(data, recipe, random));
  if (parts.includes("activation")) next.activation = [pickOne(data.activations, random).name];
  if (parts.includes("network")) {
    next.units = pickOne([8, 12, 16, 24, 24, 32], random);
    next.depth = pickOne([2, 3, 4, 5, 6, 6, 8], random);
    next.gain = pickOne([0.6, 0.8, 1, 1, 1, 1.2, 1.5], random);
    next.skip = random() < 0.2;
  }
  if (parts.includes("space")) {
    const symmetry = pickOne(data.symmetries, random);
    next.symmetry = random() < 0.6 ? "none" : symmetry.counted ? `${symmetry.name}:${2 + Math.floor(random() * 7)}` : symmetry.name;
    next.features = pickOne([["x", "y", "r"], ["x", "y", "r"], ["x", "y"], ["x", "y", "r", "angle"], ["x", "y", "ring"]], random)
      .filter((name) => data.features.some((feature) => feature.name === name));
    next.warp = { ...recipe.warp, amount: pickOne([0, 0, 0, 0.3, 0.6], random) };
  }
  return withoutStaleWeights(next, recipe);
}

function randomColours(data, recipe, random) {
  const palette = pickOne(data.palettes, random).name;
  if (usesPalette(data, recipe)) return { palette };
  return {};
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
