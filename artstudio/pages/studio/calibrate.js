// The network of a recipe: raw weights, calibrated in float64 on the probe and folded into float32, as in Python's
// `model/network.py`. Nothing here depends on the picture's size or view.

import { playOverArrays } from "./blocks.js";
import { prepareColour } from "./colours.js";
import { rawWeights, uniformDraws } from "./hash.js";
import { joinArrays, layerMoments, multiplyLayer, scaleLayer } from "./layers.js";
import { activationOf, isMixture, isSeamless, latentValues, layerActivations, originPoint, parseMixture, parseSymmetry, usedActivations } from "./recipe.js";
import { fitOutputs, gainedLayer, rowSizes, trainedLayers } from "./trained.js";
import { bendPoints, buildWarp } from "./warp.js";

// Two layers' values at a time, used again from picture to picture: megabytes that need not be collected.
const layerBuffers = [new Float64Array(0), new Float64Array(0)];

function emptyLayer(number, length) {
  const which = number % 2;
  if (layerBuffers[which].length < length) layerBuffers[which] = new Float64Array(length);
  return layerBuffers[which].subarray(0, length).fill(0);
}

const countTo = (n) => Array.from({ length: n }, (_, i) => i);

// {layers: [{weights, bias, rows, columns, kinds}], output, frequencies, warp, colour, first}. Weights are Float32Arrays,
// row by row; the first layer's biases are those without latent values, which `latentBias` adds. `kinds` says which of
// `usedActivations` each unit has (one number where all have the same). `warp` is null where there is none; `frequencies`
// are those of the Fourier features, x then y. A recipe with trained weights has those, not calibrated.
export function buildNetwork(data, recipe) {
  const { x, y } = probePoints(data, recipe);
  const seamless = isSeamless(data, recipe);
  const warp = recipe.warp.amount ? buildWarp(data, recipe, seamless, x, y) : null;
  const bent = warp ? bendPoints(data, warp, seamless, x, y) : { x, y };
  const frequencies = fourierFrequencies(data, recipe, seamless);
  const channels = inputChannels(data, recipe, frequencies, bent.x, bent.y);
  const network = { layers: [], output: null, frequencies: Float32Array.from(frequencies), warp, colour: null, first: null };
  const activations = usedActivations(data, recipe);
  let columns = weightColumns(data, recipe);
  const inputs = { values: joinArrays(channels), count: channels.length, skipped: columns.map((c) => c + data.columns.skip) };
  let values = inputs.values;
  let width = inputs.count;
  const trained = recipe.weights ? trainedLayers(data, recipe) : null;
  for (let layer = 0; layer < recipe.depth; layer += 1) {
    const units = layerUnits(data, recipe, layer);
    const { folded, z, scale } = trained
      ? applyTrained(trained[layer], recipe, layer, values, inputs)
      : calibrateLayer(data, recipe, layer, { columns, width, values, inputs, gains: units.gains });
    if (layer === 0) network.first = { scale, bias: folded.bias };
    columns = countTo(recipe.units);
    values = activateLayer(data, z, recipe.units, units);
    width = recipe.units;
    network.layers.push({ ...packed(folded), kinds: units.names.map((name) => activations.indexOf(name)) });
  }
  const model = data.colours.find(({ name }) => name === recipe.colour);
  const { count, prepare } = prepareColour(data, recipe, model);
  if (trained) {
    const output = fitOutputs(trained[recipe.depth], values, count);
    network.output = packed(output);
    network.colour = prepare(scaleLayer(multiplyLayer(output.weights, count, width, values), count, new Float64Array(count).fill(1), output.bias));
    return network;
  }
  const weights = Float64Array.from(rawWeights(recipe.seed, data.layers.output, count, columns));
  const z = multiplyLayer(weights, count, width, values);
  const { scale, bias } = standardise(data, z, count, new Float32Array(count), new Float64Array(count).fill(1));
  network.output = packed(foldLayer({ weights, columns: width }, count, scale, bias));
  network.colour = prepare(scaleLayer(z, count, scale, bias));
  return network;
}

