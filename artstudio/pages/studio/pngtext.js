// The recipe in a PNG file's texts: plain or compressed, before the image or behind it, or in its EXIF block.

import { exifRecipe } from "./exif.js";
import { byteText } from "./filebytes.js";
import { t } from "./language.js";
import { PNG_RECIPE, pngCrc } from "./png.js";

const PNG_MOST_CHUNKS = 1 << 20; // a picture of a gigabyte has an eighth of them
const PNG_MOST_TEXT = 256 << 10; // bytes, before and after it is inflated

const PNG_PIECE = 1024;

// The recipe's text, or null. Nothing is read behind the image where it stands before. Throws an Error of one line.
export async function pngRecipe(file) {
  let found = null;
  for (let at = 8, chunks = 0; chunks < PNG_MOST_CHUNKS; chunks += 1) {
    const head = await file.view(at, at + 8);
    if (head.byteLength < 8) throw new Error(t("a damaged PNG file (it ends at byte {place}, within its chunks)", { place: file.size }));
    const length = head.getUint32(0);
    const kind = byteText(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
    if (kind === "IEND" || (kind === "IDAT" && found !== null)) return found;
    if (/^(?:tEXt|zTXt|iTXt|eXIf)$/.test(kind) && length <= PNG_MOST_TEXT) {
      const bytes = await file.bytes(at + 4, at + 12 + length);
      if (bytes.length < 8 + length || pngCrc(bytes.subarray(0, -4)) !== new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 + length)) {
        throw new Error(t("a damaged PNG file (wrong checksum in the {kind} chunk at byte {place})", { kind, place: at }));
      }
      found = await recipeInChunk(kind, bytes.slice(4, -4)) ?? found;
    }
    at += 12 + length;
  }
  throw new Error(t("a damaged PNG file (it has too many chunks)"));
}

// Keyword, 0, and then: the text (tEXt); a method and the text (zTXt); a flag, a method, two texts that end in 0, and the
// text (iTXt).
async function recipeInChunk(kind, data) {
  if (kind === "eXIf") return exifRecipe(new Blob([data]));
  const end = data.indexOf(0);
  if (end < 0 || byteText(data.subarray(0, end)) !== PNG_RECIPE) return null;
  if (kind === "tEXt") return byteText(data.subarray(end + 1));
  if (kind === "zTXt") return byteText(await inflatedText(data.subarray(end + 2)));
  const translated = data.indexOf(0, data.indexOf(0, end + 3) + 1);
  const text = data.subarray(translated + 1);
  return new TextDecoder().decode(data[end + 1] ? await inflatedText(text) : text);
}

// In small pieces: of each, the browser inflates all before it asks whether anyone wants it.
async function inflatedText(data) {
  let at = 0;
  const source = new ReadableStream({
    pull(controller) {
      controller.enqueue(data.slice(at, at + PNG_PIECE));
      at += PNG_PIECE;
      if (at >= data.length) controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream("deflate")).getReader();
  const pieces = [];
  let size = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      size += piece.value.length;
      if (size > PNG_MOST_TEXT) break;
      pieces.push(piece.value);
    }
  } catch {
    throw new Error(t("a damaged PNG file (its recipe cannot be inflated)"));
  }
  if (size <= PNG_MOST_TEXT) return new Uint8Array(await new Blob(pieces).arrayBuffer());
  await reader.cancel();
  throw new Error(t("expected a recipe of at most {most} bytes, found a longer one", { most: PNG_MOST_TEXT }));
}
