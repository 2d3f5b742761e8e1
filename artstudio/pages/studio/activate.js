// The activation functions of a shape in GLSL: from `sums` to `values`, with derivatives where slopes are needed.

import { directions, glslSteps } from "./glsl.js";
import { Graph, inDirections } from "./graph.js";
import { activationOf } from "./recipe.js";

const FOLDS_IN_GLSL = {
  unitmax: { first: "-3.0e38", fold: (a, b) => `max(${a}, ${b})` },
  unitsum: { first: "0.0", fold: (a, b) => `${a} + ${b}` },
};

export function activationText(shape, data) {
  const tapes = shape.activations.map((name) => activationTape(activationOf(data, name), shape.slopes));
  const folding = tapes.map((tape) => tape.steps.some(([operation]) => operation in FOLDS_IN_GLSL));
  const functions = tapes.map((tape, k) => (folding[k] ? foldText(shape, tape, k) : "") + functionText(shape, tape, k));
  return `${functions.join("\n")}
void activate(int layer, int start, int stride) {
  ${shape.mixed ? mixedText(shape, folding) : layerText(shape, folding)}
}`;
}

// f, and in the two directions f' times the tangents: by the slope on record where there is one.
function activationTape(record, slopes) {
  if (!slopes) return record.tape;
  if (!record.elementwise) return inDirections(record.tape, 1, true);
  const graph = new Graph(3);
  const [value] = graph.replay(record.tape, [0]);
  const [slope] = graph.replay(record.slopes, [0]);
  return graph.tape([value, graph.add("mul", slope, 1), graph.add("mul", slope, 2)]);
}

const foldNames = (tape, k) => tape.steps.filter(([operation]) => operation in FOLDS_IN_GLSL).map((_, i) => `fold${k}_${i}`);

function functionText(shape, tape, k) {
  const names = directions(shape, "z");
  const { lines, outputs } = glslSteps(tape, "vec4", names, "t", foldNames(tape, k).map((name) => `vec4(${name})`));
  const results = outputs.map((output, i) => `vec4 r${i} = ${output};`);
  return `void act${k}(${names.map((name) => `inout vec4 ${name}`).join(", ")}) {
  ${[...lines, ...results, ...names.map((name, i) => `${name} = r${i};`)].join("\n")}
}`;
}

// Folds over all units, one after the other: each may need those before it.
function foldText(shape, tape, k) {
  const names = foldNames(tape, k);
  const loops = [];
  tape.steps.forEach(([operation, argument], i) => {
    if (!(operation in FOLDS_IN_GLSL)) return;
    const { first, fold } = FOLDS_IN_GLSL[operation];
    const before = { inputs: tape.inputs, steps: tape.steps.slice(0, i), outputs: [argument] };
    const sums = directions(shape, "sums").map((array) => `${array}[g]`);
    const { lines, outputs } = glslSteps(before, "vec4", sums, "t", names.map((name) => `vec4(${name})`));
    const there = `aLt(vec4(0.0, 1.0, 2.0, 3.0) + float(4 * g), vec4(${shape.units}.0))`;
    loops.push(`vec4 total${i} = vec4(${first});
  for (int g = 0; g < UNITS4; g++) {
    ${lines.join("\n")}
    total${i} = ${fold(`total${i}`, `mix(vec4(${first}), ${outputs[0]}, ${there})`)};
  }
  ${names[loops.length]} = ${["y", "z", "w"].reduce((text, lane) => fold(text, `total${i}.${lane}`), `total${i}.x`)};`);
  });
  return `float ${names.join(", ")};
void foldUnits${k}() {
  ${loops.join("\n")}
}
`;
}

function layerText(shape, folding) {
  const arrays = directions(shape, "values");
  const run = (k) => `${folding[k] ? `foldUnits${k}();` : ""}
  for (int g = 0; g < UNITS4; g++) {
    ${directions(shape, "z").map((name, i) => `vec4 ${name} = ${directions(shape, "sums")[i]}[g];`).join(" ")}
    act${k}(${directions(shape, "z").join(", ")});
    ${directions(shape, "z").map((name, i) => `${arrays[i]}[g] = ${name};`).join(" ")}
  }`;
  if (folding.length === 1) return run(0);
  return folding.map((_, k) => `if (kinds[layer] == ${k}) { ${run(k)} }`).join(" else ");
}

// Every unit has its own: all are computed, and each takes what it is.
function mixedText(shape, folding) {
  const [names, tried, sums, values] = ["z", "r", "sums", "values"].map((name) => directions(shape, name));
  const each = folding.map((_, k) => `{
      ${tried.map((name, i) => `vec4 ${name} = ${sums[i]}[g];`).join(" ")}
      act${k}(${tried.join(", ")});
      bvec4 mine = equal(kind, vec4(${k}.0));
      ${names.map((name, i) => `${name} = mix(${name}, ${tried[i]}, mine);`).join(" ")}
    }`);
  return `${folding.map((folds, k) => (folds ? `foldUnits${k}();` : "")).join(" ")}
  for (int g = 0; g < UNITS4; g++) {
    vec4 kind = weight(start + g * stride);
    ${names.map((name) => `vec4 ${name} = vec4(0.0);`).join(" ")}
    ${each.join("\n")}
    ${values.map((array, i) => `${array}[g] = ${names[i]};`).join(" ")}
  }`;
}
