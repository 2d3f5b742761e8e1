// Bytes of a file, read where they are needed and no further.

const FILE_BLOCK = 1 << 16;

export class FileBytes {
  constructor(blob) {
    Object.assign(this, { blob, size: blob.size, from: 0, block: new Uint8Array(0) });
  }

  // A DataView of the bytes from `from` up to `to`; shorter where the file ends before.
  async view(from, to) {
    const [start, end] = [Math.min(from, this.size), Math.min(to, this.size)];
    if (start < this.from || end > this.from + this.block.length) {
      this.block = new Uint8Array(await this.blob.slice(start, Math.max(end, start + FILE_BLOCK)).arrayBuffer());
      this.from = start;
    }
    return new DataView(this.block.buffer, start - this.from, end - start);
  }

  async bytes(from, to) {
    const view = await this.view(from, to);
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  }
}

// Latin-1, a character for each byte. (A TextDecoder of that name reads Windows-1252.)
export function byteText(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
