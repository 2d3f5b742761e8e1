// The fragment shader of an architecture: everything that two recipes of the same shape share. What differs between them
// are weights, read one after the other from a uniform block or a texture, and a few uniforms.

import { activationText } from "./activate.js";
import { directions, glslLibrary, glslSteps } from "./glsl.js";
import { inDirections } from "./graph.js";
import { colourText } from "./tint.js";
import { isMixture, isSeamless, layerActivations, paletteColours, parseSymmetry, usedActivations } from "./recipe.js";

// Wider layers are looped over to a bound known only at run time, so that no compiler writes out thousands of products.
const WIDEST_UNROLLED = 16;

export const EDGE_LEVELS = 20;
export const EDGE_SAMPLES = 4;

const fours = (count) => Math.ceil(count / 4);

// What a program is compiled for. Counts that end in 4 are in groups of four.
export function shapeOf(data, recipe) {
  const features = recipe.features.map((name) => data.features.find((record) => record.name === name));
  const featureChannels = features.reduce((sum, { channels }) => sum + channels, 0);
  const { finish } = recipe;
  const warped = recipe.warp.amount > 0;
  const colours = paletteColours(data, recipe.palette).length;
  const channels = data.colours.find(({ name }) => name === recipe.colour).channels[colours];
  const waves4 = fours(recipe.fourier.count);
  return {
    features: recipe.features, featureChannels, features4: fours(featureChannels), waves: recipe.fourier.count, waves4,
    inputs4: fours(featureChannels) + 2 * waves4,
    symmetry: parseSymmetry(data, recipe.symmetry).record.name,
    warped, torus: warped && isSeamless(data, recipe), skip: recipe.skip,
    mixed: layerActivations(recipe).some(isMixture), activations: usedActivations(data, recipe),
    units: recipe.units, units4: fours(recipe.units), channels, channels4: fours(channels),
    colour: recipe.colour, gamut: recipe.gamut,
    bands: finish.bands > 0, contours: finish.contours > 0, relief: finish.relief > 0, dither: finish.dither,
    slopes: finish.contours > 0 || finish.relief > 0,
  };
}

export const VERTEX_SHADER = `#version 300 es
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;

// `blockSize` is how many groups of four weights the uniform block holds; 0 for weights in a texture.
export function fragmentShader(data, shape, blockSize) {
  const wide = shape.units4 > WIDEST_UNROLLED;
  const arrays = [["given", shape.inputs4], ["values", shape.units4], ["sums", shape.units4], ["results", shape.channels4]];
  return `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform ivec2 size, origin;
uniform int targetHeight, samples, depth, unitGroups;
uniform mat3x2 view;
uniform float folds;
uniform vec2 centre;
uniform float parts[32], finish[3];
uniform int kinds[128];
uniform sampler2D colourTable, painted;
out vec4 colour;
${blockSize ? `layout(std140) uniform Weights { vec4 weights[${blockSize}]; };\nvec4 weight(int i) { return weights[i]; }`
    : "uniform sampler2D weightTexture;\nvec4 weight(int i) { return texelFetch(weightTexture, ivec2(i & 1023, i >> 10), 0); }"}
