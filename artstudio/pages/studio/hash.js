// Raw weights: pcg4d, and from it the very numbers of the Python renderer, bit for bit.

const HASH_ROOT3 = Math.fround(Math.sqrt(3));

// Four uint32 counters to four uint32 values, written to `out`.
export function pcg4d(x, y, z, w, out) {
  let a = (Math.imul(x, 1664525) + 1013904223) | 0;
  let b = (Math.imul(y, 1664525) + 1013904223) | 0;
  let c = (Math.imul(z, 1664525) + 1013904223) | 0;
  let d = (Math.imul(w, 1664525) + 1013904223) | 0;
  for (let round = 0; round < 2; round += 1) {
    if (round) {
      a ^= a >>> 16;
      b ^= b >>> 16;
      c ^= c >>> 16;
      d ^= d >>> 16;
    }
    a = (a + Math.imul(b, d)) | 0;
    b = (b + Math.imul(c, a)) | 0;
    c = (c + Math.imul(a, b)) | 0;
    d = (d + Math.imul(b, c)) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
  return out;
}

// Float32Array (rows x columns.length), row by row, uniform on [-sqrt 3, sqrt 3].
export function rawWeights(seed, layer, rows, columns) {
  const bits = new Uint32Array(4);
  const weights = new Float32Array(rows * columns.length);
  for (let row = 0, i = 0; row < rows; row += 1) {
    for (const column of columns) {
      pcg4d(seed, layer, row, column, bits);
      // Exact in float64 up to the product, which the array rounds to float32 once.
      weights[i] = ((bits[0] >>> 8) * 2 ** -23 - 1) * HASH_ROOT3;
      i += 1;
    }
  }
  return weights;
}

// Float64Array (rows x columns.length), uniform on [0, 1), independent of the raw weights there.
export function uniformDraws(seed, layer, rows, columns) {
  const bits = new Uint32Array(4);
  const draws = new Float64Array(rows * columns.length);
  for (let row = 0, i = 0; row < rows; row += 1) {
    for (const column of columns) {
      draws[i] = (pcg4d(seed, layer, row, column, bits)[1] >>> 8) * 2 ** -24;
      i += 1;
    }
  }
  return draws;
}
