// Expressions as text: the part of Python's grammar that they use, read into a tree and written back as Python would.

import { t } from "./language.js";

const SYNTAX_TOKEN = /\s*(?:(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?|\d[\d_]*\.)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|<=|>=|[-+*/%<>(),]))/uy;

export const SYNTAX_KINDS = { "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "**": "pow" };

const WORDS_OF_PYTHON = new Set(["and", "or", "not", "in", "is", "lambda", "True", "False", "None", "for", "await", "yield", "import"]);

export function expressionError(message, column) {
  const error = new Error(message);
  error.column = column;
  return error;
}

// A few words of a text from elsewhere, in one line; characters that are not seen, or turn others around, are written out.
export function clipText(text, limit = 60) {
  const plain = text.replaceAll(/\s+/g, " ").trim().replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, writtenOut);
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1)}…`;
}

function writtenOut(character) {
  const hex = character.codePointAt(0).toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

// Reads `text` into nodes {kind, start, end, ...}: number {value, text}, name {name}, sign {sign, operand}, binary
// {sign, left, right}, compare {signs, values}, choice {test, body, other}, call {name, args}.
export class ExpressionReader {
  constructor(text) {
    this.text = text;
    this.tokens = this.split();
    this.at = 0;
  }

  split() {
    const tokens = [];
    SYNTAX_TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = SYNTAX_TOKEN.exec(this.text); match; match = SYNTAX_TOKEN.exec(this.text)) {
      const [whole, number, word, sign] = match;
      end = SYNTAX_TOKEN.lastIndex;
      tokens.push({ number, word, sign, start: end - whole.trimStart().length, end });
    }
    const rest = this.text.slice(end).search(/\S/);
    if (rest >= 0) throw this.misread(end + rest);
    return [...tokens, { start: this.text.length, end: this.text.length }];
  }

  misread(place) {
    return expressionError(t("expression '{found}': not understood at column {column}", { found: clipText(this.text), column: place + 1 }), place + 1);
  }

  get token() {
    return this.tokens[this.at];
  }

  take(...signs) {
    const { sign, word } = this.token;
    const found = signs.find((wanted) => wanted === sign || wanted === word);
    if (found) this.at += 1;
    return found;
  }

  need(sign) {
    if (!this.take(sign)) throw this.misread(this.token.start);
  }

  node(start, kind, rest) {
    return { kind, start, end: this.tokens[this.at - 1].end, ...rest };
  }

  read() {
    const tree = this.choice();
    if (this.at < this.tokens.length - 1) throw this.misread(this.token.start);
    return tree;
  }

  choice() {
    const { start } = this.token;
    const body = this.comparison();
    if (!this.take("if")) return body;
    const test = this.comparison();
    this.need("else");
    const other = this.choice();
    return this.node(start, "choice", { test, body, other });
  }

  comparison() {
    const { start } = this.token;
    const [values, signs] = [[this.chain(0)], []];
    for (let sign = this.take("<", "<=", ">", ">="); sign; sign = this.take("<", "<=", ">", ">=")) {
      signs.push(sign);
      values.push(this.chain(0));
    }
    return signs.length ? this.node(start, "compare", { signs, values }) : values[0];
  }

  chain(level) {
    const { start } = this.token;
    const signs = [["+", "-"], ["*", "/", "%"]][level];
    const next = () => (level ? this.factor() : this.chain(1));
    let left = next();
    for (let sign = this.take(...signs); sign; sign = this.take(...signs)) {
      const right = next();
      left = this.node(start, "binary", { sign, left, right });
    }
    return left;
  }

  factor() {
    const { start } = this.token;
    const sign = this.take("-", "+");
    if (!sign) return this.power();
    const operand = this.factor();
    return this.node(start, "sign", { sign, operand });
  }

  power() {
    const { start } = this.token;
    const left = this.atom();
    if (!this.take("**")) return left;
    const right = this.factor();
    return this.node(start, "binary", { sign: "**", left, right });
  }

  atom() {
    const { number, word, start } = this.token;
    if (number !== undefined) {
      this.at += 1;
      return this.node(start, "number", this.number(number, start));
    }
    if (word !== undefined && !WORDS_OF_PYTHON.has(word) && word !== "if" && word !== "else") {
      this.at += 1;
      return this.take("(") ? this.call(word, start) : this.node(start, "name", { name: word });
    }
    this.need("(");
    const inner = this.choice();
    this.need(")");
    return inner;
  }

  call(name, start) {
    const args = [];
    while (!this.take(")")) {
      args.push(this.choice());
      if (!this.take(",") && this.token.sign !== ")") throw this.misread(this.token.start);
    }
    return this.node(start, "call", { name, args });
  }

  number(text, start) {
    const plain = text.replaceAll("_", "");
    if (/^0[xob]/i.test(plain)) return { value: Number(plain), text: BigInt(plain).toString() };
    const whole = /^\d+$/.test(plain);
    if (/__|_$|_\.|\._/.test(text) || (whole && /^0+[1-9]/.test(plain)) || Number.isNaN(Number(plain))) throw this.misread(start);
    return { value: Number(plain), text: whole ? BigInt(plain).toString() : pythonFloat(Number(plain)) };
  }
}

// A float as Python's repr writes it.
export function pythonFloat(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 16)) {
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = Math.abs(value) < 1e-6 && value !== 0 ? value.toFixed(20) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

// How tightly nodes bind: choice, comparison, sum, product, sign, power, and whatever follows a power.
const [BINDS_CHOICE, BINDS_COMPARE, BINDS_SUM, BINDS_PRODUCT, BINDS_SIGN, BINDS_POWER, BINDS_ATOM] = [0, 1, 2, 3, 4, 5, 6];

// A tree as Python's `ast.unparse` writes it.
export function writeExpression(node, binding = BINDS_CHOICE) {
  const [own, text] = writtenNode(node);
  return own < binding ? `(${text})` : text;
}

function writtenNode(node) {
  switch (node.kind) {
    case "number": return [BINDS_ATOM, node.text];
    case "name": return [BINDS_ATOM, node.name];
    case "sign": return [BINDS_SIGN, node.sign + writeExpression(node.operand, BINDS_SIGN)];
    case "call": return [BINDS_ATOM, `${node.name}(${node.args.map((arg) => writeExpression(arg)).join(", ")})`];
    case "choice": {
      const [body, test] = [node.body, node.test].map((part) => writeExpression(part, BINDS_COMPARE));
      return [BINDS_CHOICE, `${body} if ${test} else ${writeExpression(node.other)}`];
    }
    case "compare": {
      const [first, ...rest] = node.values.map((part) => writeExpression(part, BINDS_SUM));
      return [BINDS_COMPARE, [first, ...rest.map((part, i) => `${node.signs[i]} ${part}`)].join(" ")];
    }
    default: {
      const own = { "**": BINDS_POWER, "+": BINDS_SUM, "-": BINDS_SUM }[node.sign] ?? BINDS_PRODUCT;
      const [left, right] = node.sign === "**" ? [own + 1, own] : [own, own + 1];
      return [own, `${writeExpression(node.left, left)} ${node.sign} ${writeExpression(node.right, right)}`];
    }
  }
}

// The parts that Python's parser would count.
export function countParts(node) {
  const all = (nodes) => nodes.reduce((sum, part) => sum + countParts(part), 0);
  switch (node.kind) {
    case "number": return 1;
    case "name": return 2;
    case "sign": return 2 + countParts(node.operand);
    case "call": return 3 + all(node.args);
    case "choice": return 1 + all([node.test, node.body, node.other]);
    case "compare": return 1 + node.signs.length + all(node.values);
    default: return 2 + all([node.left, node.right]);
  }
}
