// The canvas that is painted live: first as large as the machine manages at once, then finer, strip by strip.

import { t } from "./language.js";
import { canvasIn, imageOf, spaceOf } from "./space.js";
import { clamped } from "./values.js";

const MOVING_BUDGET = 40; // milliseconds a picture may take while something moves
const STILL_BUDGET = 150; // and when it has come to rest
const PIECE_BUDGET = 60; // and each strip of a slow one, so that the page stays awake between them
const REST = 160; // milliseconds without a change until it has come to rest
const SMALLEST = 64 * 64; // pixels
const FIRST_PIXELS = 240 * 150; // of the first picture of all, before it is known how fast this machine is
const MOST_DENSE = 2; // canvas pixels per CSS pixel: finer than this nobody sees
const LARGEST = 3840 * 2160;

export class Stage {
  // `fine` is a second canvas over the first, for the strips. `scene()` gives what to paint: {recipe, other, divider}.
  // `report(problem)` gets a line of text, or "" when all is well.
  constructor(canvas, fine, painter, scene, report) {
    Object.assign(this, { canvas, fine, painter, scene, report });
    this.costs = []; // milliseconds per unit of work, of the last pictures
    this.due = null; // "moving" or "still" when another picture is wanted
    this.busy = false;
    this.lost = false;
    this.turn = 0;
    canvas.addEventListener("webglcontextlost", (event) => this.lose(event));
    painter.onrestored = () => this.restore();
    new ResizeObserver(() => this.ask()).observe(canvas.parentElement);
  }

  // Wants a new picture; `moving` when more will follow soon.
  ask(moving = false) {
    clearTimeout(this.resting);
    if (moving) this.resting = setTimeout(() => this.ask(), REST);
    this.turn += 1;
    this.due = moving ? "moving" : "still";
    this.canvas.dataset.shown = "coming";
    if (!this.busy) this.next();
  }

  next() {
    if (this.lost || !this.due) return;
    const due = this.due;
    this.due = null;
    this.busy = true;
    requestAnimationFrame(() => this.paint(due));
  }

  async paint(due) {
    const scene = this.scene();
    const { recipe, other, divider } = scene;
    let began = 0;
    let size = null;
    try {
      await this.painter.ready(recipe);
      if (other) await this.painter.ready(other);
      size = this.size(recipe, due === "moving" ? MOVING_BUDGET : STILL_BUDGET);
      began = performance.now();
      this.painter.paint(recipe, { ...size, other, divider });
      this.fine.hidden = true;
      this.report("");
    } catch (error) {
      this.report(error.message);
    }
    this.finish(() => {
      if (size) this.costs = [...this.costs, (performance.now() - began) / (size.width * size.height * workOf(recipe) * (other ? 2 : 1))].slice(-4);
      this.busy = false;
      if (this.due) this.next();
      else if (due === "moving") this.canvas.dataset.shown = "moving";
      else this.refine(scene, size);
    });
  }

  // Calls `then` when the graphics card has done all that was asked of it: only so is known how long it took.
  finish(then) {
    const gl = this.canvas.getContext("webgl2");
    const fence = gl && !gl.isContextLost() ? gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0) : null;
    if (!fence) {
      requestAnimationFrame(then);
      return;
    }
    gl.flush();
    const look = () => {
      const status = this.lost ? gl.CONDITION_SATISFIED : gl.clientWaitSync(fence, 0, 0);
      if (status === gl.TIMEOUT_EXPIRED) setTimeout(look, 2);
      else {
        gl.deleteSync(fence);
        then();
      }
    };
    setTimeout(look, 0);
  }

  // The canvas's size in pixels for a picture within a budget of milliseconds.
  size(recipe, budget) {
    const full = this.fullSize();
    const most = this.costs.length ? clamped(budget / this.cost(recipe), SMALLEST, LARGEST) : FIRST_PIXELS;
    if (!this.costs.length) this.due ??= "still"; // now only to see how fast this machine is
    const scale = Math.min(1, Math.sqrt(most / (full.width * full.height)));
    return { width: Math.max(1, Math.round(full.width * scale)), height: Math.max(1, Math.round(full.height * scale)) };
  }

  // Milliseconds a pixel: the best of the last few, since one may have been held up by something else.
  cost(recipe) {
    return Math.min(...this.costs) * workOf(recipe);
  }

  fullSize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    const dense = Math.min(devicePixelRatio || 1, MOST_DENSE, Math.sqrt(LARGEST / Math.max(1, box.width * box.height)));
    return { width: Math.max(1, Math.round(box.width * dense)), height: Math.max(1, Math.round(box.height * dense)) };
  }

  // The picture at its full size, in strips that each take a moment, unless it is there already.
  async refine({ recipe, other, divider }, size) {
    const full = this.fullSize();
    if (!size || size.width >= full.width) {
      this.canvas.dataset.shown = "still";
      return;
    }
    this.canvas.dataset.shown = "rough";
    const { turn } = this;
    this.fine = canvasIn(this.fine, spaceOf(this.painter.data, recipe));
    const { fine } = this;
    const split = other ? Math.round(full.width * divider) : full.width;
    Object.assign(fine, full);
    fine.hidden = false;
    const context = fine.getContext("2d");
    let perRow = full.width * this.cost(recipe);
    for (let y = 0; y < full.height;) {
      await new Promise((next) => { setTimeout(next, 0); });
      if (turn !== this.turn || this.lost) return;
      const h = Math.min(full.height - y, Math.max(1, Math.round(PIECE_BUDGET / perRow)));
      const began = performance.now();
      try {
        if (split > 0) this.strip(context, recipe, { ...full, x: 0, y, w: split, h });
        if (split < full.width) this.strip(context, other, { ...full, x: split, y, w: full.width - split, h });
      } catch (error) {
        this.report(error.message);
        return;
      }
      perRow = (performance.now() - began) / h;
      y += h;
    }
    this.canvas.dataset.shown = "still";
  }

  strip(context, recipe, area) {
    const bytes = this.painter.pixels(recipe, { ...area, samples: 1 });
    context.putImageData(imageOf(this.painter.data, recipe, bytes, area.w, area.h), area.x, area.y);
  }

  lose(event) {
    event.preventDefault(); // only then the browser gives the context back
    this.lost = true;
    this.report(t("The graphics card was taken away; waiting for it to come back."));
  }

  restore() {
    this.lost = false;
    this.busy = false;
    this.costs = [];
    this.report("");
    this.ask();
  }
}

// Roughly the multiplications of a pixel; only its proportions matter.
function workOf({ units, depth, features }) {
  return units * (units * (depth - 1) + 4 * depth + 2 * features.length) + 64;
}
