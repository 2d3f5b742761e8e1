// Tapes played over whole arrays of float64, a block at a time: for the calibration, which needs thousands of values.

import { OPERATIONS } from "./graph.js";

const BLOCK_LENGTH = 1024;

// kernel(result, n, units, ...arguments): blocks of n numbers. The commonest are loops of their own, which run fastest.
const BLOCK_KERNELS = {
  add: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] + b[i]; },
  sub: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] - b[i]; },
  mul: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] * b[i]; },
  div: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] / b[i]; },
  neg: (r, n, u, a) => { for (let i = 0; i < n; i += 1) r[i] = -a[i]; },
  abs: (r, n, u, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.abs(a[i]); },
  floor: (r, n, u, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.floor(a[i]); },
  rint: (r, n, u, a) => {
    // Adding and taking away 1.5 * 2^52 leaves the nearest whole number, halves to even; larger ones are whole.
    for (let i = 0; i < n; i += 1) r[i] = Math.abs(a[i]) < 2 ** 51 ? a[i] + 6755399441055744 - 6755399441055744 : a[i];
  },
  exp: (r, n, u, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.exp(a[i]); },
  tanh: (r, n, u, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.tanh(a[i]); },
  sqrt: (r, n, u, a) => { for (let i = 0; i < n; i += 1) r[i] = Math.sqrt(a[i]); },
  max: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = Math.max(a[i], b[i]); },
  min: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = Math.min(a[i], b[i]); },
  where: (r, n, u, c, a, b) => { for (let i = 0; i < n; i += 1) r[i] = c[i] ? a[i] : b[i]; },
  gt: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] > b[i] ? 1 : 0; },
  ge: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] >= b[i] ? 1 : 0; },
  le: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] <= b[i] ? 1 : 0; },
  eq: (r, n, u, a, b) => { for (let i = 0; i < n; i += 1) r[i] = a[i] === b[i] ? 1 : 0; },
  unitmax: (r, n, u, a) => overUnits(r, n, u, a, Math.max, -Infinity),
  unitsum: (r, n, u, a) => overUnits(r, n, u, a, (sum, x) => sum + x, 0),
};

// The units of a pixel stand side by side.
function overUnits(r, n, units, a, fold, first) {
  for (let start = 0; start < n; start += units) {
    let total = first;
    for (let i = start; i < start + units; i += 1) total = fold(total, a[i]);
    r.fill(total, start, start + units);
  }
}

function anyKernel(operation) {
  const plain = OPERATIONS[operation];
  if (!plain) throw new Error(`${operation} cannot be played over an array`);
  return (r, n, u, a, b = a, c = a) => { for (let i = 0; i < n; i += 1) r[i] = plain(a[i], b[i], c[i]); };
}

// A tape made ready for arrays; `units` is how many values folds over units take together.
export class BlockPlayer {
  constructor(tape, units = 1) {
    this.units = units;
    this.length = units > 1 ? units * Math.max(1, Math.floor(BLOCK_LENGTH / units)) : BLOCK_LENGTH;
    const last = new Map();
    tape.steps.forEach(([, ...args], i) => args.forEach((arg) => last.set(arg, i)));
    tape.outputs.forEach((arg) => last.set(arg, Infinity));
    const free = [];
    this.constants = new Map();
    this.places = Array.from({ length: tape.inputs }, () => new Float64Array(this.length));
    this.inputs = [...this.places];
    const block = (argument) => (typeof argument === "object" ? this.constant(argument[0]) : this.places[argument]);
    this.steps = tape.steps.map(([operation, ...args], i) => {
      const blocks = args.map(block);
      // A block is used again once nobody needs it: all of them then stay in the processor's cache.
      for (const arg of new Set(args)) if (typeof arg !== "object" && arg >= tape.inputs && last.get(arg) === i) free.push(this.places[arg]);
      const result = free.length && !operation.startsWith("unit") ? free.pop() : new Float64Array(this.length);
      this.places.push(result);
      return { kernel: BLOCK_KERNELS[operation] ?? anyKernel(operation), result, blocks };
    });
    this.outputs = tape.outputs.map(block);
  }

  constant(value) {
    if (!this.constants.has(value)) this.constants.set(value, new Float64Array(this.length).fill(value));
    return this.constants.get(value);
  }

  // Fill the arrays `outputs` from the arrays `inputs`, all of one length, a multiple of the units. An input may also be
  // a number, and an output may be an input.
  play(inputs, outputs) {
    inputs.forEach((input, i) => { if (typeof input === "number") this.inputs[i].fill(input); });
    const total = outputs[0].length;
    for (let start = 0; start < total; start += this.length) {
      const n = Math.min(this.length, total - start);
      inputs.forEach((input, i) => { if (typeof input !== "number") this.inputs[i].set(input.subarray(start, start + n)); });
      for (const { kernel, result, blocks: [a, b, c] } of this.steps) {
        if (c) kernel(result, n, this.units, a, b, c);
        else if (b) kernel(result, n, this.units, a, b);
        else kernel(result, n, this.units, a);
      }
      outputs.forEach((output, i) => output.set(this.outputs[i].subarray(0, n), start));
    }
  }
}

export function playOverArrays(tape, inputs, length, units = 1) {
  const outputs = tape.outputs.map(() => new Float64Array(length));
  new BlockPlayer(tape, units).play(inputs, outputs);
  return outputs;
}
