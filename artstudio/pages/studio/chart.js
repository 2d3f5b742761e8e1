// One panel of the explorer: curves of f or of f' over z, with a point that can be dragged.

import { exRaised } from "./formula.js";
import { number, t } from "./language.js";
import { exNode, exSet, exSvg } from "./nodes.js";

const EX_TALLEST = 8;

// Round numbers within [low, high], about `count` of them.
export function exTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) ticks.push(k * step);
  return ticks;
}

export function exTickText(value) {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e5)) {
    return "10" + exRaised(Math.round(Math.log10(Math.abs(value))));
  }
  return number(Number(value.toFixed(4)));
}

// Labels' ends {y} in order, each with the height `at` which its label is put: `gap` from the next, above `lowest`.
export function exApart(ends, gap, highest, lowest) {
  const placed = [...ends].sort((a, b) => a.y - b.y).map((end) => ({ ...end, at: Math.max(end.y, highest) }));
  placed.forEach((end, i) => { if (i) end.at = Math.max(end.at, placed[i - 1].at + gap); });
  for (let i = placed.length - 1; i >= 0; i -= 1) placed[i].at = Math.min(placed[i].at, i + 1 < placed.length ? placed[i + 1].at - gap : lowest);
  return placed;
}

// `kind` is "f" or "slope"; `title` are nodes; `drag(z)` is called while the point is moved, `key(event)` for keys.
export class ExChart {
  constructor(kind, title, { drag, key }) {
    this.kind = kind;
    this.drag = drag;
    this.back = exSvg("g");
    this.plot = exSvg("svg", { overflow: "hidden" });
    this.front = exSvg("g");
    const label = kind === "f" ? t("f over z") : t("f′ over z");
    this.svg = exSvg("svg", { class: "ex-chart", role: "group", "aria-label": label }, this.back, this.plot, this.front);
    this.element = exNode("figure", { class: "ex-panel" }, exNode("figcaption", {}, ...title), this.svg);
    this.handle = exSvg("circle", {
      class: "ex-handle", role: "slider", tabindex: 0, "aria-orientation": "horizontal", onkeydown: key,
      "aria-label": kind === "f" ? t("Point on the curve of f") : t("Point on the curve of f′"),
    });
    this.svg.addEventListener("pointerdown", (event) => this.grab(event));
    this.svg.addEventListener("pointermove", (event) => {
      if (this.svg.hasPointerCapture(event.pointerId)) this.move(event);
    });
  }

  grab(event) {
    if (event.button !== 0 || !this.box) return;
    this.svg.setPointerCapture(event.pointerId);
    event.preventDefault(); // no selection of text while dragging
    this.handle.focus({ preventScroll: true });
    this.move(event);
  }

  move(event) {
    const { left, width } = this.box;
    const share = (event.clientX - this.svg.getBoundingClientRect().left - left) / width;
    const z = this.low + Math.min(1, Math.max(0, share)) * (this.high - this.low);
    this.drag(Math.round(z * 100) / 100 + 0);
  }

  x(z) {
    return ((z - this.low) / (this.high - this.low)) * this.box.width;
  }

  // Far outside of the panel, where there is no number.
  y(value) {
    if (Number.isNaN(value)) return 1e4;
    const y = ((this.top - value) / (this.top - this.bottom)) * this.box.height;
    return Math.min(1e4, Math.max(-1e4, y));
  }

  // `curves`: [{fn, samples, slot, label}], the chosen one last; all that does not move with z.
  layOut(curves, low, high) {
    const width = this.svg.clientWidth;
    const height = this.svg.clientHeight;
    if (!width || !height) return;
    Object.assign(this, { curves, low, high });
    const em = parseFloat(getComputedStyle(this.svg).fontSize);
    this.em = em;
    const bars = curves.length > 1 ? curves.length * 0.5 + 0.4 : 0;
    const named = curves.length > 1 && curves.length <= 5 && width > 30 * em;
    const longest = Math.max(...curves.map((curve) => curve.label.length));
    const right = named ? Math.min(11.6, 1.6 + longest * 0.62) : 0.9;
    this.box = { left: 3.1 * em, top: 0.8 * em, width: width - (3.1 + right) * em, height: 0 };
    this.box.height = height - this.box.top - (bars + 1.9) * em;
    this.fit();
    exSet(this.svg, { viewBox: `0 0 ${width} ${height}` });
    exSet(this.plot, { x: this.box.left, y: this.box.top, width: this.box.width, height: this.box.height });
    this.back.replaceChildren(...this.axes(), ...this.bars());
    const focus = curves[curves.length - 1];
    this.moving = exSvg("g");
    this.plot.replaceChildren(
      ...this.shade(focus), ...this.limits(focus), ...curves.map((curve) => this.curve(curve)),
      ...curves.flatMap((curve) => this.tears(curve)), this.moving,
    );
    this.front.replaceChildren(...(named ? this.names() : []));
  }

