// The recipe among the fields of a TIFF file, or of the EXIF block of another picture, which is one in small.

import { byteText, FileBytes } from "./filebytes.js";
import { PNG_RECIPE } from "./png.js";

const [EXIF_DESCRIPTION, EXIF_FIELDS, EXIF_COMMENT] = [0x010e, 0x8769, 0x9286]; // TIFF 6.0; Exif 2.3, 4.6
const EXIF_NAME = "Exif\0\0"; // before the block in JPEG files; some programs leave it out there, or put it elsewhere
const EXIF_ASCII = "ASCII\0\0\0";
const [EXIF_MOST_FIELDS, EXIF_MOST_TEXT] = [512, 1 << 20];

// The recipe's text, or null. All texts of a picture stand as JSON in the user's comment, in a TIFF file in its description.
export async function exifRecipe(blob) {
  const named = await blob.slice(0, EXIF_NAME.length).text() === EXIF_NAME;
  const fields = new ExifFields(new FileBytes(named ? blob.slice(EXIF_NAME.length) : blob));
  const first = await fields.directory(await fields.start());
  const below = first.has(EXIF_FIELDS) ? await fields.directory(first.get(EXIF_FIELDS).pointer) : new Map();
  const comment = await fields.text(below.get(EXIF_COMMENT));
  if (comment.startsWith(EXIF_ASCII)) return recipeAmong(comment.slice(EXIF_ASCII.length));
  return recipeAmong(await fields.text(first.get(EXIF_DESCRIPTION)));
}

function recipeAmong(text) {
  try {
    const recipe = JSON.parse(text.replace(/\0+$/, ""))?.[PNG_RECIPE];
    return typeof recipe === "string" ? recipe : null;
  } catch {
    return null; // words of another program
  }
}

class ExifFields {
  constructor(file) {
    this.file = file;
  }

  // Reads the head, and says where the first directory is.
  async start() {
    const head = await this.file.view(0, 16);
    if (head.byteLength < 8) return 0;
    this.little = head.getUint16(0) === 0x4949;
    this.word = head.getUint16(2, this.little) === 43 ? 8 : 4; // bytes of an offset: BigTIFF, or the first TIFF
    return head.byteLength < 2 * this.word ? 0 : this.offset(head, this.word);
  }

  offset(view, at) {
    return this.word === 8 ? Number(view.getBigUint64(at, this.little)) : view.getUint32(at, this.little);
  }

  // {number: {size, at, pointer}}: how many bytes a field has, were they text, where they are, and where they may point to.
  async directory(at) {
    const fields = new Map();
    const [counted, entry] = [this.word === 8 ? 8 : 2, 4 + 2 * this.word];
    const table = await this.file.view(at, at + counted + EXIF_MOST_FIELDS * entry);
    if (at === 0 || table.byteLength < counted) return fields;
    const count = counted === 8 ? this.offset(table, 0) : table.getUint16(0, this.little);
    const last = Math.min(count, Math.floor((table.byteLength - counted) / entry));
    for (let i = 0, place = counted; i < last; i += 1, place += entry) {
      const [size, value] = [this.offset(table, place + 4), place + 4 + this.word];
      fields.set(table.getUint16(place, this.little), {
        size, at: size <= this.word ? at + value : this.offset(table, value), pointer: table.getUint32(value, this.little),
      });
    }
    return fields;
  }

  async text(field) {
    if (!field || field.size > EXIF_MOST_TEXT) return "";
    return byteText(await this.file.bytes(field.at, field.at + field.size));
  }
}
