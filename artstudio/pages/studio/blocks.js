// Tapes played over whole arrays of float64, a block at a time: for the calibration, which needs thousands of values.

import { OPERATIONS } from "./graph.js";

const BLOCK_LENGTH = 1024;

// kernel(result, n, a, b, c): blocks of n numbers. The commonest are loops of their own, which run fastest.
const BLOCK_KERNELS = {
  add: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] + b[i]; },
  sub: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] - b[i]; },
  mul: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] * b[i]; },
  div: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] / b[i]; },
  muladd: (r, n, a, b, c) => { for (let i = 0; i < n; i += 1) r[i] = a[i] * b[i] + c[i]; },
  submul: (r, n, a, b, c) => { for (let i = 0; i < n; i += 1) r[i] = c[i] - a[i] * b[i]; },
  neg: (r, n, a) => { for (let i = 0; i < n; i += 1) r[i] = -a[i]; },
  abs: (r, n, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.abs(a[i]); },
  floor: (r, n, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.floor(a[i]); },
  rint: (r, n, a) => {
    // Adding and taking away 1.5 * 2^52 leaves the nearest whole number, halves to even; larger ones are whole.
    for (let i = 0; i < n; i += 1) r[i] = Math.abs(a[i]) < 2 ** 51 ? a[i] + 6755399441055744 - 6755399441055744 : a[i];
  },
  exp: (r, n, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.exp(a[i]); },
  // Off by the rounding of 1, not of the value: twice as fast as Math.tanh.
  tanh: (r, n, a) => { for (let i = 0; i < n; i += 1) r[i] = 1 - 2 / (Math.exp(2 * a[i]) + 1); },
  max: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] < b[i] ? b[i] : a[i]; },
  min: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] > b[i] ? b[i] : a[i]; },
  where: (r, n, c, a, b) => { for (let i = 0; i < n; i += 1) r[i] = c[i] === 0 ? b[i] : a[i]; },
  gt: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] > b[i] ? 1 : 0; },
  ge: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] >= b[i] ? 1 : 0; },
  le: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] <= b[i] ? 1 : 0; },
  eq: (r, n, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] === b[i] ? 1 : 0; },
};

const UNIT_FOLDS = { unitmax: Math.max, unitsum: (sum, value) => sum + value };

function kernelFor(operation, units) {
  const fold = UNIT_FOLDS[operation];
  if (fold) return (r, n, a) => foldUnits(r, n / units, units, a, fold);
  const plain = OPERATIONS[operation];
  return BLOCK_KERNELS[operation]
    ?? ((r, n, a, b = a, c = a) => { for (let i = 0; i < n; i += 1) r[i] = plain(a[i], b[i], c[i]); });
}

function foldUnits(r, pixels, units, a, fold) {
  for (let p = 0; p < pixels; p += 1) {
    let total = a[p];
    for (let u = 1; u < units; u += 1) total = fold(total, a[u * pixels + p]);
    for (let u = 0; u < units; u += 1) r[u * pixels + p] = total;
  }
}

// A tape made ready for arrays. If it folds over units, an array is `units` rows of equally many pixels.
export class BlockPlayer {
  constructor(tape, units = 1) {
    this.units = tape.steps.some(([operation]) => operation in UNIT_FOLDS) ? units : 1;
    this.pixels = Math.max(1, Math.floor(BLOCK_LENGTH / this.units));
    this.constants = new Map();
    this.steps = [];
    const steps = fuseSteps(tape);
    const last = new Map();
    steps.forEach(({ args }, i) => args.forEach((arg) => last.set(arg, i)));
    tape.outputs.forEach((arg) => last.set(arg, Infinity));
    this.inputs = Array.from({ length: tape.inputs }, () => this.block());
    const places = new Map(this.inputs.entries());
    const at = (argument) => (typeof argument === "object" ? this.constant(argument[0]) : places.get(argument));
    const free = [];
    steps.forEach(({ number, operation, args }, i) => {
      const blocks = args.map(at);
      // A block is used again once nobody needs it: all of them then stay in the processor's cache.
      for (const arg of new Set(args)) if (typeof arg === "number" && arg >= tape.inputs && last.get(arg) === i) free.push(places.get(arg));
      const result = free.length && !(operation in UNIT_FOLDS) ? free.pop() : this.block();
      places.set(number, result);
      this.steps.push({ kernel: kernelFor(operation, this.units), result, blocks });
    });
    this.outputs = tape.outputs.map(at);
  }

  block() {
    return new Float64Array(this.pixels * this.units);
  }

  constant(value) {
    if (!this.constants.has(value)) this.constants.set(value, this.block().fill(value));
    return this.constants.get(value);
  }

  // Fill the arrays `outputs` from the arrays `inputs`, all of one length. An input may also be a number, and an output
  // may be an input.
  play(inputs, outputs) {
    inputs.forEach((input, i) => { if (typeof input === "number") this.inputs[i].fill(input); });
    const total = outputs[0].length / this.units;
    for (let start = 0; start < total; start += this.pixels) {
      const count = Math.min(this.pixels, total - start);
      inputs.forEach((input, i) => {
        if (typeof input === "number") return;
        for (let u = 0; u < this.units; u += 1) this.inputs[i].set(input.subarray(u * total + start, u * total + start + count), u * count);
      });
      const n = count * this.units;
      for (const { kernel, result, blocks: [a, b, c] } of this.steps) kernel(result, n, a, b, c);
      outputs.forEach((output, i) => {
        for (let u = 0; u < this.units; u += 1) output.set(this.outputs[i].subarray(u * count, (u + 1) * count), u * total + start);
      });
    }
  }
}

// The steps as {number, operation, args}; a product that only a sum or a difference needs is computed with it.
function fuseSteps({ inputs, steps, outputs }) {
  const uses = new Map();
  for (const argument of [...steps.flatMap(([, ...args]) => args), ...outputs]) uses.set(argument, (uses.get(argument) ?? 0) + 1);
  const product = (argument) => typeof argument === "number" && uses.get(argument) === 1 && steps[argument - inputs]?.[0] === "mul";
  const gone = new Set();
  const fused = steps.map(([operation, ...args], i) => {
    const at = operation === "add" ? args.findIndex(product) : operation === "sub" && product(args[1]) ? 1 : -1;
    if (at < 0) return { number: inputs + i, operation, args };
    gone.add(args[at]);
    const [, ...factors] = steps[args[at] - inputs];
    return { number: inputs + i, operation: operation === "add" ? "muladd" : "submul", args: [...factors, args[1 - at]] };
  });
  return fused.filter(({ number }) => !gone.has(number));
}

const blockPlayers = new WeakMap();

// Play a tape over arrays of one length; new arrays unless `outputs` are given.
export function playOverArrays(tape, inputs, length, { units = 1, outputs = tape.outputs.map(() => new Float64Array(length)) } = {}) {
  if (!blockPlayers.has(tape)) blockPlayers.set(tape, new Map());
  const players = blockPlayers.get(tape);
  if (!players.has(units)) players.set(units, new BlockPlayer(tape, units));
  players.get(units).play(inputs, outputs);
  return outputs;
}
