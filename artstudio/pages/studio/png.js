// PNG files that say how they were made: a picture of any size, tiled on the GPU, with its recipe.

import { recipeJson } from "./recipe.js";
import { Sha256 } from "./sha256.js";

const PNG_SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
export const PNG_RECIPE = "artstudio:recipe";
const PNG_RENDER = "artstudio:render";
const PNG_BAND = 1 << 20; // pixels that are worked on at a time
const PNG_TILE = 2048;

const PNG_CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

export function pngCrc(bytes) {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i += 1) c = PNG_CRC[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

const asciiBytes = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));

// Length, kind, data, checksum.
function pngChunk(kind, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(asciiBytes(kind), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, pngCrc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

// tEXt where Latin-1 suffices, else iTXt in UTF-8.
function pngText(keyword, value) {
  if (/^[\n\x20-\x7e\xa0-\xff]*$/.test(value)) return pngChunk("tEXt", asciiBytes(`${keyword}\0${value}`));
  const [head, text] = [asciiBytes(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(value.replaceAll("\0", ""))];
  const data = new Uint8Array(head.length + text.length);
  data.set(head);
  data.set(text, head.length);
  return pngChunk("iTXt", data);
}

// What says in which colour space the numbers count.
function spaceChunks(data, recipe) {
  return data.spaces[recipe.gamut].chunks.map(([kind, body]) => pngChunk(kind, Uint8Array.from(atob(body), (c) => c.charCodeAt(0))));
}

// A Blob of a recipe's PNG, width x height, as `artstudio render` writes it: `artstudio info`, `verify` and `render` read
// it. `samples` are those along each side of a pixel; 0 is automatic. `progress(share)` is called from 0 to 1; `signal`
// (an AbortSignal) ends it early, with its reason as the error.
export async function pictureBlob(painter, data, recipe, { width, height, samples = 0, title = "", signal = null }, progress = () => {}) {
  await painter.ready(recipe);
  const deflate = new CompressionStream("deflate");
  const writer = deflate.writable.getWriter();
  const bands = async () => {
    const hash = new Sha256().add(asciiBytes(`uint8 ${height}x${width}x3\n`));
    const rows = Math.max(1, Math.min(PNG_TILE, Math.floor(PNG_BAND / width)));
    const above = new Uint8Array(3 * width);
    for (let y = 0; y < height; y += rows) {
      const band = await pngBand(painter, recipe, { width, height, samples, y, h: Math.min(rows, height - y) }, signal);
      hash.add(band);
      await writer.write(pngFiltered(band, width, above));
      progress(Math.min(1, (y + rows) / height));
    }
    await writer.close();
    return hash.hex();
  };
  const [digest, body] = await Promise.all([
    bands().catch(async (error) => {
      await writer.abort(error);
      throw error;
    }),
    pngBody(deflate.readable),
  ]);
  const head = new Uint8Array(13);
  new DataView(head.buffer).setUint32(0, width);
  new DataView(head.buffer).setUint32(4, height);
  head.set([8, 2, 0, 0, 0], 8);
  const about = `{"pixels":"sha256:${digest}","renderer":${data.renderer},"supersample":${samples}}`;
  const texts = [...(title ? [["Title", title]] : []), ["Software", `artstudio ${data.version}`], [PNG_RECIPE, recipeJson(data, recipe)], [PNG_RENDER, about]];
  const first = [PNG_SIGNATURE, pngChunk("IHDR", head), ...spaceChunks(data, recipe), ...texts.map(([key, value]) => pngText(key, value))];
  return new Blob([...first, ...body, pngChunk("IEND", new Uint8Array(0))], { type: "image/png" });
}

// Compressed pieces as chunks of the image.
async function pngBody(stream) {
  const chunks = [];
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) chunks.push(pngChunk("IDAT", piece.value));
  return chunks;
}

// Rows of a picture, three bytes a pixel, tile by tile; the page can answer in between.
async function pngBand(painter, recipe, { width, height, samples, y, h }, signal) {
  const band = new Uint8Array(3 * width * h);
  for (let x = 0; x < width; x += PNG_TILE) {
    signal?.throwIfAborted();
    const w = Math.min(PNG_TILE, width - x);
    const tile = painter.pixels(recipe, { width, height, x, y, w, h, samples });
    for (let row = 0; row < h; row += 1) {
      let to = 3 * (row * width + x);
      for (let from = 4 * row * w; from < 4 * (row + 1) * w; from += 4, to += 3) {
        band[to] = tile[from];
        band[to + 1] = tile[from + 1];
        band[to + 2] = tile[from + 2];
      }
    }
    await new Promise((resolve) => { setTimeout(resolve); });
  }
  return band;
}

// Each row with the filter's number (2, "up") before it, less the row above; `above` becomes the last row.
function pngFiltered(band, width, above) {
  const line = 3 * width;
  const rows = band.length / line;
  const filtered = new Uint8Array(rows * (line + 1));
  for (let row = 0, to = 0; row < rows; row += 1) {
    filtered[to] = 2;
    to += 1;
    for (let i = 0, from = row * line; i < line; i += 1, from += 1, to += 1) filtered[to] = band[from] - (row ? band[from - line] : above[i]);
  }
  above.set(band.subarray(band.length - line));
  return filtered;
}
