// Functions as graphs of operations: played, built and differentiated. They come as tapes, recorded from the Python
// functions: {inputs, steps: [[operation, ...arguments]], outputs}; an argument is the number of an input or of a step
// (counted on from the inputs), or a constant in an array of its own.

function roundHalfToEven(x) {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

// What the operations mean for numbers; comparisons give true or false, which count as 1 and 0.
export const OPERATIONS = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  mod: (a, b) => a - b * Math.floor(a / b),
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  rint: roundHalfToEven,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  atan: Math.atan,
  atan2: Math.atan2,
  cbrt: Math.cbrt,
  pow: (a, b) => a ** b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  lt: (a, b) => +(a < b),
  le: (a, b) => +(a <= b),
  gt: (a, b) => +(a > b),
  ge: (a, b) => +(a >= b),
  eq: (a, b) => +(a === b),
  and: (a, b) => +(a && b ? 1 : 0),
  where: (c, a, b) => (c === 0 ? b : a),
};

const isConstant = (argument) => typeof argument === "object";

// A tape in the making; equal steps are recorded once, constants are folded.
export class Graph {
  constructor(inputs) {
    this.inputs = inputs;
    this.steps = [];
    this.known = new Map();
  }

  // Record a step, or leave away what makes no difference between finite numbers.
  add(operation, ...args) {
    const [a, b, c] = args;
    if (args.every(isConstant)) return this.record(operation, ...args);
    const is = (argument, value) => isConstant(argument) && argument[0] === value;
    if (operation === "mul" && (is(a, 0) || is(b, 0))) return [0];
    if (operation === "mul" && (is(a, 1) || is(b, 1))) return is(a, 1) ? b : a;
    if (operation === "add" && (is(a, 0) || is(b, 0))) return is(a, 0) ? b : a;
    if ((operation === "sub" && is(b, 0)) || (operation === "div" && is(b, 1))) return a;
    if (operation === "div" && is(a, 0)) return a;
    if (operation === "sub" && is(a, 0)) return this.add("neg", b);
    if (operation === "where" && String(b) === String(c) && isConstant(b) === isConstant(c)) return b;
    return this.record(operation, ...args);
  }

  // Record a step as it is: 0 times infinity is no number.
  record(operation, ...args) {
    const plain = OPERATIONS[operation];
    if (plain && args.every(isConstant)) return [plain(...args.map(([value]) => value))];
    const key = `${operation} ${args.map((argument) => (isConstant(argument) ? `[${argument[0]}]` : argument))}`;
    if (!this.known.has(key)) {
      this.known.set(key, this.inputs + this.steps.length);
      this.steps.push([operation, ...args]);
    }
    return this.known.get(key);
  }

  // Record a tape's steps with these arguments as its inputs; returns its outputs.
  replay(tape, inputs) {
    const places = [...inputs];
    const at = (argument) => (isConstant(argument) ? argument : places[argument]);
    for (const [operation, ...args] of tape.steps) places.push(this.add(operation, ...args.map(at)));
    return tape.outputs.map(at);
  }

  // As replay, with the tangents of the outputs for tangents of the inputs: forward mode, by the rules that JAX has.
  differentiate(tape, inputs, tangents) {
    const [places, slopes] = [[...inputs], [...tangents]];
    const at = (argument) => (isConstant(argument) ? argument : places[argument]);
    const slopeAt = (argument) => (isConstant(argument) ? [0] : slopes[argument]);
    for (const [operation, ...args] of tape.steps) {
      const value = this.add(operation, ...args.map(at));
      places.push(value);
      slopes.push(this.slopeOf(operation, args.map(at), args.map(slopeAt), value));
    }
    return { values: tape.outputs.map(at), slopes: tape.outputs.map(slopeAt) };
  }

  slopeOf(operation, args, slopes, value) {
    if (slopes.every((slope) => isConstant(slope) && slope[0] === 0)) return [0];
    const rule = TANGENTS[operation];
    return rule ? rule((...step) => this.add(...step), args, slopes, value) : [0];
  }

  tape(outputs) {
    return trimTape({ inputs: this.inputs, steps: this.steps, outputs });
  }
}

