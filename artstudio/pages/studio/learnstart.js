// Where training starts, as Python's `learning/start.py`: the same raw weights for every activation, times the deviation
// that a convention asks for.

import { buildNetwork, weightColumns } from "./calibrate.js";
import { playTape } from "./graph.js";
import { rawWeights } from "./hash.js";
import { t } from "./language.js";

const ownInit = ({ init }, data) => init ?? data.expression.init;

// What an initialisation is called; of `natural`, the activation's own.
export function initLabel(data, init, record) {
  const { natural, calibrated, initialisations } = data.learning;
  if (init === calibrated) return t("calibrated");
  return initialisations.find(({ name }) => name === (init === natural ? ownInit(record, data) : init)).label;
}

// The numbers of an untrained network, layer by layer: weights row by row, then biases, rounded to float32. `recipe` has
// its seed, units and depth; `shapes` are [rows, columns] of each layer, the output last.
export function startNumbers(data, recipe, init, record, shapes) {
  const { natural, calibrated, initialisations } = data.learning;
  if (init === calibrated) {
    const { layers, output } = buildNetwork(data, { ...recipe, activation: [record.name] });
    return Float64Array.from([...layers, output].flatMap(({ weights, bias }) => [...weights, ...bias]));
  }
  const { first, later } = initialisations.find(({ name }) => name === (init === natural ? ownInit(record, data) : init));
  const numbers = shapes.slice(0, -1).flatMap(([rows, columns], layer) => {
    const scale = Math.sqrt(playTape(layer ? later : first, [columns, rows])[0]);
    const drawn = (chosen) => Array.from(rawWeights(recipe.seed, layer, rows, chosen), (weight) => Math.fround(scale * weight));
    return [...drawn(layer ? Array.from({ length: columns }, (_, i) => i) : weightColumns(data, recipe)), ...drawn([data.columns.bias])];
  });
  const [channels, units] = shapes.at(-1);
  const size = Math.fround(Math.sqrt(units));
  const output = rawWeights(recipe.seed, data.layers.output, channels, Array.from({ length: units }, (_, i) => i));
  return Float64Array.from([...numbers, ...output.map((weight) => weight / size), ...new Float64Array(channels)]);
}
