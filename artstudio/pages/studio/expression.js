// Your own activation: an expression in z with the grammar, the limits and the canonical text of the command line's.

import { usualForm } from "./expressionhints.js";
import { knownFunctions, played } from "./functions.js";
import { Graph, playTape } from "./graph.js";
import { t } from "./language.js";
import { clipText, countParts, expressionError, ExpressionReader, SYNTAX_KINDS, writeExpression } from "./syntax.js";

const expressionCache = new Map();

// What tells an expression from a name: it speaks of z.
export function isExpression(text) {
  return /(?<![A-Za-z_])z(?![\p{L}\p{N}_])/u.test(text);
}

// {name, label, formula, gain, f, slope, tape, slopes}; `name` is the canonical text. Throws an Error, with `column`
// counted from 1 where one is at fault. It may call the functions of `known`: those of the page.
export function parseExpression(text, known = knownFunctions()) {
  const key = text.trim();
  const found = expressionCache.get(key);
  if (found && found.known === known) return found.record;
  const record = builtExpression(key, known);
  if (expressionCache.size > 200) expressionCache.clear();
  expressionCache.set(key, { known, record });
  return record;
}

// What cannot be read is refused with a hint, where it looks like another way to write what can.
function builtExpression(text, known) {
  try {
    return new ExpressionBuilder(text, known).build();
  } catch (error) {
    const usual = error.column && usualForm(text, known.data.expression.forms);
    if (!usual) throw error;
    const hint = t("write {meant} for {found}", { meant: clipText(usual.meant, 40), found: clipText(usual.found, 40) });
    throw expressionError(`${error.message}; ${hint}`, error.column);
  }
}

// Every piece of an expression is a pair {value, slope} of arguments of the graph, whose one input is z.
class ExpressionBuilder {
  constructor(text, { data, list }) {
    this.text = text;
    this.rules = data.expression;
    this.list = list;
    this.graph = new Graph(1);
  }

  build() {
    const { longest, mostParts, gain } = this.rules;
    if (this.text.length > longest) {
      throw new Error(t("expression: expected at most {longest} characters, found {length}", { longest, length: this.text.length }));
    }
    const tree = new ExpressionReader(this.text).read();
    if (1 + countParts(tree) > mostParts) throw new Error(t("expression: expected at most {most} parts, found more", { most: mostParts }));
    const [tape, slopes, term] = this.tapes(tree, (record) => [record.tape, record.slopes]);
    const [value, slope] = this.tapes(tree, (record) => record.exact);
    const name = writeExpression(tree);
    if (name.length > longest) {
      throw new Error(t("expression: expected at most {longest} characters once spaced out, found {length}", { longest, length: name.length }));
    }
    this.checkFinite(term);
    return {
      name, label: name, formula: name, aliases: [], gain, own: true, elementwise: true, breaks: [], tape, slopes, ...played([value, slope]),
    };
  }

  // The tapes of f, of f', and of f before it is held within the limit; `form(record)` gives those of an activation.
  tapes(tree, form) {
    this.form = form;
    const term = this.term(tree, this.held({ value: 0, slope: [1] }));
    const outcome = this.held(term);
    return [outcome.value, outcome.slope, term.value].map((result) => this.graph.tape([result]));
  }

  // Values are held within a limit, so that what explodes far out still gives pixels.
  held(pair) {
    const { limit } = this.rules;
    return this.op("min", this.op("max", pair, constantPair(-limit)), constantPair(limit));
  }

  op(operation, ...pairs) {
    const values = pairs.map(({ value }) => value);
    const value = this.graph.record(operation, ...values);
    return { value, slope: this.graph.slopeOf(operation, values, pairs.map(({ slope }) => slope), value) };
  }

  term(node, z) {
    switch (node.kind) {
      case "number": return constantPair(this.number(node));
      case "name": return this.named(node, z);
      case "sign": return node.sign === "-" ? this.op("neg", this.term(node.operand, z)) : this.term(node.operand, z);
      case "compare": {
        if (node.signs.length > 1) throw this.refused(node, t("only + - * / % **, comparisons, numbers, z and functions are known"));
        const kind = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge" }[node.signs[0]];
        return this.op(kind, ...node.values.map((part) => this.term(part, z)));
      }
      case "choice": return this.op("where", ...[node.test, node.body, node.other].map((part) => this.term(part, z)));
      case "call": return this.call(node, z);
      default:
        if (node.sign === "**") return this.power(node, z);
        return this.op(SYNTAX_KINDS[node.sign], this.term(node.left, z), this.term(node.right, z));
    }
  }

