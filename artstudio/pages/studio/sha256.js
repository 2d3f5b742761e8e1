// SHA-256 (FIPS 180-4) of bytes that come piece by piece, which browsers' own digest does not take.

// The first 32 bits of the fractional parts of roots of the first 64 primes.
const [SHA_ROUNDS, SHA_START] = (() => {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
  return [Int32Array.from(primes, (p) => fraction(Math.cbrt(p))), Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)))];
})();

const turnRight = (x, n) => (x >>> n) | (x << (32 - n));

export class Sha256 {
  constructor() {
    this.state = SHA_START.slice();
    this.block = new Uint8Array(64);
    this.words = new Int32Array(64);
    this.length = 0;
  }

  add(bytes) {
    let at = 0;
    let filled = this.length % 64;
    this.length += bytes.length;
    while (at < bytes.length) {
      const count = Math.min(64 - filled, bytes.length - at);
      if (count === 64) this.mix(bytes, at);
      else {
        this.block.set(bytes.subarray(at, at + count), filled);
        if (filled + count === 64) this.mix(this.block, 0);
      }
      filled = (filled + count) % 64;
      at += count;
    }
    return this;
  }

  mix(bytes, at) {
    const { words, state } = this;
    for (let i = 0, j = at; i < 16; i += 1, j += 4) words[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
    for (let i = 16; i < 64; i += 1) {
      const a = words[i - 15];
      const b = words[i - 2];
      const s0 = turnRight(a, 7) ^ turnRight(a, 18) ^ (a >>> 3);
      const s1 = turnRight(b, 17) ^ turnRight(b, 19) ^ (b >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const s1 = turnRight(e, 6) ^ turnRight(e, 11) ^ turnRight(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + SHA_ROUNDS[i] + words[i]) | 0;
      const s0 = turnRight(a, 2) ^ turnRight(a, 13) ^ turnRight(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  // The digest as 64 hex digits; nothing can be added afterwards.
  hex() {
    const bits = this.length * 8;
    const padding = new Uint8Array(((this.length % 64 < 56 ? 56 : 120) - (this.length % 64)) + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits >>> 0);
    this.add(padding);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