// A layer drawn from the seed and calibrated: its folded weights, its pre-activations, and what they were scaled by.
function calibrateLayer(data, recipe, layer, { columns, width, values, inputs, gains }) {
  const drawn = drawLayer(data, recipe, layer, columns, width, values, inputs);
  const { scale, bias } = standardise(data, drawn.z, recipe.units, rawWeights(recipe.seed, layer, recipe.units, [data.columns.bias]), gains);
  scaleLayer(drawn.z, recipe.units, scale, bias);
  return { folded: foldLayer(drawn, recipe.units, scale, bias), z: drawn.z, scale };
}

// A trained layer, in the same form.
function applyTrained(layer, recipe, number, values, inputs) {
  const folded = gainedLayer(layer, recipe.gain);
  const entering = number && recipe.skip ? joinArrays([values, inputs.values]) : values;
  const pixels = entering.length / folded.columns;
  const z = multiplyLayer(folded.weights, recipe.units, folded.columns, entering, emptyLayer(number, recipe.units * pixels));
  scaleLayer(z, recipe.units, new Float64Array(recipe.units).fill(1), folded.bias);
  return { folded, z, scale: rowSizes(folded) };
}

function packed({ weights, bias, rows, columns }) {
  return { weights: Float32Array.from(weights), bias: Float32Array.from(bias), rows, columns };
}

function probePoints(data, recipe) {
  const size = data.constants.probe;
  const axis = (i) => (2 * i + 1) / size - 1;
  const x = Float64Array.from({ length: size * size }, (_, p) => axis(p % size));
  const y = Float64Array.from({ length: size * size }, (_, p) => axis(Math.floor(p / size)));
  const { record, folds } = parseSymmetry(data, recipe.symmetry);
  const [left, top] = playOverArrays(record.tape, [x, y, folds], x.length);
  return { x: left, y: top };
}

// The network's inputs but for the latent values: an array for each channel.
export function inputChannels(data, recipe, frequencies, x, y) {
  const chosen = recipe.features.map((name) => data.features.find((record) => record.name === name));
  const [left, top] = originPoint(data, recipe);
  const around = [x.map((place) => place - left), y.map((place) => place - top)];
  const channels = chosen.flatMap(({ tape, centred }) => playOverArrays(tape, centred ? around : [x, y], x.length));
  const { count } = recipe.fourier;
  const phases = countTo(count).map((k) => x.map((place, p) => frequencies[k] * place + frequencies[count + k] * y[p]));
  const waves = (tape) => phases.flatMap((phase) => playOverArrays(tape, [phase], phase.length));
  return [...channels, ...waves(data.functions.cosine), ...waves(data.functions.sine)];
}

export function fourierFrequencies(data, { seed, fourier }, seamless) {
  const waves = Float64Array.from(rawWeights(seed, data.layers.fourier, 2, countTo(fourier.count)), (w) => w * fourier.scale);
  // Few numbers: halves, which rint would round to even, do not occur among hashed ones.
  return waves.map((wave) => Math.PI * (seamless ? Math.round(wave) : wave));
}

// The columns of the raw weights that the network's inputs have.
export function weightColumns(data, recipe) {
  const chosen = recipe.features.map((name) => data.features.find((record) => record.name === name));
  return [
    ...chosen.flatMap(({ column, channels }) => countTo(channels).map((i) => column + i)),
    ...countTo(2 * recipe.fourier.count).map((i) => data.columns.fourier + i),
  ];
}

