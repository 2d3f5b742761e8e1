// What a network in training shows, painted without a graphics card: its outputs through the colour model.

import { playOverArrays } from "./blocks.js";
import { prepareColour } from "./colours.js";
import { canvasPlaces } from "./learntarget.js";

export class FieldPainter {
  constructor(data, training) {
    const { recipe } = training.problem;
    this.training = training;
    this.model = data.colours.find(({ name }) => name === recipe.colour);
    const { count, prepare } = prepareColour(data, recipe, this.model);
    this.count = count;
    this.parts = [...prepare(new Float64Array(count)).parts];
    this.gamut = data.gamuts[recipe.gamut];
    this.tape = beforeGamut(this.model.tapes[count]);
    this.inputs = new Map();
  }

  // Bytes (red, green, blue, alpha) of the square [-1, 1] x [-1, 1], `side` pixels a side.
  pixels(learner, side) {
    if (!this.inputs.has(side)) this.inputs.set(side, this.training.inputsAt(canvasPlaces(side)));
    return this.colours(learner.outputsAt(this.inputs.get(side)));
  }

  // Of outputs, (channels x places).
  colours(outputs) {
    const places = outputs.length / this.count;
    const rows = Array.from({ length: this.count }, (_, k) => outputs.subarray(k * places, (k + 1) * places));
    const found = playOverArrays(this.tape ?? this.model.tapes[this.count], [...rows, ...this.parts], places);
    const srgb = this.tape ? playOverArrays(this.gamut, found, places) : found;
    const bytes = new Uint8ClampedArray(4 * places).fill(255);
    srgb.forEach((channel, c) => channel.forEach((value, i) => { bytes[4 * i + c] = 255 * value; }));
    return bytes;
  }

  paint(canvas, learner, side) {
    if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
    canvas.getContext("2d").putImageData(new ImageData(this.pixels(learner, side), side, side), 0, 0);
  }
}

// A colour model's tape up to the OKLab colours that its last steps map into the gamut; null where it has none.
function beforeGamut(tape) {
  const last = tape.steps.slice(-3);
  if (last[0][0] !== "gamut") return null;
  return { ...tape, steps: tape.steps.slice(0, -3), outputs: last[0].slice(2) };
}

// The target as it is: a picture's pixels, or points in their classes' colours, ringed so that they stand out from the
// field. `size` are the canvas's pixels, `radius` that of a point.
export function paintTarget(canvas, target, colours, size, radius) {
  const context = canvas.getContext("2d");
  if (target.kind === "picture") {
    [canvas.width, canvas.height] = [target.side, target.side];
    const bytes = new Uint8ClampedArray(4 * target.side ** 2).fill(255);
    target.pixels.forEach((value, k) => { bytes[4 * Math.floor(k / 3) + (k % 3)] = value; });
    context.putImageData(new ImageData(bytes, target.side, target.side), 0, 0);
    return;
  }
  [canvas.width, canvas.height] = [size, size];
  context.strokeStyle = "#fff";
  context.lineWidth = radius * 0.45;
  target.classes.forEach((label, i) => {
    context.beginPath();
    context.arc((size * (target.x[i] + 1)) / 2, (size * (target.y[i] + 1)) / 2, radius, 0, 2 * Math.PI);
    context.fillStyle = colours[label];
    context.stroke();
    context.fill();
  });
}
