// From the network's outputs to colour, and the finish, in GLSL.

import { glslSteps } from "./glsl.js";

const CHANNELS_OF_C = ["c.x", "c.y", "c.z"];

// A tape of three channels as a function of a vec3.
function channelFunction(name, tape) {
  const { lines, outputs } = glslSteps(tape, "float", CHANNELS_OF_C, "t");
  return `vec3 ${name}(vec3 c) {\n${lines.join("\n")}\nreturn vec3(${outputs.join(", ")});\n}\n`;
}

// `tint()`: sRGB, not yet clipped, of `results` (and of their slopes); `toLinear` and `toSrgb`.
export function colourText(data, shape) {
  const { functions } = data;
  const size = Math.sqrt(data.constants.tableSize);
  const model = data.colours.find(({ name }) => name === shape.colour).tapes[shape.channels];
  const outputs = Array.from({ length: shape.channels }, (_, i) => `o${i}`);
  const parts = Array.from({ length: model.inputs - shape.channels }, (_, i) => `parts[${i}]`);
  const { lines, outputs: srgb } = glslSteps(model, "float", [...outputs, ...parts], "t");
  const banded = (i) => {
    const steps = glslSteps(functions.posterise, "float", [`o${i}`, "finish[0]"], `b${i}_`);
    return [...steps.lines, `o${i} = ${steps.outputs[0]};`].join("\n");
  };
  return `vec3 lookUp(float i) { return texelFetch(colourTable, ivec2(int(i) % ${size}, int(i) / ${size}), 0).rgb; }
${channelFunction("mapGamut", data.gamuts[shape.gamut])}${channelFunction("toLinear", functions.linear_from_srgb)}${channelFunction("toSrgb", functions.srgb_from_linear)}
vec3 tint() {
  float ${outputs.map((name, i) => `${name} = results[${Math.floor(i / 4)}][${i % 4}]`).join(", ")};
  ${shape.bands ? outputs.map((_, i) => banded(i)).join("\n") : ""}
  ${lines.join("\n")}
  vec3 srgb = vec3(${srgb.join(", ")});
  ${shape.slopes ? finishText(data, shape) : ""}
  return srgb;
}`;
}

// Relief and contour lines, in linear light.
function finishText({ functions }, shape) {
  const text = ["vec3 light = toLinear(clamp(srgb, 0.0, 1.0));", "float output0 = results[0].x, slopeX = resultsX[0].x, slopeY = resultsY[0].x;"];
  if (shape.relief) {
    const { lines, outputs } = glslSteps(functions.relief_light, "float", ["slopeX", "slopeY", "finish[2]"], "r");
    text.push(...lines, `light *= ${outputs[0]};`);
  }
  if (shape.contours) {
    const cover = glslSteps(functions.contour_cover, "float", ["output0", "slopeX", "slopeY", "finish[1]"], "k");
    const drawn = glslSteps(functions.draw_contours, "float", ["light.x", "light.y", "light.z", cover.outputs[0]], "d");
    text.push(...cover.lines, ...drawn.lines, `light = vec3(${drawn.outputs.join(", ")});`);
  }
  text.push("srgb = toSrgb(min(light, 1.0));");
  return text.join("\n");
}
