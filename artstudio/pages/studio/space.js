// The colour space in which a recipe's numbers count, as canvases call it; sRGB where the browser knows no other.

const WIDE = document.createElement("canvas").getContext("2d", { colorSpace: "display-p3" })?.getContextAttributes?.().colorSpace === "display-p3";

export function spaceOf(data, recipe) {
  return WIDE ? data.spaces[recipe.gamut].canvas : "srgb";
}

// Whether a recipe has colours that this screen does not show.
export function exceedsScreen(data, recipe) {
  return data.spaces[recipe.gamut].canvas !== "srgb" && !(WIDE && matchMedia("(color-gamut: p3)").matches);
}

// The canvas, whose 2D context is in a colour space. A context keeps its own, so a copy takes the place of another.
export function canvasIn(canvas, colorSpace) {
  const found = canvas.getContext("2d", { colorSpace }).getContextAttributes?.().colorSpace ?? "srgb";
  if (found === colorSpace) return canvas;
  const copy = canvas.cloneNode();
  copy.getContext("2d", { colorSpace });
  canvas.replaceWith(copy);
  return copy;
}

// Pixels that a painter gave, red, green, blue, alpha, as ImageData in their recipe's space.
export function imageOf(data, recipe, bytes, width, height) {
  return new ImageData(new Uint8ClampedArray(bytes.buffer), width, height, { colorSpace: spaceOf(data, recipe) });
}