  named(node, z) {
    if (node.name === "z") return z;
    const { constants } = this.rules;
    if (!Object.hasOwn(constants, node.name)) throw this.refused(node, t("known names are z, pi and e"));
    return constantPair(constants[node.name]);
  }

  number(node) {
    const { limit } = this.rules;
    if (Math.abs(node.value) > limit) throw this.refused(node, t("numbers up to {limit} are allowed", { limit: limit.toExponential().replace("e+6", "e+06") }));
    return node.value;
  }

  power(node, z) {
    const base = this.term(node.left, z);
    const exponent = this.constant(node.right);
    if (exponent === null) return this.op("pow", base, this.term(node.right, z));
    if (Math.abs(exponent) > this.rules.mostPower) {
      throw this.refused(node.right, t("a power of at most {most} was expected", { most: this.rules.mostPower }));
    }
    if (!Number.isInteger(exponent)) return this.op("pow", base, constantPair(exponent));
    const power = this.wholePower(base, Math.abs(exponent));
    return exponent < 0 ? this.op("div", constantPair(1), power) : power;
  }

  // Multiplies, and so takes negative numbers and has an exact slope.
  wholePower(base, exponent) {
    let result = null;
    for (let rest = exponent, square = base; rest; rest = Math.floor(rest / 2)) {
      if (rest % 2) result = result ? this.op("mul", result, square) : square;
      if (rest > 1) square = this.op("mul", square, square);
    }
    return result ?? constantPair(1);
  }

  constant(node) {
    if (node.kind === "number") return this.number(node);
    if (node.kind !== "sign" || node.sign !== "-") return null;
    const inner = this.constant(node.operand);
    return inner === null ? null : -inner;
  }

  call(node, z) {
    const pairs = node.args.map((arg) => this.term(arg, z));
    const { functions } = this.rules;
    if (Object.hasOwn(functions, node.name)) return this.compute(node, functions[node.name], pairs);
    const record = this.list.find(({ name, aliases }) => name === node.name || aliases.includes(node.name));
    if (!record || !record.elementwise) {
      const names = [...Object.keys(functions), "sin", "cos", "abs", "sign"].join(", ");
      throw this.refused(node, t("known functions are {names}, and every activation's name", { names }));
    }
    if (pairs.length !== 1) throw this.refused(node, t("{name} takes 1 argument", { name: node.name }));
    const [{ value, slope }] = pairs;
    const [tape, slopes] = this.form(record);
    const [outcome] = this.graph.replay(tape, [value]);
    const [steep] = this.graph.replay(slopes, [value]);
    return { value: outcome, slope: this.graph.add("mul", steep, slope) };
  }

  compute(node, { fewest, most, tape }, pairs) {
    if (pairs.length < fewest || pairs.length > most) {
      throw this.refused(node, fewest === most ? t("{name} takes {count} arguments", { name: node.name, count: fewest })
        : t("{name} takes {fewest} to {most} arguments", { name: node.name, fewest, most }));
    }
    const apply = (args) => {
      const { values, slopes } = this.graph.differentiate(tape, args.map(({ value }) => value), args.map(({ slope }) => slope));
      return { value: values[0], slope: slopes[0] };
    };
    // Functions of any number of arguments are recorded for two, and take the others one by one.
    return pairs.slice(fewest).reduce((result, pair) => apply([result, pair]), apply(pairs.slice(0, fewest)));
  }

  refused(node, why) {
    const part = this.text.slice(node.start, node.end);
    const column = node.start + 1;
    return expressionError(t("expression, column {column}: '{found}' is not allowed; {why}", { column, found: clipText(part, 40), why }), column);
  }

  checkFinite(tape) {
    const z = Array.from({ length: 1025 }, (_, i) => (i - 512) / 64);
    const bad = z.filter((value) => !Number.isFinite(playTape(tape, [value])[0])).sort((a, b) => Math.abs(a) - Math.abs(b));
    if (!bad.length) return;
    throw new Error(
      t("expression '{found}': gives no finite number at z = {z}; keep roots and logarithms of positive numbers, and divisors away from 0",
        { found: clipText(this.text), z: Number(bad[0].toPrecision(6)) }));
  }
}

function constantPair(value) {
  return { value: [value], slope: [0] };
}

