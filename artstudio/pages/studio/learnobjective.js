// What training makes small, and how well a network does: as Python's `learning/objective.py` has them.

import { playOverArrays } from "./blocks.js";
import { Graph } from "./graph.js";

const LEAST = 1e-12; // a squared error below this counts as this

// `objectiveFor(data, kind)` gives {loss(outputs, target, slopes), score(loss, outputs, target)}: the mean over all places,
// with its slopes by the outputs written to `slopes`; the PSNR in dB, or the accuracy from 0 to 1.
export function objectiveFor(data, kind) {
  return kind === "points" ? crossEntropy(data.learning.sharpness) : squaredError(data);
}

function crossEntropy(sharpness) {
  return {
    loss(outputs, { values, channels }, slopes) {
      const count = outputs.length / channels;
      let total = 0;
      for (let i = 0; i < count; i += 1) {
        let most = -Infinity;
        for (let k = i; k < outputs.length; k += count) most = Math.max(most, outputs[k]);
        let sum = 0;
        for (let k = i; k < outputs.length; k += count) sum += Math.exp(sharpness * (outputs[k] - most));
        for (let k = i; k < outputs.length; k += count) {
          const log = sharpness * (outputs[k] - most) - Math.log(sum);
          if (values[k]) total -= log;
          slopes[k] = (sharpness * (Math.exp(log) - values[k])) / count;
        }
      }
      return total / count;
    },
    // A tie is no answer: outputs that are all the same know nothing.
    score(_, outputs, { classes, channels }) {
      const count = classes.length;
      let right = 0;
      for (let i = 0; i < count; i += 1) {
        let best = true;
        for (let k = 0; k < channels; k += 1) if (k !== classes[i] && !(outputs[classes[i] * count + i] > outputs[k * count + i])) best = false;
        right += best;
      }
      return right / count;
    },
  };
}

// A picture's error is that of the colours which its outputs are shown as.
function squaredError(data) {
  const tape = withSlopes(data.colours.find(({ name }) => name === data.learning.kinds.picture.colour).tapes[3]);
  return {
    loss(outputs, { values }, slopes) {
      const count = outputs.length / 3;
      const parts = playOverArrays(tape, [0, 1, 2].map((k) => outputs.subarray(k * count, (k + 1) * count)), count);
      let total = 0;
      for (let k = 0; k < 3; k += 1) {
        for (let i = 0; i < count; i += 1) {
          const off = parts[k][i] - values[k * count + i];
          total += off * off;
          slopes[k * count + i] = (2 * off * parts[3 + k][i]) / (3 * count);
        }
      }
      return total / (3 * count);
    },
    score: (loss) => -10 * Math.log10(Math.max(loss, LEAST)),
  };
}

// A tape of three channels, and the slope of each by its own output: the colour model keeps them apart.
function withSlopes(tape) {
  const graph = new Graph(3);
  const { values, slopes } = graph.differentiate(tape, [0, 1, 2], [[1], [1], [1]]);
  return graph.tape([...values, ...slopes]);
}
