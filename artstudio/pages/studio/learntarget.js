// What is learned: labelled points or a small picture, as places on the canvas and the values wanted there.

// {name, kind, x, y, values, channels, side}: canvas coordinates of each place; `values` a row for each of the network's
// outputs: 1 in the row of a point's class, else 0, or sRGB from 0 to 1. `pixels` (bytes, red, green, blue) is a picture of
// one's own, which goes before the name.
export function learningTarget(data, name, pixels = null) {
  const { pictures, points } = data.learning;
  if (!pixels && Object.hasOwn(points, name)) return pointsTarget(name, points[name]);
  return pictureTarget(name, pixels ?? Uint8Array.from(atob(pictures[name]), (c) => c.charCodeAt(0)));
}

function pointsTarget(name, { reach, places, labels }) {
  const classes = Uint8Array.from(labels, Number);
  const at = (k) => (Number.parseInt(places.slice(4 * k, 4 * k + 4), 16) / 0xffff * 2 - 1) * reach;
  const channels = Math.max(...classes) + 1;
  const values = new Float64Array(channels * classes.length);
  classes.forEach((label, i) => { values[label * classes.length + i] = 1; });
  return {
    name, kind: "points", x: Float64Array.from(classes, (_, i) => at(2 * i)), y: Float64Array.from(classes, (_, i) => at(2 * i + 1)),
    values, channels, classes, side: 0,
  };
}

function pictureTarget(name, pixels) {
  const count = pixels.length / 3;
  const side = Math.sqrt(count);
  const values = Float64Array.from({ length: pixels.length }, (_, k) => pixels[3 * (k % count) + Math.floor(k / count)] / 255);
  return { name, kind: "picture", ...canvasPlaces(side), values, channels: 3, pixels, side };
}

// x and y of every pixel's centre of a square, in reading order: from -1 to 1, y down.
export function canvasPlaces(side) {
  const axis = (i) => (2 * i + 1) / side - 1;
  return {
    x: Float64Array.from({ length: side * side }, (_, i) => axis(i % side)),
    y: Float64Array.from({ length: side * side }, (_, i) => axis(Math.floor(i / side))),
  };
}
