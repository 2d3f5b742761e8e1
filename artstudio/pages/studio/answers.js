// Numbers that questions ask for, computed from expressions as sets of questions have them: see docs/questions.md.

import { playTape } from "./graph.js";
import { t } from "./language.js";
import { exSoftmax } from "./softmax.js";
import { ExpressionReader, writeExpression } from "./syntax.js";

const SIDES = 600; // places on each side of 0, a hundred a unit

// An expression's value. `context`: {data, find(name or expression in z) -> {f, slope}, names: {name: number}, and
// learning, the functions of `learningMeasures`, or null}. Throws an Error for what cannot be computed.
export function computed(text, context) {
  return valueOfNode(new ExpressionReader(text).read(), context);
}

function valueOfNode(node, context) {
  const value = (one) => valueOfNode(one, context);
  switch (node.kind) {
    case "number": return node.value;
    case "name": return namedValue(node.name, context);
    case "sign": return node.sign === "-" ? -value(node.operand) : value(node.operand);
    case "compare": return Number(COMPARED[node.signs[0]](...node.values.map(value)));
    case "call": return calledValue(node, context);
    default: return JOINED[node.sign](value(node.left), value(node.right));
  }
}

const COMPARED = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b };
const JOINED = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "**": (a, b) => a ** b,
  "%": (a, b) => a - b * Math.floor(a / b),
};

function namedValue(name, { data, names, learning }) {
  for (const known of [names, data.expression.constants]) if (Object.hasOwn(known, name)) return known[name];
  if (learning && Object.hasOwn(learning, name)) return learning[name]();
  throw new Error(`answers: unknown name '${name}'`);
}

function calledValue({ name, args }, context) {
  const { data, find, learning } = context;
  const numbers = (from = 0) => args.slice(from).map((arg) => valueOfNode(arg, context));
  const curve = (i = 0) => find(writeExpression(args[i]));
  if (Object.hasOwn(CURVES, name)) return CURVES[name](curve, numbers(name === "difference" ? 2 : 1));
  if (Object.hasOwn(SCORES, name)) return SCORES[name](...numbers());
  if (learning && Object.hasOwn(learning, name)) return learning[name](writeExpression(args[0]), ...numbers(1));
  if (Object.hasOwn(data.expression.functions, name)) {
    const { fewest, tape } = data.expression.functions[name];
    const values = numbers();
    return values.slice(fewest).reduce((result, one) => playTape(tape, [result, one])[0], playTape(tape, values.slice(0, fewest))[0]);
  }
  return find(name).f(numbers()[0]);
}

const CURVES = {
  value: (curve, [z]) => curve().f(z),
  slope: (curve, [z]) => curve().slope(z),
  solve: (curve, [y, low, high]) => placeOf(curve().f, y, low, high),
  solve_slope: (curve, [y, low, high]) => placeOf(curve().slope, y, low, high),
  steepest: (curve) => greatest(curve().slope),
  difference: (curve) => greatest((z) => curve(0).f(z) - curve(1).f(z)),
};

const SCORES = {
  share: (i, temperature, ...scores) => exSoftmax(scores, temperature).p[i - 1],
  entropy: (i, temperature, ...scores) => exSoftmax(scores, temperature).losses[i - 1],
};

// The greatest |g| on a grid over [-6, 6].
function greatest(g) {
  let most = 0;
  for (let i = -SIDES; i <= SIDES; i += 1) most = Math.max(most, Math.abs(g(i / 100)));
  return most;
}

// The z in [low, high] where the monotonic g is `value`.
function placeOf(g, value, low, high) {
  const rising = g(high) > g(low);
  let [left, right] = [low, high];
  for (let i = 0; i < 80; i += 1) {
    const middle = (left + right) / 2;
    if (g(middle) < value === rising) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}

// What learn mode measures: functions of an activation's name, some of a layer, too, and of all networks together.
// `training` has {steps, learners: [{name, diverged, measure()}]}.
export function learningMeasures(training) {
  const learner = (name) => {
    const found = training.learners.find((one) => one.name === name);
    if (!found) throw new Error(t("{name} is not among what learns here.", { name }));
    return found;
  };
  const hidden = (one) => one.measure().layers.slice(0, -1);
  const deadOf = (one) => hidden(one).reduce((sum, { dead }) => sum + dead.filter(Boolean).length, 0);
  const scores = () => training.learners.map((one) => (one.diverged ? 0 : one.measure().score));
  return {
    steps: () => training.steps,
    dead_units: () => training.learners.reduce((sum, one) => sum + deadOf(one), 0),
    best_score: () => Math.max(...scores()),
    worst_score: () => Math.min(...scores()),
    accuracy: (name) => learner(name).measure().score,
    loss: (name) => learner(name).measure().loss,
    diverged: (name) => Number(learner(name).diverged),
    dead: (name) => deadOf(learner(name)),
    moved: (name, layer) => learner(name).measure().layers[layer - 1].moved,
    gradient: (name, layer) => learner(name).measure().layers[layer - 1].gradient,
    least_moved: (name) => {
      const moved = hidden(learner(name)).map((layer) => layer.moved);
      return moved.indexOf(Math.min(...moved)) + 1;
    },
  };
}

// A number as people type it: 0.25, 0,25, 1/4, 6.6e-3, −3, 25 %, 6.6·10^-3; NaN for what is none.
export function typedAnswer(text) {
  const plain = text.trim().replaceAll("−", "-").replaceAll(/\s+/g, "").replace(/^\+/, "").replaceAll(",", ".")
    .replace(/[·×x*]10\^?\(?(-?\d+)\)?$/, "e$1").replace(/^10\^\(?(-?\d+)\)?$/, "1e$1");
  const percent = plain.endsWith("%");
  const parts = (percent ? plain.slice(0, -1) : plain).split("/");
  if (parts.length > 2 || parts.some((part) => !/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part))) return NaN;
  return (parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0])) / (percent ? 100 : 1);
}

// Whether an answer is within a share of a value; of 0, whether it is 0 as far as anybody sees.
export function isNear(answer, value, tolerance) {
  return Math.abs(answer - value) <= Math.max(tolerance * Math.abs(value), 1e-12 * (value === 0));
}
