// The recipe that a picture's file carries, in any format that artstudio writes.

import { avifExif } from "./avif.js";
import { exifRecipe } from "./exif.js";
import { byteText, FileBytes } from "./filebytes.js";
import { jpegExif } from "./jpeg.js";
import { t } from "./language.js";
import { pngRecipe } from "./pngtext.js";
import { clipText } from "./syntax.js";
import { webpExif } from "./webp.js";

const inExif = (find) => async (file) => {
  const block = await find(file);
  return block && exifRecipe(block);
};

// How files begin, and what reads the recipe's text out of one: null where it carries none.
const PICTURE_READERS = [
  [/^\x89PNG\r\n\x1a\n/, pngRecipe],
  [/^\xff\xd8\xff/, inExif(jpegExif)],
  [/^RIFF.{4}WEBP/s, inExif(webpExif)],
  [/^.{4}ftyp/s, inExif(avifExif)],
  [/^(?:II[*+]\0|MM\0[*+])/, (file) => exifRecipe(file.blob)],
];

// The recipe in a file, as the object that stands in it (`checkRecipe` checks it). The pixels are not looked at. Throws
// an Error of one line for any other file, which says whether there is a recipe, `hasRecipe`, that cannot be read.
export async function readRecipe(blob) {
  let text = null;
  try {
    const file = new FileBytes(blob);
    const start = byteText(await file.bytes(0, 16));
    const [, read] = PICTURE_READERS.find(([begin]) => begin.test(start)) ?? [];
    if (!read) throw new Error(t("expected a PNG, JPEG, WebP, AVIF or TIFF file made by artstudio, found something else"));
    text = await read(file);
    if (text === null) throw new Error(t("expected a picture made by artstudio, found one without a recipe"));
    return recipeObject(text);
  } catch (error) {
    const words = error instanceof DOMException ? t("the file cannot be read") : error.message;
    throw Object.assign(new Error(`${clipText(blob.name ?? "picture", 40)}: ${words}`), { hasRecipe: text !== null });
  }
}

function recipeObject(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(t("recipe: not valid JSON ({reason})", { reason: clipText(error.message) }));
  }
}