#define UNITS4 ${wide ? "unitGroups" : shape.units4}
${arrays.map(([name, count]) => directions(shape, name).map((array) => `vec4 ${array}[${count}];`).join("\n")).join("\n")}
int at;
${glslLibrary(data)}
${activationText(shape, data)}
${shape.warped ? warpText(data, shape) : ""}
void network(float x, float y) {
  ${shape.slopes ? "float xX = 1.0, yX = 0.0, xY = 0.0, yY = 1.0;" : ""}
  at = 0;
  ${frequencyText(shape)}
  ${pointText(data, shape)}
  ${inputText(data, shape)}
  int start = at;
  ${denseText(shape, "sums", "UNITS4", [["given", shape.inputs4]], shape.mixed)}
  activate(0, start, ${1 + shape.mixed + 4 * shape.inputs4});
  for (int layer = 1; layer < depth; layer++) {
    start = at;
    ${denseText(shape, "sums", "UNITS4", [["values", "UNITS4"], ...(shape.skip ? [["given", shape.inputs4]] : [])], shape.mixed)}
    activate(layer, start, ${1 + shape.mixed} + 4 * (UNITS4${shape.skip ? ` + ${shape.inputs4}` : ""}));
  }
  ${denseText(shape, "results", shape.channels4, [["values", "UNITS4"]], false)}
}
${colourText(data, shape)}
${MAIN_TEXT(shape)}`;
}

// A layer: `to` = bias + weights * the arrays `from`, [[name, groups]], four rows and four columns at a time.
function denseText(shape, to, rows, from, mixed) {
  const [sum, ...slopes] = directions(shape, "s");
  const product = (array, j, step) => `m = mat4(weight(at${step}), weight(at + 1${step}), weight(at + 2${step}), weight(at + 3${step}));
      ${directions(shape, array).map((name, i) => `${[sum, ...slopes][i]} += m * ${name}[${j}];`).join(" ")}`;
  const products = from.map(([array, groups]) => {
    const count = groups === "UNITS4" ? shape.units4 : groups;
    if (count > WIDEST_UNROLLED) return `for (int j = 0; j < ${groups}; j++) { ${product(array, "j", "")} at += 4; }`;
    // Written out, since places known beforehand are read much faster, most of all in software.
    return `${Array.from({ length: count }, (_, j) => product(array, j, ` + ${4 * j}`)).join("\n")}
    at += ${4 * count};`;
  });
  return `for (int g = 0; g < ${rows}; g++) {
    vec4 ${sum} = weight(at${mixed ? " + 1" : ""});
    ${slopes.map((slope) => `vec4 ${slope} = vec4(0.0);`).join(" ")}
    at += ${mixed ? 2 : 1};
    mat4 m;
    ${products.join("\n")}
    ${directions(shape, to).map((name, i) => `${name}[g] = ${[sum, ...slopes][i]};`).join(" ")}
  }`;
}

const pairs = (shape) => directions(shape, "").flatMap((way) => [`x${way}`, `y${way}`]);

function pointText(data, shape) {
  const { tape } = data.symmetries.find(({ name }) => name === shape.symmetry);
  const tangents = pairs(shape).slice(2);
  const { lines, outputs } = glslSteps(inDirections(tape, 2, shape.slopes), "float", ["x", "y", "folds", ...tangents], "p");
  const assigned = pairs(shape).map((name, i) => `float p_${name} = ${outputs[i]};`);
  const back = pairs(shape).map((name) => `${name} = p_${name};`);
  const bend = shape.warped ? `bend(${pairs(shape).join(", ")});` : "";
  return [...lines, ...assigned, ...back, bend].join("\n");
}

// The waves' frequencies stand first among the weights.
function frequencyText(shape) {
  return shape.waves ? `at += ${2 * shape.waves4};` : "";
}

function inputText(data, shape) {
  const places = pairs(shape);
  const around = ["fromX", "fromY", ...places.slice(2)];
  const records = shape.features.map((name) => data.features.find((record) => record.name === name));
  const lines = ["float fromX = x - centre.x, fromY = y - centre.y;"];
  const channels = directions(shape, "").map(() => []);
  records.forEach(({ tape, channels: count, centred }, f) => {
    const steps = glslSteps(inDirections(tape, 2, shape.slopes), "float", centred ? around : places, `f${f}_`);
    lines.push(...steps.lines);
    channels.forEach((list, way) => list.push(...steps.outputs.slice(way * count, (way + 1) * count)));
  });
  directions(shape, "given").forEach((array, way) => {
    for (let g = 0; g < shape.features4; g += 1) {
      const four = [0, 1, 2, 3].map((i) => channels[way][4 * g + i] ?? "0.0");
      lines.push(`${array}[${g}] = vec4(${four.join(", ")});`);
    }
  });
  if (shape.waves) lines.push(waveText(shape));
  return lines.join("\n");
}

function waveText({ features4, waves4, slopes }) {
  const along = (way) => `vec4 turn${way} = fx * x${way} + fy * y${way};
    given${way}[${features4} + k] = -s * turn${way};
    given${way}[${features4 + waves4} + k] = c * turn${way};`;
  return `for (int k = 0; k < ${waves4}; k++) {
    vec4 fx = weight(k), fy = weight(${waves4} + k);
    vec4 phase = fx * x + fy * y;
    vec4 c = aCos(phase), s = aSin(phase);
    given[${features4} + k] = c;
    given[${features4 + waves4} + k] = s;
    ${slopes ? ["X", "Y"].map(along).join("\n") : ""}
  }`;
}

// The warp's own small network. Its inputs are the coordinates, or the torus; the factor on them comes first.
function warpText(data, shape) {
  const ways = directions(shape, "");
  const groups = Math.ceil(data.constants.warpUnits / 4);
  const first = shape.torus ? torusText(data, shape) : ways.map((way) => `vec4 a${way} = vec4(x${way} * scale, y${way} * scale, 0.0, 0.0);`).join("\n");
  const arrays = ["bentGiven", "bentSums", "bentValues"].map((name) => ways.map((way) => `vec4 ${name}${way}[${groups}];`).join(" ")).join("\n");
  const wave = `for (int g = 0; g < ${groups}; g++) {
    bentValues[g] = aSin(bentSums[g]);
    ${ways.slice(1).map((way) => `bentValues${way}[g] = aCos(bentSums[g]) * bentSums${way}[g];`).join(" ")}
  }`;
  return `${arrays}
