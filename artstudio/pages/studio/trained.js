// Trained weights within a recipe, as Python's `model/trained.py` has them: float32 in base64, from the first layer to
// the output, each layer's weights row by row and then its biases.

import { t } from "./language.js";
import { layerMoments, multiplyLayer } from "./layers.js";

const BRIGHTNESS = [0.2126, 0.7152, 0.0722];

// The layers of a recipe's trained network, the output last: [{weights, bias, rows, columns}]. Throws an Error of one line
// for weights that do not suit the recipe.
export function trainedLayers(data, recipe) {
  const numbers = trainedNumbers(recipe.weights);
  const { units, depth } = recipe;
  const inputs = inputCount(data, recipe);
  const widths = Array.from({ length: depth }, (_, layer) => (layer ? units + (recipe.skip ? inputs : 0) : inputs));
  const hidden = widths.reduce((sum, width) => sum + units * (width + 1), 0);
  const outputs = (numbers.length - hidden) / (units + 1);
  if (!Number.isInteger(outputs) || outputs < 1 || outputs > data.limits.outputs) {
    throw new Error(t("weights: expected {hidden} numbers and {each} for each of up to {most} outputs, found {count}",
      { hidden, each: units + 1, most: data.limits.outputs, count: numbers.length }));
  }
  return layerViews(numbers, [...widths.map((width) => [units, width]), [outputs, units]]);
}

// The layers that numbers are, one after the other, for [rows, columns] of each: [{weights, bias, rows, columns}].
export function layerViews(numbers, shapes) {
  let at = 0;
  return shapes.map(([rows, columns]) => {
    const weights = numbers.subarray(at, at + rows * columns);
    const bias = numbers.subarray(at + rows * columns, at + rows * (columns + 1));
    at += rows * (columns + 1);
    return { weights, bias, rows, columns };
  });
}

// Such numbers as a recipe's text.
export function packNumbers(numbers) {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setFloat32(4 * i, number, true));
  let bytes = "";
  for (let i = 0; i < view.byteLength; i += 1) bytes += String.fromCharCode(view.getUint8(i));
  return btoa(bytes);
}

function trainedNumbers(text) {
  let bytes = "";
  try {
    bytes = atob(text);
  } catch {
    bytes = "";
  }
  if (!bytes.length || bytes.length % 4 || btoa(bytes) !== text) throw new Error(t("weights: expected float32 numbers in base64, found something else"));
  const view = new DataView(Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer);
  const numbers = Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  if (!numbers.every(Number.isFinite)) throw new Error(t("weights: expected finite numbers, found infinity or nan"));
  return numbers;
}

function inputCount(data, { features, fourier }) {
  const chosen = features.map((name) => data.features.find((record) => record.name === name).channels);
  return chosen.reduce((sum, channels) => sum + channels, 2 * fourier.count);
}

// A layer with its weights and biases times a factor.
export function gainedLayer({ weights, bias, rows, columns }, gain) {
  return { weights: weights.map((w) => gain * w), bias: bias.map((b) => gain * b), rows, columns };
}

// The root mean square of each row of weights: what a latent value counts for in its unit.
export function rowSizes({ weights, rows, columns }) {
  return Float64Array.from({ length: rows }, (_, u) => Math.hypot(...weights.subarray(u * columns, (u + 1) * columns)) / Math.sqrt(columns));
}

// A trained output layer for a colour model of so many channels: as it is where it has as many outputs, else mixed to one
// and spread over the channels. `values` are the last hidden layer's over the probe.
export function fitOutputs(layer, values, channels) {
  const { weights, bias, rows, columns } = layer;
  if (rows === channels) return layer;
  const mix = rows === 3 ? BRIGHTNESS : Array.from({ length: rows }, (_, i) => (rows > 1 ? (2 * i) / (rows - 1) - 1 : 1));
  const mixed = Float64Array.from({ length: columns }, (_, i) => mix.reduce((sum, share, row) => sum + share * weights[row * columns + i], 0));
  const { mean, deviation } = layerMoments(multiplyLayer(mixed, 1, columns, values), 1);
  const scale = deviation[0] > 0 ? 1 / deviation[0] : 0;
  const shift = -mean[0] * scale;
  if (channels === 1) return { weights: mixed.map((w) => scale * w), bias: Float64Array.of(shift), rows: 1, columns };
  const centres = Array.from({ length: channels }, (_, k) => (3 * k) / (channels - 1) - 1.5);
  return {
    weights: Float64Array.from(centres.flatMap((centre) => [...mixed].map((w) => 2 * centre * scale * w))),
    bias: Float64Array.from(centres, (centre) => 2 * centre * shift - centre * centre),
    rows: channels,
    columns,
  };
}

// The recipe without its trained weights where a change from `before` makes them those of another network.
export function withoutStaleWeights(recipe, before) {
  if (!recipe.weights || recipe.weights !== before.weights) return recipe;
  const shape = ({ seed, units, depth, skip, features, fourier }) => JSON.stringify([seed, units, depth, skip, features, fourier]);
  if (shape(recipe) === shape(before)) return recipe;
  const { weights, ...rest } = recipe;
  return rest;
}