// A layer's raw weights (with sparsity and skip connections) and its pre-activations, not yet standardised.
function drawLayer(data, recipe, layer, columns, width, values, inputs) {
  const { seed, units } = recipe;
  const weights = Float64Array.from(rawWeights(seed, layer, units, columns));
  if (layer && recipe.sparsity) thinOut(weights, uniformDraws(seed, layer, units, columns), units, recipe.sparsity);
  const z = multiplyLayer(weights, units, width, values, emptyLayer(layer, (units * values.length) / width));
  if (!layer || !recipe.skip) return { weights, columns: width, z };
  const { count, skipped } = inputs;
  const direct = Float64Array.from(rawWeights(seed, layer, units, skipped));
  const beside = multiplyLayer(direct, units, count, inputs.values);
  const before = layerMoments(z, units).deviation;
  const share = layerMoments(beside, units).deviation.map((d, u) => (before[u] > 0 ? before[u] : 1) / (d > 0 ? d : 1));
  for (let i = 0; i < direct.length; i += 1) direct[i] *= share[Math.floor(i / count)];
  multiplyLayer(direct, units, count, inputs.values, z);
  const rows = countTo(units).flatMap((u) => [weights.subarray(u * width, (u + 1) * width), direct.subarray(u * count, (u + 1) * count)]);
  return { weights: joinArrays(rows), columns: width + count, z };
}

// Put a share of the weights at 0; each unit keeps the one that was drawn highest.
function thinOut(weights, draws, rows, sparsity) {
  const columns = draws.length / rows;
  for (let row = 0; row < rows; row += 1) {
    const mine = draws.subarray(row * columns, (row + 1) * columns);
    const highest = mine.reduce((a, b) => Math.max(a, b));
    mine.forEach((draw, i) => { if (draw < sparsity && draw !== highest) weights[row * columns + i] = 0; });
  }
}

// Each unit's activation and the factor on its standardised pre-activation.
function layerUnits(data, recipe, layer) {
  const name = layerActivations(recipe)[layer];
  const names = isMixture(name) ? drawMixture(data, name, recipe.seed, layer, recipe.units) : [name];
  const gains = names.map((unit) => gainOf(activationOf(data, unit), recipe) * recipe.gain);
  return { names, gains: Float64Array.from({ length: recipe.units }, (_, u) => gains[u % gains.length]) };
}

// Its own gain, of the set that the recipe names.
function gainOf({ gain, firstGain }, { gains }) {
  return gains === "first" ? firstGain ?? gain : gain;
}

function drawMixture(data, text, seed, layer, units) {
  const parts = parseMixture(data, text);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  let edge = 0;
  const edges = parts.map(({ weight }) => {
    edge += weight;
    return edge / total;
  });
  const draws = uniformDraws(seed, layer, units, [data.columns.mix]);
  return Array.from(draws, (draw) => parts[Math.min(edges.filter((e) => e <= draw).length, parts.length - 1)].name);
}

// The values of a layer for its pre-activations z, which they may overwrite.
function activateLayer(data, z, units, { names }) {
  const play = (name, outputs) => playOverArrays(activationOf(data, name).tape, [z], z.length, { units, outputs: [outputs] })[0];
  const distinct = [...new Set(names)];
  if (distinct.length === 1) return play(distinct[0], z);
  const outcome = new Float64Array(z.length);
  const pixels = z.length / units;
  for (const name of distinct) {
    const all = play(name, new Float64Array(z.length));
    names.forEach((other, u) => { if (other === name) outcome.set(all.subarray(u * pixels, (u + 1) * pixels), u * pixels); });
  }
  return outcome;
}

function standardise({ constants }, z, units, rawBias, gains) {
  const { mean, deviation, most } = layerMoments(z, units);
  const scale = deviation.map((d, u) => (d <= constants.flat * most[u] ? 0 : gains[u] / d));
  const bias = mean.map((m, u) => 0.5 * gains[u] * rawBias[u] - m * scale[u]);
  return { scale, bias };
}

function foldLayer({ weights, columns }, rows, scale, bias) {
  return { weights: weights.map((w, i) => w * scale[Math.floor(i / columns)]), bias: bias.slice(), rows, columns };
}

// The first layer's biases for the recipe's latent values. They move the picture smoothly; the calibration, which would
// cancel them, never sees them.
export function latentBias(data, recipe, { first: { scale, bias } }) {
  const latent = latentValues(data, recipe);
  const columns = latent.map((_, i) => data.columns.latent + i);
  const moving = rawWeights(recipe.seed, 0, recipe.units, columns);
  return Float32Array.from(bias, (shift, u) => {
    const sum = latent.reduce((total, value, i) => total + moving[u * latent.length + i] * value, 0);
    return shift + scale[u] * sum;
  });
}
