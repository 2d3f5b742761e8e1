// Activation functions as points to draw: f and f' between their breaks, with the limits on both sides of each.

export const EX_SATURATED = 0.1;

const EX_POINTS = 480;

// What is on record, repeated with the period, and the breaks of an own expression, which are looked for.
export function exBreaks(fn, low, high) {
  const found = [];
  for (const b of fn.breaks || []) {
    if (!fn.period) found.push(b);
    else {
      for (let k = Math.ceil((low - b.z) / fn.period); b.z + k * fn.period <= high; k += 1) {
        found.push({ ...b, z: b.z + k * fn.period });
      }
    }
  }
  return found.filter((b) => b.z >= low && b.z <= high).sort((a, b) => a.z - b.z);
}

// Jumps and kinks of a function that has none on record, by closing in on what rises or bends suspiciously.
export function exFindBreaks(f, slope, reach = 12) {
  const h = 1 / 64;
  const places = new Map();
  const close = (low, high, g, least) => {
    for (let i = 0; i < 45; i += 1) {
      const middle = (low + high) / 2;
      if (Math.abs(g(middle) - g(low)) > Math.abs(g(high) - g(middle))) high = middle;
      else low = middle;
    }
    return Math.abs(g(high) - g(low)) > least ? Math.round(((low + high) / 2) * 1e7) / 1e7 + 0 : null;
  };
  for (let i = -reach * 64; i < reach * 64 && places.size < 64; i += 1) {
    const low = i * h + 1e-4;
    const high = low + h;
    for (const [g, kind, least] of [[f, "jump", 1e-3], [slope, "kink", 1e-2]]) {
      if (Math.abs(g(high) - g(low)) <= least) continue;
      const z = close(low, high, g, least);
      if (z !== null && !places.has(z)) places.set(z, { z, kind, value: f(z), slope: slope(z) });
    }
  }
  return [...places.values()].sort((a, b) => a.z - b.z);
}

// {pieces: [{z, f, slope}], breaks, saturated: [[low, high]]}; pieces end a hair before a break.
export function exSample(fn, low, high) {
  const breaks = exBreaks(fn, low, high);
  const inner = breaks.map((b) => b.z).filter((z) => z > low && z < high);
  const edges = [low, ...inner, high];
  const hair = (high - low) * 1e-9;
  const density = Math.max(EX_POINTS, fn.period ? (32 * (high - low)) / fn.period : 0) / (high - low);
  const pieces = [];
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const count = Math.max(3, Math.ceil((edges[i + 1] - edges[i]) * density) + 1);
    const from = edges[i] + (i ? hair : 0);
    const to = edges[i + 1] - (i + 2 < edges.length ? hair : 0);
    const z = Float64Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
    pieces.push({ z, f: z.map(fn.f), slope: z.map(fn.slope) });
  }
  return { pieces, breaks: breaks.map((b) => exSides(fn, b, hair)), saturated: exBelow(pieces) };
}

function exSides(fn, b, hair) {
  const side = (g, value) => ({ left: g(b.z - hair), right: g(b.z + hair), value });
  return { ...b, f: side(fn.f, b.value), slopeSides: side(fn.slope, b.slope) };
}

function exBelow(pieces) {
  const spans = [];
  const add = (low, high) => {
    const last = spans[spans.length - 1];
    if (last && low - last[1] < 1e-6) last[1] = high;
    else if (high > low) spans.push([low, high]);
  };
  for (const { z, slope } of pieces) {
    let start = Math.abs(slope[0]) < EX_SATURATED ? z[0] : null;
    for (let i = 1; i < z.length; i += 1) {
      const before = Math.abs(slope[i - 1]) - EX_SATURATED;
      const now = Math.abs(slope[i]) - EX_SATURATED;
      if (before < 0 === now < 0) continue;
      const crossing = z[i - 1] + ((z[i] - z[i - 1]) * before) / (before - now);
      if (now >= 0) add(start, crossing);
      start = now < 0 ? crossing : null;
    }
    if (start !== null) add(start, z[z.length - 1]);
  }
  return spans;
}
