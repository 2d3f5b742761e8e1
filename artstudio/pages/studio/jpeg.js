// The EXIF block of a JPEG file: in one of the segments before the image.

import { byteText } from "./filebytes.js";

const [JPEG_EXIF, JPEG_SCAN, JPEG_FILL, JPEG_MOST] = [0xe1, 0xda, 0xff, 4096];

// A Blob, or null.
export async function jpegExif(file) {
  for (let at = 2, segments = 0; segments < JPEG_MOST; segments += 1) {
    const head = await file.view(at, at + 8);
    if (head.byteLength < 8 || head.getUint8(0) !== JPEG_FILL) return null;
    const marker = head.getUint8(1);
    const end = at + 2 + head.getUint16(2);
    if (marker === JPEG_SCAN) return null;
    const begins = byteText(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
    if (marker === JPEG_EXIF && /^(?:Exif|II\*\0|MM\0\*)$/.test(begins)) return file.blob.slice(at + 4, end);
    at = marker === JPEG_FILL ? at + 1 : end;
  }
  return null;
}
