// Tapes as GLSL, and functions for what GLSL's own are not accurate enough for: they may be off by a whole level.


const GLSL_COMPARISONS = Object.entries({
  Lt: ["<", "lessThan"], Le: ["<=", "lessThanEqual"], Gt: [">", "greaterThan"], Ge: [">=", "greaterThanEqual"], Eq: ["==", "equal"],
}).map(([name, [sign, word]]) => `bool a${name}(float a, float b) { return a ${sign} b; }
bvec4 a${name}(vec4 a, vec4 b) { return ${word}(a, b); }
`).join("");

// The text that the emitted code needs; `data` are the page's.
export function glslLibrary(data) {
  const both = (text) => `${text.replaceAll(/\bT\b/g, "float").replaceAll(/\bI\b/g, "int")}\n${text.replaceAll(/\bT\b/g, "vec4").replaceAll(/\bI\b/g, "ivec4")}`;
  const { sine, cosine } = data.functions;
  const waves = ["float", "vec4"].map((type) => glslFunction("aSin", sine, type) + glslFunction("aCos", cosine, type));
  return GLSL_COMPARISONS + both(data.glsl) + waves.join("");
}

const GLSL_INFIX = { add: "+", sub: "-", mul: "*", div: "/" };
const GLSL_CALLS = {
  mod: "aMod", abs: "abs", sign: "sign", floor: "floor", ceil: "ceil", rint: "roundEven", sqrt: "sqrt", exp: "aExp", log: "aLog",
  sin: "aSin", cos: "aCos", tanh: "aTanh", sinh: "aSinh", cosh: "aCosh", atan: "aAtan", atan2: "aAtan2", cbrt: "aCbrt",
  pow: "aPow", max: "max", min: "min",
};
const GLSL_TESTS = { lt: "aLt", le: "aLe", gt: "aGt", ge: "aGe", eq: "aEq" };

export function glslNumber(value) {
  if (!Number.isFinite(value)) return `intBitsToFloat(int(${Number.isNaN(value) ? "0x7fc00000u" : value > 0 ? "0x7f800000u" : "0xff800000u"}))`;
  const text = String(Number(Math.fround(value).toPrecision(9)));
  const float = /[.e]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(${float})` : float;
}

// Statements that compute a tape: {lines, outputs}. `inputs` are expressions of the type, "float" or "vec4"; `prefix`
// begins the names of the results. `folds` are expressions for folds over units, in their order.
export function glslSteps(tape, type, inputs, prefix, folds = []) {
  const lines = [];
  const values = inputs.map((text) => ({ text, test: false }));
  const shared = new Map();
  let foldsSeen = 0;
  const number = (argument) => {
    if (typeof argument === "object") return type === "float" ? glslNumber(argument[0]) : `vec4(${glslNumber(argument[0])})`;
    const { text, test } = values[argument];
    return test ? `${type}(${text})` : text;
  };
  const isTest = (argument) => typeof argument === "number" && values[argument].test;
  const not = type === "float" ? "!" : "not";
  const test = (argument) => (isTest(argument) ? values[argument].text : `${not}(aEq(${number(argument)}, ${type}(0.0)))`);
  // Functions of three channels are called once, and give one channel each time.
  const channel = (call, row) => {
    if (!shared.has(call)) {
      shared.set(call, `${prefix}s${shared.size}`);
      lines.push(`vec3 ${shared.get(call)} = ${call};`);
    }
    return `${shared.get(call)}[${row[0]}]`;
  };
  const write = (operation, args) => {
    if (operation in GLSL_INFIX) return `${number(args[0])} ${GLSL_INFIX[operation]} ${number(args[1])}`;
    if (operation in GLSL_CALLS) return `${GLSL_CALLS[operation]}(${args.map(number).join(", ")})`;
    if (operation in GLSL_TESTS) return `${GLSL_TESTS[operation]}(${args.map(number).join(", ")})`;
    switch (operation) {
      case "neg": return `-${number(args[0])}`;
      case "tan": return `aSin(${number(args[0])}) / aCos(${number(args[0])})`;
      case "and": return type === "float" ? `${test(args[0])} && ${test(args[1])}` : `aGt(min(vec4(${test(args[0])}), vec4(${test(args[1])})), vec4(0.5))`;
      case "where": return `mix(${number(args[2])}, ${number(args[1])}, ${test(args[0])})`;
      case "lookup": return channel(`lookUp(${number(args[1])})`, args[0]);
      case "gamut": return channel(`mapGamut(vec3(${args.slice(1).map(number).join(", ")}))`, args[0]);
      default: throw new Error(`${operation} cannot be written in GLSL`);
    }
  };
  for (const [operation, ...args] of tape.steps) {
    if (operation === "unitmax" || operation === "unitsum") {
      values.push({ text: folds[foldsSeen], test: false });
      foldsSeen += 1;
      continue;
    }
    const isBoolean = operation in GLSL_TESTS || operation === "and";
    const text = write(operation, args);
    const name = `${prefix}${values.length}`;
    lines.push(`${isBoolean ? (type === "float" ? "bool" : "bvec4") : type} ${name} = ${text};`);
    values.push({ text: name, test: isBoolean });
  }
  return { lines, outputs: tape.outputs.map(number) };
}

// The names of values and, where slopes are needed, of their derivatives along x and along y.
export function directions(shape, name) {
  return shape.slopes ? [name, `${name}X`, `${name}Y`] : [name];
}

// A tape of one output as a function of its inputs.
export function glslFunction(name, tape, type) {
  const inputs = Array.from({ length: tape.inputs }, (_, i) => `x${i}`);
  const { lines, outputs } = glslSteps(tape, type, inputs, "t");
  return `${type} ${name}(${inputs.map((input) => `${type} ${input}`).join(", ")}) {\n${lines.join("\n")}\nreturn ${outputs[0]};\n}\n`;
}
