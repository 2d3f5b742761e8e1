// One network in training, in float64: the chain rule over all places in every step.

import { BlockPlayer } from "./blocks.js";
import { Graph } from "./graph.js";
import { multiplyLayer, multiplyRows, transposedLayer } from "./layers.js";
import { objectiveFor } from "./learnobjective.js";
import { optimiserFor } from "./learnoptimiser.js";
import { startNumbers } from "./learnstart.js";
import { layerViews } from "./trained.js";

// A unit is dead when its slope was 0 at all places for so many steps.
const DEAD_STEPS = 20;

export class Learner {
  // `problem` is what all learners share: see `learningProblem`. `record` is the activation's.
  constructor(data, problem, record) {
    const { recipe, target, settings, shapes } = problem;
    Object.assign(this, { problem, record, name: record.name, objective: objectiveFor(data, target.kind) });
    this.numbers = startNumbers(data, recipe, settings.init, record, shapes);
    this.start = this.numbers.slice();
    this.gradient = new Float64Array(this.numbers.length);
    this.layers = layerViews(this.numbers, shapes);
    this.slopes = layerViews(this.gradient, shapes);
    this.starts = layerViews(this.start, shapes);
    this.direct = optimiserFor(settings.optimiser, this.numbers.length);
    this.player = new BlockPlayer(valueAndSlope(record));
    this.hasNoSlope = isFlat(record);
    const room = (rows) => new Float64Array(rows * target.x.length);
    this.hidden = shapes.slice(0, -1).map(([rows]) => ({ z: room(rows), values: room(rows), slope: room(rows) }));
    this.outputs = room(target.channels);
    this.arriving = shapes.map(([rows]) => room(rows));
    this.still = this.hidden.map(({ z }) => new Int32Array(z.length / target.x.length));
    this.losses = [];
    this.diverged = false;
    this.look();
  }

  // One step at a learning rate. A network whose loss is no number any more stays as it is.
  step(rate) {
    if (this.diverged) return;
    const { numbers, gradient } = this;
    this.direct(gradient);
    for (let i = 0; i < numbers.length; i += 1) numbers[i] -= rate * gradient[i];
    this.look();
  }

  // Loss, gradient and slopes of the network as it is.
  look() {
    const { target, inputs } = this.problem;
    forward(this.layers, this.player, inputs, this.hidden, this.outputs);
    const loss = this.objective.loss(this.outputs, target, this.arriving.at(-1));
    this.diverged = !Number.isFinite(loss);
    if (this.diverged) return;
    this.losses.push(loss);
    this.back();
    this.count();
  }

  back() {
    for (let l = this.layers.length - 1; l >= 0; l -= 1) {
      const { rows, columns, weights } = this.layers[l];
      const arriving = this.arriving[l];
      multiplyRows(arriving, rows, l ? this.hidden[l - 1].values : this.problem.inputs, columns, this.slopes[l].weights);
      sumRows(arriving, this.slopes[l].bias);
      if (!l) return;
      const before = multiplyLayer(transposedLayer(weights, rows, columns), columns, rows, arriving, this.arriving[l - 1].fill(0));
      const { slope } = this.hidden[l - 1];
      for (let i = 0; i < before.length; i += 1) before[i] *= slope[i];
    }
  }

  // For how many steps each unit's slope has been 0 everywhere.
  count() {
    this.hidden.forEach(({ slope }, l) => {
      const still = this.still[l];
      const places = slope.length / still.length;
      for (let u = 0; u < still.length; u += 1) {
        let i = u * places;
        while (i < (u + 1) * places && slope[i] === 0) i += 1;
        still[u] = i === (u + 1) * places ? still[u] + 1 : 0;
      }
    });
  }

  // {loss, score, layers: [{gradient, moved, dead}]}: of each layer the norm of its gradient, how far its weights and
  // biases are from where they started, relative to their size there, and which units are dead; the output layer last.
  measure() {
    const { target } = this.problem;
    const loss = this.losses.at(-1);
    return {
      loss, score: this.objective.score(loss, this.outputs, target),
      layers: this.layers.map((layer, l) => ({
        gradient: Math.hypot(normOf(this.slopes[l].weights), normOf(this.slopes[l].bias)),
        moved: Math.hypot(distance(layer.weights, this.starts[l].weights), distance(layer.bias, this.starts[l].bias))
          / Math.hypot(normOf(this.starts[l].weights), normOf(this.starts[l].bias)),
        dead: this.still[l] ? Array.from(this.still[l], (steps) => !this.hasNoSlope && steps > DEAD_STEPS) : [],
      })),
    };
  }

  // The outputs at other places than the target's, (channels x places), for the network's inputs there.
  outputsAt(inputs) {
    const places = inputs.length / this.layers[0].columns;
    const hidden = this.hidden.map((_, l) => {
      const room = new Float64Array(this.layers[l].rows * places);
      return { z: room, values: room, slope: new Float64Array(room.length) };
    });
    return forward(this.layers, this.player, inputs, hidden, new Float64Array(this.layers.at(-1).rows * places));
  }
}

// Through all layers; `hidden` gets each one's pre-activations z, values and slopes.
function forward(layers, player, inputs, hidden, outputs) {
  let entering = inputs;
  layers.forEach((layer, l) => {
    const z = hidden[l]?.z ?? outputs;
    fillRows(z, layer.bias);
    multiplyLayer(layer.weights, layer.rows, layer.columns, entering, z);
    if (!hidden[l]) return;
    player.play([z], [hidden[l].values, hidden[l].slope]);
    entering = hidden[l].values;
  });
  return outputs;
}

// The tape of f and f' at once: what both need is computed once.
function valueAndSlope({ tape, slopes }) {
  const graph = new Graph(1);
  return graph.tape([...graph.replay(tape, [0]), ...graph.replay(slopes, [0])]);
}

// Whether the slope is 0 wherever there is one, as step's: no gradient comes through.
function isFlat({ slope }) {
  for (let z = -30; z <= 30; z += 0.0625) if (slope(z + 0.01) !== 0) return false;
  return true;
}

function fillRows(values, bias) {
  const places = values.length / bias.length;
  bias.forEach((shift, row) => values.fill(shift, row * places, (row + 1) * places));
}

function sumRows(values, sums) {
  const places = values.length / sums.length;
  for (let row = 0; row < sums.length; row += 1) {
    let sum = 0;
    for (let i = row * places; i < (row + 1) * places; i += 1) sum += values[i];
    sums[row] = sum;
  }
}

function normOf(values) {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function distance(values, others) {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i] - others[i]) ** 2;
  return Math.sqrt(sum);
}
