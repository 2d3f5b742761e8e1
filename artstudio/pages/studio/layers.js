// Layers of a network over many pixels, in float64: a row of pixels for each unit.

const PIXELS_AT_ONCE = 512;

// weights (rows x columns) times values (columns x pixels), added to `result` (rows x pixels) if there is one.
export function multiplyLayer(weights, rows, columns, values, result = null) {
  const pixels = values.length / columns;
  const sums = result ?? new Float64Array(rows * pixels);
  // Two rows and four columns at a time: each value that is read is used for both rows.
  const w = new Float64Array(8);
  for (let start = 0; start < pixels; start += PIXELS_AT_ONCE) {
    const count = Math.min(PIXELS_AT_ONCE, pixels - start);
    for (let row = 0; row < rows; row += 2) {
      const second = Math.min(row + 1, rows - 1);
      for (let column = 0; column < columns; column += 4) {
        for (let k = 0; k < 4; k += 1) {
          const there = column + k < columns;
          w[k] = there ? weights[row * columns + column + k] : 0;
          w[4 + k] = there && second > row ? weights[second * columns + column + k] : 0;
        }
        const at = (k) => Math.min(column + k, columns - 1) * pixels + start;
        addProducts(sums, row * pixels + start, second * pixels + start, values, at(0), at(1), at(2), at(3), w, count);
      }
    }
  }
  return sums;
}

// The loop that takes most of the time: plain variables, which stay in registers.
function addProducts(sums, first, second, values, a, b, c, d, w, count) {
  const w0 = w[0];
  const w1 = w[1];
  const w2 = w[2];
  const w3 = w[3];
  if (first === second) {
    for (let j = 0; j < count; j += 1) sums[first + j] += w0 * values[a + j] + w1 * values[b + j] + w2 * values[c + j] + w3 * values[d + j];
    return;
  }
  const w4 = w[4];
  const w5 = w[5];
  const w6 = w[6];
  const w7 = w[7];
  for (let j = 0; j < count; j += 1) {
    const v0 = values[a + j];
    const v1 = values[b + j];
    const v2 = values[c + j];
    const v3 = values[d + j];
    sums[first + j] += w0 * v0 + w1 * v1 + w2 * v2 + w3 * v3;
    sums[second + j] += w4 * v0 + w5 * v1 + w6 * v2 + w7 * v3;
  }
}

// weights (rows x columns) as columns x rows: what carries gradients back through the layer.
export function transposedLayer(weights, rows, columns, result = new Float64Array(weights.length)) {
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) result[column * rows + row] = weights[row * columns + column];
  }
  return result;
}

// arriving (rows x pixels) times the transpose of values (columns x pixels): rows x columns, the gradient by the weights.
export function multiplyRows(arriving, rows, values, columns, result) {
  const pixels = arriving.length / rows;
  for (let row = 0; row < rows; row += 1) {
    const from = row * pixels;
    for (let column = 0; column < columns; column += 4) {
      const at = (k) => Math.min(column + k, columns - 1) * pixels;
      const sums = fourProducts(arriving, from, values, at(0), at(1), at(2), at(3), pixels);
      for (let k = 0; k < 4 && column + k < columns; k += 1) result[row * columns + column + k] = sums[k];
    }
  }
  return result;
}

const fourSums = new Float64Array(4);

// One row with four others at a time: each value of it that is read is used four times.
function fourProducts(arriving, from, values, a, b, c, d, pixels) {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < pixels; j += 1) {
    const value = arriving[from + j];
    s0 += value * values[a + j];
    s1 += value * values[b + j];
    s2 += value * values[c + j];
    s3 += value * values[d + j];
  }
  fourSums[0] = s0;
  fourSums[1] = s1;
  fourSums[2] = s2;
  fourSums[3] = s3;
  return fourSums;
}

// Mean, deviation and greatest size of each unit over the pixels.
export function layerMoments(z, units) {
  const pixels = z.length / units;
  const [mean, deviation, most] = [new Float64Array(units), new Float64Array(units), new Float64Array(units)];
  for (let u = 0; u < units; u += 1) {
    const first = z[u * pixels]; // taken away first: squares of small differences keep their digits
    let sum = 0;
    let squares = 0;
    let low = first;
    let high = first;
    for (let i = u * pixels; i < (u + 1) * pixels; i += 1) {
      const off = z[i] - first;
      sum += off;
      squares += off * off;
      if (z[i] < low) low = z[i];
      if (z[i] > high) high = z[i];
    }
    mean[u] = first + sum / pixels;
    deviation[u] = Math.sqrt(Math.max(0, squares / pixels - (sum / pixels) ** 2));
    most[u] = Math.max(-low, high);
  }
  return { mean, deviation, most };
}

// scale * z + bias, unit by unit, in place.
export function scaleLayer(z, units, scale, bias) {
  const pixels = z.length / units;
  for (let u = 0; u < units; u += 1) {
    const factor = scale[u];
    const shift = bias[u];
    for (let i = u * pixels; i < (u + 1) * pixels; i += 1) z[i] = factor * z[i] + shift;
  }
  return z;
}

// Arrays one after the other.
export function joinArrays(arrays) {
  const joined = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    joined.set(array, at);
    at += array.length;
  }
  return joined;
}