  fit() {
    let low = 0;
    let high = 0;
    const beyond = this.kind === "f" ? Math.max(1.25, this.high) : EX_TALLEST;
    for (const { samples } of this.curves) {
      for (const piece of samples.pieces) {
        for (const value of piece[this.kind]) {
          if (value < low) low = value;
          if (value > high) high = value;
        }
      }
    }
    [low, high] = [Math.max(low, -beyond), Math.min(high, beyond)];
    if (high - low < 1e-6) high = 1;
    const air = 0.08 * (high - low);
    this.bottom = low - air;
    this.top = high + air;
  }

  axes() {
    const { left, top, width, height } = this.box;
    const nodes = [];
    const line = (x1, y1, x2, y2) => nodes.push(exSvg("line", { class: "ex-rule", x1, y1, x2, y2 }));
    line(left, top + this.y(0), left + width, top + this.y(0));
    line(left + this.x(0), top, left + this.x(0), top + height);
    for (const value of exTicks(this.bottom, this.top, Math.max(2, Math.min(5, height / this.em / 3)))) {
      const y = top + this.y(value) + 0.35 * this.em;
      nodes.push(exSvg("text", { class: "ex-tick", x: left - 0.7 * this.em, y, "text-anchor": "end" }, exTickText(value)));
    }
    const y = top + height + (this.curves.length > 1 ? this.curves.length * 0.5 + 0.4 : 0) * this.em + 1.5 * this.em;
    for (const value of exTicks(this.low, this.high, Math.min(8, width / this.em / 3.5))) {
      nodes.push(exSvg("text", { class: "ex-tick", x: left + this.x(value), y, "text-anchor": "middle" }, exTickText(value)));
    }
    return nodes;
  }

  // Where each of several curves is saturated, as the printed plots have it: a bar in its colour.
  bars() {
    if (this.curves.length < 2) return [];
    return this.curves.flatMap(({ samples, slot }, i) => samples.saturated.map(([low, high]) => exSvg("rect", {
      class: `ex-fill ex-slot-${slot}`, x: this.box.left + this.x(low), width: this.x(high) - this.x(low),
      y: this.box.top + this.box.height + (0.5 + 0.5 * i) * this.em, height: 0.28 * this.em,
    })));
  }

  shade({ samples }) {
    return samples.saturated.map(([low, high]) => exSvg("rect", {
      class: "ex-shade", x: this.x(low), width: this.x(high) - this.x(low), y: 0, height: this.box.height,
    }));
  }

  // The finite limits that f comes near without reaching them.
  limits({ fn }) {
    if (this.kind !== "f") return [];
    const ends = new Set();
    for (const side of [-1, 1]) {
      const far = fn.f(side * 1e4);
      const end = [0, ...(fn.range || [])].find((value) => value !== null && Math.abs(value - far) < 2e-3);
      if (end !== undefined && fn.f(side * 8) !== end && Math.abs(fn.f(side * 2e4) - end) < 2e-3) ends.add(end);
    }
    return [...ends].map((end) => exSvg("line", {
      class: "ex-limit", x1: 0, x2: this.box.width, y1: this.y(end), y2: this.y(end),
    }));
  }

  curve({ samples, slot }) {
    let d = "";
    for (const piece of samples.pieces) {
      let pen = "M";
      piece.z.forEach((z, i) => {
        const value = piece[this.kind][i];
        if (Number.isFinite(value)) d += `${pen}${this.x(z).toFixed(2)} ${this.y(value).toFixed(2)}`;
        pen = Number.isFinite(value) ? "L" : "M";
      });
    }
    return exSvg("path", { class: `ex-curve ex-line ex-slot-${slot}`, d });
  }

