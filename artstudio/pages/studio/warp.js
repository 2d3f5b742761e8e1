// The domain warp's own small network, as in Python's `model/warp.py`.

import { playOverArrays } from "./blocks.js";
import { rawWeights } from "./hash.js";
import { joinArrays, layerMoments, multiplyLayer, scaleLayer } from "./layers.js";

// {layers: [{weights, bias, rows, columns}], scale}: float32, standardised over the probe's coordinates.
export function buildWarp(data, recipe, seamless, x, y) {
  const { warpUnits, warpGain, warpFirst } = data.constants;
  const warpLayers = [0, 1, 2].map((i) => data.layers[`warp ${i}`]);
  const { amount, scale: fineness } = recipe.warp;
  const channels = warpInputs(data, seamless, fineness, x, y);
  let values = joinArrays(channels);
  let columns = channels.length;
  const layers = warpLayers.map((layer, number) => {
    const last = number === warpLayers.length - 1;
    const [rows, gain] = last ? [2, amount] : [warpUnits, warpGain];
    const raw = rawWeights(recipe.seed, layer, rows, Array.from({ length: columns }, (_, i) => i));
    const z = multiplyLayer(Float64Array.from(raw), rows, columns, values);
    const { mean, deviation } = layerMoments(z, rows);
    const scale = deviation.map((d) => gain * (number === 0 && !seamless ? warpFirst : 1 / d));
    const shifts = last ? new Float32Array(rows) : rawWeights(recipe.seed, layer, rows, [data.columns.bias]);
    const bias = mean.map((m, u) => shifts[u] - m * scale[u]);
    const weights = Float32Array.from(raw, (w, i) => w * scale[Math.floor(i / columns)]);
    const found = { weights, bias: Float32Array.from(bias), rows, columns };
    values = bentValues(data, scaleLayer(z, rows, scale, bias));
    columns = rows;
    return found;
  });
  return { layers, scale: Math.fround(fineness) };
}

function warpInputs(data, seamless, scale, x, y) {
  if (seamless) return playOverArrays(data.functions.torus, [x, y], x.length);
  return [x.map((place) => place * scale), y.map((place) => place * scale)];
}

function bentValues(data, values) {
  return playOverArrays(data.functions.sine, [values], values.length, { outputs: [values] })[0];
}

// Coordinates, shifted.
export function bendPoints(data, warp, seamless, x, y) {
  let values = joinArrays(warpInputs(data, seamless, warp.scale, x, y));
  warp.layers.forEach(({ weights, bias, rows, columns }, number) => {
    values = multiplyLayer(weights, rows, columns, values);
    scaleLayer(values, rows, new Float64Array(rows).fill(1), bias);
    if (number < warp.layers.length - 1) values = bentValues(data, values);
  });
  return { x: x.map((place, p) => place + values[p]), y: y.map((place, p) => place + values[x.length + p]) };
}
