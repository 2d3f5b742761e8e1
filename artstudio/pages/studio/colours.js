// What the colour models need besides the network's outputs, prepared in float64 from the probe.

import { playOverArrays } from "./blocks.js";
import { playTape } from "./graph.js";
import { rawWeights } from "./hash.js";
import { t } from "./language.js";
import { paletteColours } from "./recipe.js";

// A palette's colours in OKLab: [[L, a, b], ...].
export function paletteOklab(data, palette) {
  return paletteColours(data, palette).map((colour) => {
    const srgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
    return playTape(data.functions.oklab_from_srgb, srgb);
  });
}

// {count, prepare}: how many outputs the network needs, and a function of their standardised values over the
// probe, a row for each. It gives {parts, table}: Float32Arrays in the order in which the model's tape takes them, and the colour
// table (red, green, blue of each entry) or null.
export function prepareColour(data, recipe, model) {
  const palette = paletteOklab(data, recipe.palette);
  const count = model.channels[palette.length];
  const { prepared } = model.tapes[count];
  const unknown = prepared.filter((name) => !(name in COLOUR_PARTS) && name !== "table");
  if (unknown.length) throw new Error(t("colour: the page cannot paint {name}: it does not know its {unknown}", { name: model.name, unknown: unknown.join(", ") }));
  return {
    count,
    prepare: (outputs) => {
      const at = { data, recipe, palette, outputs, count, spread: null };
      if (prepared.includes("table")) at.spread = equaliseOutput(data, outputs, count);
      const parts = prepared.filter((name) => name !== "table").map((name) => Float32Array.from(COLOUR_PARTS[name](at)));
      return { parts: Float32Array.from(parts.flatMap((part) => [...part])), table: at.spread ? colourTable(at) : null };
    },
  };
}

const channelsOf = (colours) => [0, 1, 2].flatMap((channel) => colours.map((colour) => colour[channel]));

const COLOUR_PARTS = {
  hue: ({ data, recipe }) => [rawWeights(recipe.seed, data.layers.hue, 1, [0])[0] / (2 * Math.sqrt(3)) + 0.5],
  ends: ({ palette }) => {
    const order = [...palette].sort((a, b) => a[0] - b[0]);
    return channelsOf([order[0], order[order.length - 1]]);
  },
  colours: ({ data, palette }) => channelsOf(data.constants.mixture[palette.length].map((i) => palette[i])),
  address: ({ data, spread: { low, high } }) => {
    const scale = (data.constants.tableSize - 1) / (high - low);
    return [scale, -low * scale];
  },
};

// The first output's range, and the rank in [0, 1] of evenly spaced values in it.
function equaliseOutput(data, outputs, count) {
  const { knots: quantiles, constant, tableSize } = data.constants;
  const ordered = outputs.slice(0, outputs.length / count).sort();
  const total = ordered.length;
  const nearest = (k) => Math.round(((total - 1) * k) / (quantiles - 1));
  const knots = [...new Set(Array.from({ length: quantiles }, (_, k) => ordered[nearest(k)]))];
  const [low, high] = [knots[0], knots[knots.length - 1]];
  if (high - low < constant) return { low: low - 1, high: low + 1, rank: new Float64Array(tableSize).fill(0.5) };
  const shares = knots.map((knot) => (firstPlace(ordered, knot, false) + firstPlace(ordered, knot, true)) / (2 * total));
  const [start, end] = [shares[0], shares[shares.length - 1]];
  const ranks = shares.map((share) => (share - start) / (end - start));
  const step = (high - low) / (tableSize - 1);
  const values = Float64Array.from({ length: tableSize }, (_, i) => (i === tableSize - 1 ? high : low + i * step));
  return { low, high, rank: interpolateAt(values, knots, ranks) };
}

// How many of the ordered numbers are less than a value, or at most as large.
function firstPlace(ordered, value, through) {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (through ? ordered[middle] <= value : ordered[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Linear interpolation at rising places.
function interpolateAt(places, knots, heights) {
  let k = 0;
  return places.map((place) => {
    while (k < knots.length - 2 && place >= knots[k + 1]) k += 1;
    if (place >= knots[knots.length - 1]) return heights[heights.length - 1];
    return heights[k] + ((heights[k + 1] - heights[k]) / (knots[k + 1] - knots[k])) * (place - knots[k]);
  });
}

function colourTable({ data, recipe, palette, spread: { rank } }) {
  const stops = palette.map((_, i) => i / (palette.length - 1));
  const lab = [0, 1, 2].map((channel) => {
    const heights = palette.map((colour) => colour[channel]);
    let k = 0;
    return rank.map((place) => {
      while (k < stops.length - 2 && place >= stops[k + 1]) k += 1;
      while (k > 0 && place < stops[k]) k -= 1;
      return heights[k] + ((heights[k + 1] - heights[k]) / (stops[k + 1] - stops[k])) * (place - stops[k]);
    });
  });
  const srgb = playOverArrays(data.gamuts[recipe.gamut], lab, rank.length);
  const table = new Float32Array(3 * rank.length);
  srgb.forEach((channel, c) => channel.forEach((value, i) => { table[3 * i + c] = Math.min(1, Math.max(0, value)); }));
  return table;
}
