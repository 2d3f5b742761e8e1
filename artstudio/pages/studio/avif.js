// The EXIF block of an AVIF file: one of the items that its box of metadata lists (ISO 14496-12, 23008-12).

import { byteText } from "./filebytes.js";

const [AVIF_MOST_BOXES, AVIF_MOST_META] = [4096, 1 << 20];

// A Blob, or null.
export async function avifExif(file) {
  const meta = await avifMeta(file);
  if (!meta) return null;
  const parts = new Map([...avifBoxes(meta, 4)].map(({ kind, view }) => [kind, view]));
  try {
    const place = avifPlace(parts.get("iloc"), avifItem(parts.get("iinf")));
    const { from, to } = place ?? { from: 0, to: 0 };
    const head = await file.view(from, from + 4);
    return to > from + 4 ? file.blob.slice(from + 4 + head.getUint32(0), to) : null;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null; // it ends within a box, or lacks one
    throw error;
  }
}

async function avifMeta(file) {
  for (let at = 0, boxes = 0; boxes < AVIF_MOST_BOXES; boxes += 1) {
    const head = await file.view(at, at + 16);
    if (head.byteLength < 16) return null;
    const { kind, begin, size } = avifHead(head, file.size - at);
    if (kind === "meta") return size <= AVIF_MOST_META ? file.view(at + begin, at + size) : null;
    at += size;
  }
  return null;
}

// Of a box: its kind, where its content begins in it, and its size, at least its head's.
function avifHead(view, left) {
  const kind = byteText(new Uint8Array(view.buffer, view.byteOffset + 4, 4));
  const size = view.getUint32(0);
  if (size === 1 && view.byteLength >= 16) return { kind, begin: 16, size: Math.max(16, Number(view.getBigUint64(8))) };
  return { kind, begin: 8, size: size === 0 ? left : Math.max(8, size) };
}

function* avifBoxes(view, from) {
  for (let at = from; at + 8 <= view.byteLength;) {
    const left = view.byteLength - at;
    const { kind, begin, size } = avifHead(new DataView(view.buffer, view.byteOffset + at, left), left);
    if (begin > left) return;
    yield { kind, view: new DataView(view.buffer, view.byteOffset + at + begin, Math.min(size, left) - begin) };
    at += size;
  }
}

// The number of the item that is EXIF data.
function avifItem(infos) {
  const counted = infos.getUint8(0) === 0 ? 2 : 4;
  for (const { view } of avifBoxes(infos, 4 + counted)) {
    const long = view.getUint8(0) === 3;
    const number = long ? view.getUint32(4) : view.getUint16(4);
    const kind = byteText(new Uint8Array(view.buffer, view.byteOffset + (long ? 10 : 8), 4));
    if (kind === "Exif") return number;
  }
  return null;
}

// Where an item stands in the file, {from, to}; null where it is not there in one piece.
function avifPlace(places, item) {
  const version = places.getUint8(0);
  const [offsets, bases] = [places.getUint8(4), places.getUint8(5)];
  const sizes = { offset: offsets >> 4, length: offsets & 15, base: bases >> 4, index: version ? bases & 15 : 0 };
  let at = 6;
  const take = (size) => {
    let value = 0;
    for (const end = at + size; at < end; at += 1) value = 256 * value + places.getUint8(at);
    return value;
  };
  const wide = version === 2 ? 4 : 2;
  for (let left = take(wide); left > 0; left -= 1) {
    const number = take(wide);
    const method = version ? take(2) & 15 : 0;
    take(2);
    const base = take(sizes.base);
    const extents = take(2);
    for (let i = 0; i < extents; i += 1) {
      take(sizes.index);
      const from = base + take(sizes.offset);
      const to = from + take(sizes.length);
      if (number === item && method === 0 && extents === 1) return { from, to };
    }
  }
  return null;
}