const TANGENTS = {
  add: (g, args, [da, db]) => g("add", da, db),
  sub: (g, args, [da, db]) => g("sub", da, db),
  mul: (g, [a, b], [da, db]) => g("add", g("mul", da, b), g("mul", a, db)),
  div: (g, [, b], [da, db], v) => g("div", g("sub", da, g("mul", v, db)), b),
  neg: (g, args, [da]) => g("neg", da),
  mod: (g, [a, b], [da, db]) => g("sub", da, g("mul", db, g("floor", g("div", a, b)))),
  abs: (g, [a], [da]) => g("mul", g("sign", a), da),
  sqrt: (g, args, [da], v) => g("div", g("mul", [0.5], da), v),
  exp: (g, args, [da], v) => g("mul", v, da),
  log: (g, [a], [da]) => g("div", da, a),
  sin: (g, [a], [da]) => g("mul", g("cos", a), da),
  cos: (g, [a], [da]) => g("neg", g("mul", g("sin", a), da)),
  tan: (g, args, [da], v) => g("mul", g("add", [1], g("mul", v, v)), da),
  tanh: (g, args, [da], v) => g("mul", g("sub", [1], g("mul", v, v)), da),
  sinh: (g, [a], [da]) => g("mul", g("cosh", a), da),
  cosh: (g, [a], [da]) => g("mul", g("sinh", a), da),
  atan: (g, [a], [da]) => g("div", da, g("add", [1], g("mul", a, a))),
  atan2: (g, [y, x], [dy, dx]) =>
    g("div", g("sub", g("mul", x, dy), g("mul", y, dx)), g("add", g("mul", x, x), g("mul", y, y))),
  cbrt: (g, args, [da], v) => g("div", da, g("mul", [3], g("mul", v, v))),
  pow: (g, [a, b], [da, db], v) =>
    g("add", g("mul", g("mul", b, g("pow", a, g("sub", b, [1]))), da), g("mul", g("mul", g("log", a), v), db)),
  max: (g, [a, b], [da, db]) => oneSide(g, g("gt", a, b), g("eq", a, b), da, db),
  min: (g, [a, b], [da, db]) => oneSide(g, g("lt", a, b), g("eq", a, b), da, db),
  where: (g, [c], [, da, db]) => g("where", c, da, db),
  unitsum: (g, args, [da]) => g("unitsum", da),
  unitmax: (g, [a], [da], v) => {
    const there = g("eq", a, v);
    return g("div", g("unitsum", g("where", there, da, [0])), g("unitsum", g("where", there, [1], [0])));
  },
};

// Where both sides are equal, half of each.
function oneSide(g, first, tie, da, db) {
  return g("where", first, da, g("where", tie, g("mul", [0.5], g("add", da, db)), db));
}

// The tape of f' for a tape of f with one input; softmax over units gives the diagonal only as a tape of its own.
export function slopeTape(tape) {
  const graph = new Graph(1);
  return graph.tape(graph.differentiate(tape, [0], [[1]]).slopes);
}

// A tape and its derivatives in both directions: its inputs, the tangents of the first `moving` ones along x and along y;
// its outputs and theirs likewise.
export function inDirections(tape, moving, slopes) {
  if (!slopes) return tape;
  const graph = new Graph(tape.inputs + 2 * moving);
  const inputs = Array.from({ length: tape.inputs }, (_, i) => i);
  const along = (first) => inputs.map((i) => (i < moving ? first + i : [0]));
  const { values, slopes: alongX } = graph.differentiate(tape, inputs, along(tape.inputs));
  const { slopes: alongY } = graph.differentiate(tape, inputs, along(tape.inputs + moving));
  return graph.tape([...values, ...alongX, ...alongY]);
}

// Leave out the steps that no output needs.
function trimTape({ inputs, steps, outputs }) {
  const needed = new Array(inputs + steps.length).fill(false);
  const need = (argument) => {
    if (!isConstant(argument)) needed[argument] = true;
  };
  outputs.forEach(need);
  for (let i = steps.length - 1; i >= 0; i -= 1) if (needed[inputs + i]) steps[i].slice(1).forEach(need);
  const places = Array.from({ length: inputs }, (_, i) => i);
  const kept = [];
  const at = (argument) => (isConstant(argument) ? argument : places[argument]);
  steps.forEach(([operation, ...args], i) => {
    places.push(needed[inputs + i] ? inputs + kept.length : null);
    if (needed[inputs + i]) kept.push([operation, ...args.map(at)]);
  });
  return { inputs, steps: kept, outputs: outputs.map(at) };
}

// Play a tape for single numbers: an array of inputs in, an array of outputs out.
export function playTape(tape, inputs) {
  const values = [...inputs];
  const at = (argument) => (isConstant(argument) ? argument[0] : values[argument]);
  for (const [operation, a, b, c] of tape.steps) {
    values.push(OPERATIONS[operation](at(a), b === undefined ? undefined : at(b), c === undefined ? undefined : at(c)));
  }
  return tape.outputs.map(at);
}