  // At a jump a filled dot where the value is and open ones at the limits; at a kink a short mark.
  tears({ samples, slot }) {
    const r = 0.33 * this.em;
    const nodes = [];
    for (const b of samples.breaks) {
      const { left, right, value } = this.kind === "f" ? b.f : b.slopeSides;
      const torn = [left, right].filter((side) => Math.abs(side - value) > 1e-4);
      const cx = this.x(b.z);
      for (const side of new Set(torn)) {
        nodes.push(exSvg("circle", { class: `ex-open ex-line ex-slot-${slot}`, cx, cy: this.y(side), r }));
      }
      if (torn.length) nodes.push(exSvg("circle", { class: `ex-fill ex-slot-${slot}`, cx, cy: this.y(value), r }));
      else if (this.kind === "f" && b.kind === "kink") {
        const [y1, y2] = [this.y(value) - 0.55 * this.em, this.y(value) + 0.55 * this.em];
        nodes.push(exSvg("line", { class: `ex-kink ex-line ex-slot-${slot}`, x1: cx, x2: cx, y1, y2 }));
      }
    }
    return nodes;
  }

  // Names at the right ends, moved apart where they would touch.
  names() {
    const { left, top, width, height } = this.box;
    const gap = 1.35 * this.em;
    const ends = this.curves.map(({ samples, slot, label }) => {
      const last = samples.pieces[samples.pieces.length - 1];
      const value = last[this.kind][last.z.length - 1];
      const y = Math.min(height, Math.max(0, this.y(value)));
      return { y, slot, label };
    });
    return exApart(ends, gap, 0, height + 0.4 * this.em).flatMap(({ y, at, slot, label }) => [
      exSvg("path", {
        class: `ex-lead ex-line ex-slot-${slot}`, d: `M${left + width + 3} ${top + y}L${left + width + 0.9 * this.em} ${top + at}`,
      }),
      exSvg("text", {
        class: `ex-name ex-text ex-slot-${slot}`, x: left + width + 1.1 * this.em, y: top + at + 0.35 * this.em,
      }, label),
    ]);
  }

  // All that moves with z: a line at z, a dot on each curve, the tangent, and the pre-activations `ticks`.
  point(z, ticks) {
    if (!this.box) return;
    const focus = this.curves[this.curves.length - 1];
    const x = this.x(z);
    const nodes = [exSvg("line", { class: "ex-now", x1: x, x2: x, y1: 0, y2: this.box.height })];
    if (ticks) nodes.push(...this.cloud(focus, ticks));
    for (const { fn, slot } of this.curves.slice(0, -1)) {
      const value = this.kind === "f" ? fn.f(z) : fn.slope(z);
      nodes.push(exSvg("circle", { class: `ex-dot ex-fill ex-slot-${slot}`, cx: x, cy: this.y(value), r: 0.36 * this.em }));
    }
    const value = this.kind === "f" ? focus.fn.f(z) : focus.fn.slope(z);
    if (this.kind === "f") nodes.push(this.tangent(focus.fn, z, value));
    this.moving.replaceChildren(...nodes);
    const shown = Number.isNaN(value) ? 0 : Math.min(this.top, Math.max(this.bottom, value));
    exSet(this.handle, {
      class: `ex-handle ex-fill ex-slot-${focus.slot}${shown === value ? "" : " ex-beyond"}`,
      cx: this.box.left + x, cy: this.box.top + this.y(shown), r: 0.62 * this.em,
    });
    if (this.handle.parentNode !== this.svg) this.svg.append(this.handle); // once: moving it would take its focus
  }

  tangent(fn, z, value) {
    const slope = fn.slope(z);
    if (!Number.isFinite(slope) || !Number.isFinite(value)) return exSvg("g");
    const rise = (-slope * this.box.height * (this.high - this.low)) / ((this.top - this.bottom) * this.box.width);
    const run = (5.5 * this.em) / Math.hypot(1, rise);
    const [x, y] = [this.x(z), this.y(value)];
    return exSvg("line", {
      class: "ex-tangent", x1: x - run, y1: y - run * rise, x2: x + run, y2: y + run * rise,
    });
  }

  // The pre-activations of one pixel: ticks on the z axis, and a dot each on the chosen curve.
  cloud({ fn, slot }, ticks) {
    const inside = [...ticks].filter((z) => z >= this.low && z <= this.high);
    const foot = this.box.height;
    const marks = inside.map((z) => `M${this.x(z).toFixed(1)} ${foot}v${-0.8 * this.em}`).join("");
    const dots = inside.map((z) => {
      const value = this.kind === "f" ? fn.f(z) : fn.slope(z);
      return `M${this.x(z).toFixed(1)} ${this.y(value).toFixed(1)}h.01`;
    }).join("");
    return [
      exSvg("path", { class: "ex-marks", d: marks }),
      exSvg("path", { class: `ex-cloud ex-line ex-slot-${slot}`, d: dots }),
    ];
  }
}
