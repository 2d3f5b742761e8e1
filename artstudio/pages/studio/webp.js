// The EXIF block of a WebP file: one of its chunks.

import { byteText } from "./filebytes.js";

const WEBP_MOST_CHUNKS = 1 << 16;

// A Blob, or null.
export async function webpExif(file) {
  for (let at = 12, chunks = 0; chunks < WEBP_MOST_CHUNKS; chunks += 1) {
    const head = await file.view(at, at + 8);
    if (head.byteLength < 8) return null;
    const [kind, length] = [byteText(new Uint8Array(head.buffer, head.byteOffset, 4)), head.getUint32(4, true)];
    if (kind === "EXIF") return file.blob.slice(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return null;
}