void bend(${pairs(shape).map((name) => `inout float ${name}`).join(", ")}) {
  float scale = weight(at).x;
  at++;
  ${first}
  ${ways.map((way) => `bentGiven${way}[0] = a${way};`).join(" ")}
  ${denseText(shape, "bentSums", groups, [["bentGiven", 1]], false)}
  ${wave}
  ${denseText(shape, "bentSums", groups, [["bentValues", groups]], false)}
  ${wave}
  ${denseText(shape, "bentSums", 1, [["bentValues", groups]], false)}
  ${ways.map((way) => `x${way} += bentSums${way}[0].x; y${way} += bentSums${way}[0].y;`).join(" ")}
}`;
}

function torusText(data, shape) {
  const { lines, outputs } = glslSteps(inDirections(data.functions.torus, 2, shape.slopes), "float", pairs(shape), "t");
  const four = (way) => outputs.slice(4 * way, 4 * way + 4).join(", ");
  return [...lines, ...directions(shape, "a").map((name, way) => `vec4 ${name} = vec4(${four(way)});`)].join("\n");
}

const MAIN_TEXT = (shape) => `
vec2 place(ivec2 pixel, int sampled, int n) { // canvas units: the short side spans [-1, 1], y down
  ivec2 inner = ivec2(sampled % n, sampled / n);
  vec2 across = vec2(2 * (pixel * n + inner) + 1 - size * n) / float(min(size.x, size.y) * n);
  return view * vec3(across, 1.0);
}
${shape.dither ? `uvec4 stir(uvec4 v) {
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  return v;
}
float noise(ivec2 pixel) { // pcg4d of the place
  uvec4 v = stir(uvec4(uvec2(pixel), 0u, 0u) * 1664525u + 1013904223u);
  v = stir(v ^ (v >> 16u));
  return float(v.x >> 8) * 5.9604644775390625e-8 - float(v.y >> 8) * 5.9604644775390625e-8;
}` : ""}
ivec3 levels(ivec2 at) { return ivec3(texelFetch(painted, at, 0).rgb * 255.0 + 0.5); }
bool isEdge(ivec2 at) { // whether a neighbour in the first pass differs much
  ivec2 last = textureSize(painted, 0) - 1;
  ivec3 here = levels(at);
  ivec3 most = max(max(abs(levels(min(at + ivec2(1, 0), last)) - here), abs(levels(max(at - ivec2(1, 0), ivec2(0))) - here)),
    max(abs(levels(min(at + ivec2(0, 1), last)) - here), abs(levels(max(at - ivec2(0, 1), ivec2(0))) - here)));
  return max(most.x, max(most.y, most.z)) > ${EDGE_LEVELS};
}
uniform ivec2 paintedOrigin;
void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  if (targetHeight > 0) pixel.y = targetHeight - 1 - pixel.y;
  pixel += origin;
  int n = samples;
  if (n == 0) { // automatic: only edges are painted anew
    if (!isEdge(pixel - paintedOrigin)) {
      colour = vec4(vec3(levels(pixel - paintedOrigin)) / 255.0, 1.0);
      return;
    }
    n = ${EDGE_SAMPLES};
  }
  vec3 srgb = vec3(0.0), total = vec3(0.0);
  for (int sampled = 0; sampled < n * n; sampled++) {
    vec2 p = place(pixel, sampled, n);
    network(p.x, p.y);
    srgb = clamp(tint(), 0.0, 1.0);
    if (n > 1) total += toLinear(srgb);
  }
  if (n > 1) srgb = toSrgb(total / float(n * n)); // averaged in linear light, as a camera would
  vec3 level = clamp(srgb, 0.0, 1.0) * 255.0${shape.dither ? " + noise(pixel)" : ""};
  colour = vec4(roundEven(clamp(level, 0.0, 255.0)) / 255.0, 1.0);
}`;

// All of a network's numbers in the order in which the shader reads them, four by four.
export function packWeights(shape, network, firstBias) {
  const numbers = [];
  const groups = (values, count4) => Array.from({ length: 4 * count4 }, (_, i) => values[i] ?? 0);
  if (shape.waves) {
    const { frequencies } = network;
    numbers.push(groups(frequencies.subarray(0, shape.waves), shape.waves4), groups(frequencies.subarray(shape.waves), shape.waves4));
  }
  const plain = (count) => Array.from({ length: 4 * fours(count) }, (_, i) => (i < count ? i : -1));
  if (shape.warped) {
    numbers.push([network.warp.scale, 0, 0, 0]);
    for (const layer of network.warp.layers) numbers.push(packLayer(layer, layer.bias, plain(layer.columns), null));
  }
  const given = inputSlots(shape);
  network.layers.forEach((layer, number) => {
    const width = number ? shape.units : 0;
    const beside = layer.columns > width ? given.map((column) => (column < 0 ? -1 : column + width)) : [];
    const slots = number ? [...plain(width), ...beside] : beside;
    numbers.push(packLayer(layer, number ? layer.bias : firstBias, slots, shape.mixed ? layer.kinds : null));
  });
  numbers.push(packLayer(network.output, network.output.bias, plain(shape.units), null));
  const packed = new Float32Array(numbers.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of numbers) {
    packed.set(part, place);
    place += part.length;
  }
  return packed;
}

// Which input channel stands in each of the shader's places; -1 for none.
function inputSlots({ featureChannels, features4, waves, waves4 }) {
  const run = (first, count, groups) => Array.from({ length: 4 * groups }, (_, i) => (i < count ? first + i : -1));
  return [...run(0, featureChannels, features4), ...run(featureChannels, waves, waves4), ...run(featureChannels + waves, waves, waves4)];
}

function packLayer({ weights, rows, columns }, bias, slots, kinds) {
  const stride = 4 * (1 + (kinds ? 1 : 0)) + 4 * slots.length;
  const packed = new Float32Array(fours(rows) * stride);
  for (let g = 0; 4 * g < rows; g += 1) {
    let place = g * stride;
    for (let lane = 0; lane < 4; lane += 1) {
      const row = 4 * g + lane;
      const there = row < rows;
      if (kinds) packed[place + lane] = there ? kinds[row % kinds.length] : 0;
      // Units that fill up the last four stay away from 0, where slopes may be infinite.
      packed[place + (kinds ? 4 : 0) + lane] = there ? bias[row] : 0.5;
    }
    place += kinds ? 8 : 4;
    for (const column of slots) {
      for (let lane = 0; lane < 4; lane += 1, place += 1) {
        const row = 4 * g + lane;
        packed[place] = row < rows && column >= 0 ? weights[row * columns + column] : 0;
      }
    }
  }
  return packed;
}
