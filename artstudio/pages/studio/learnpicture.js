// Pictures of one's own to learn: from a file, or drawn by hand.

import { makeDialog } from "./dialogs.js";
import { t } from "./language.js";
import { exNode } from "./nodes.js";
import { clamped } from "./values.js";

const BOARD = 320; // pixels a side, to draw on
const BRUSHES = [12, 28, 60];
const PAPER = "#f6ead2";
const INKS = ["#1d2440", "#c8553d", "#f0b54a", "#2f7f86", "#ffffff", PAPER];

// The middle square of a picture's file as bytes (red, green, blue), `side` pixels a side; null where it is no picture
// that this browser reads.
export async function pictureBytes(blob, side) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    return null;
  }
  const square = Math.min(bitmap.width, bitmap.height);
  const [left, top] = [(bitmap.width - square) / 2, (bitmap.height - square) / 2];
  return smallBytes(bitmap, left, top, square, side);
}

// Halved again and again, so that every pixel counts; transparent parts are white.
function smallBytes(image, left, top, square, side) {
  let size = side;
  while (2 * size < square && size < 1024) size *= 2;
  let canvas = exNode("canvas", { width: size, height: size });
  const draw = (target, source, ...place) => {
    const context = target.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, target.width, target.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(source, ...place, 0, 0, target.width, target.height);
    return context;
  };
  let context = draw(canvas, image, left, top, square, square);
  for (; size > side; size /= 2) {
    const half = exNode("canvas", { width: size / 2, height: size / 2 });
    context = draw(half, canvas, 0, 0, size, size);
    canvas = half;
  }
  return context.getImageData(0, 0, side, side).data.filter((_, i) => i % 4 < 3);
}

// Asks whether to learn a picture; `take(bytes)` is called when it is to be.
export class LearnQuestion {
  constructor(side, take) {
    this.side = side;
    this.canvas = exNode("canvas", { class: "learn-offer", width: side, height: side, role: "img", "aria-label": t("The picture, as small as it is learned") });
    const yes = exNode("button", { type: "button", class: "main", onclick: () => { this.dialog.close(); take(this.bytes); } }, t("Learn it"));
    const no = exNode("button", { type: "button", class: "plain", onclick: () => this.dialog.close() }, t("Cancel"));
    this.dialog = makeDialog(t("Learn this picture?"), this.canvas,
      exNode("p", { class: "hint" }, t("It carries no recipe of artstudio. Networks can learn its middle square, {side} × {side} pixels of it.", { side })),
      exNode("div", { class: "actions" }, no, yes));
  }

  open(bytes) {
    this.bytes = bytes;
    const image = new ImageData(this.side, this.side);
    image.data.fill(255);
    bytes.forEach((value, k) => { image.data[4 * Math.floor(k / 3) + (k % 3)] = value; });
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.dialog.showModal();
  }
}

// A sheet to draw a target on, with mouse, finger or pen, or by the arrow keys and the space bar.
export class DrawingBoard {
  constructor(side, take) {
    this.ink = INKS[0];
    this.brush = BRUSHES[1];
    this.at = { x: BOARD / 2, y: BOARD / 2 };
    this.canvas = exNode("canvas", {
      class: "learn-board", width: BOARD, height: BOARD, tabindex: 0, role: "application", "aria-label": t("Drawing: arrow keys move the brush, the space bar paints"),
      onkeydown: (event) => this.key(event),
    });
    this.cursor = exNode("span", { class: "learn-cursor", "aria-hidden": "true" });
    const paint = (event) => this.line(event.offsetX * (BOARD / this.canvas.clientWidth), event.offsetY * (BOARD / this.canvas.clientHeight));
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.at = { x: event.offsetX * (BOARD / this.canvas.clientWidth), y: event.offsetY * (BOARD / this.canvas.clientHeight) };
      paint(event);
    });
    this.canvas.addEventListener("pointermove", (event) => { if (this.canvas.hasPointerCapture(event.pointerId)) paint(event); });
    this.inks = INKS.map((ink) => exNode("button", { type: "button", class: "learn-ink", "aria-label": t("Colour {colour}", { colour: ink }), onclick: () => { this.ink = ink; this.update(); } }));
    this.inks.forEach((button, i) => button.style.setProperty("--ink-colour", INKS[i]));
    this.brushes = BRUSHES.map((brush, i) => exNode("button", {
      type: "button", class: "chip", onclick: () => { this.brush = brush; this.update(); },
    }, [t("fine"), t("medium"), t("broad")][i]));
    const done = exNode("button", { type: "button", class: "main", onclick: () => { this.dialog.close(); take(smallBytes(this.canvas, 0, 0, BOARD, side)); } }, t("Learn it"));
    const clear = exNode("button", { type: "button", class: "plain", onclick: () => this.clear() }, t("Clear"));
    this.dialog = makeDialog(t("Draw a target"),
      exNode("div", { class: "learn-desk" }, this.canvas, this.cursor),
      exNode("div", { class: "learn-tools" }, exNode("div", { class: "chips", role: "group", "aria-label": t("Colour") }, ...this.inks),
        exNode("div", { class: "chips", role: "group", "aria-label": t("Brush") }, ...this.brushes)),
      exNode("div", { class: "actions" }, clear, done));
    this.clear();
    this.update();
  }

  open() {
    this.dialog.showModal();
    this.canvas.focus();
  }

  clear() {
    const context = this.canvas.getContext("2d");
    context.fillStyle = PAPER;
    context.fillRect(0, 0, BOARD, BOARD);
  }

  line(x, y) {
    const context = this.canvas.getContext("2d");
    Object.assign(context, { strokeStyle: this.ink, lineWidth: this.brush, lineCap: "round" });
    context.beginPath();
    context.moveTo(this.at.x, this.at.y);
    context.lineTo(x, y + 0.01); // a dot is a line, too
    context.stroke();
    this.at = { x, y };
    this.update();
  }

  key(event) {
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], " ": [0, 0] }[event.key] ?? [];
    if (right === undefined) return;
    event.preventDefault();
    const [x, y] = [clamped(this.at.x + 10 * right, 0, BOARD), clamped(this.at.y + 10 * down, 0, BOARD)];
    if (event.key === " " || event.shiftKey) this.line(x, y);
    else this.at = { x, y };
    this.update();
  }

  update() {
    this.inks.forEach((button, i) => button.setAttribute("aria-pressed", String(INKS[i] === this.ink)));
    this.brushes.forEach((button, i) => button.setAttribute("aria-pressed", String(BRUSHES[i] === this.brush)));
    for (const [name, value] of Object.entries({ x: this.at.x / BOARD, y: this.at.y / BOARD, size: this.brush / BOARD })) {
      this.cursor.style.setProperty(`--${name}`, value);
    }
  }
}
