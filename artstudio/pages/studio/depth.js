// Vanishing gradients: the product of one slope over n layers, on a logarithmic scale.

import { exTickText } from "./chart.js";
import { exNumber, exRaised, MASK } from "./formula.js";
import { t } from "./language.js";
import { exNode, exOnResize, exSet, exSvg } from "./nodes.js";

export const EX_DEEPEST = 50;

const EX_DECADES = [1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 72, 96, 144, 192, 240, 320];

export class ExDepth {
  constructor({ deep }) {
    this.svg = exSvg("svg", { class: "ex-chart ex-falling", role: "img" });
    this.output = exNode("output", { class: "ex-product", "aria-live": "off" });
    this.count = exNode("output", { class: "ex-count" });
    this.slider = exNode("input", {
      type: "range", min: 1, max: EX_DEEPEST, step: 1, "aria-label": t("Layers"),
      oninput: () => deep(Number(this.slider.value)),
    });
    this.remark = exNode("p", { class: "ex-remark" });
    this.element = exNode("section", { class: "ex-part ex-depth", tabindex: -1, "aria-label": t("Depth") },
      exNode("h3", {}, t("Depth multiplies slopes")),
      this.output,
      this.svg,
      exNode("label", { class: "ex-slide" }, exNode("span", {}, t("Layers")), this.slider, this.count),
      this.remark);
    exOnResize(this.svg, () => this.draw());
  }

  // `curves` as for the charts; `z` where the slopes are taken; `layers` from 1 to EX_DEEPEST; `masked` hides the product.
  show(curves, z, layers, masked = false) {
    this.shown = { curves, z, layers, masked };
    this.draw();
  }

  draw() {
    if (!this.shown) return;
    const { curves, z, layers, masked } = this.shown;
    const focus = curves[curves.length - 1];
    const slope = focus.fn.slope(z);
    const product = slope ** layers;
    this.slider.value = layers;
    this.count.textContent = layers;
    if (masked) {
      this.output.replaceChildren(MASK);
      this.svg.replaceChildren();
      this.remark.textContent = "";
      exSet(this.output, { "data-value": null });
      exSet(this.svg, { "aria-label": t("hidden until you answer") });
      return;
    }
    const base = exNumber(slope);
    this.output.replaceChildren(
      slope < 0 ? `(${base})` : base, exNode("sup", {}, String(layers)), product === 0 && slope !== 0 ? " < " : " = ",
      exNode("strong", {}, product === 0 && slope !== 0 ? "10⁻³²³" : exNumber(product)));
    this.output.dataset.value = product;
    this.remark.textContent = exDepthWords(slope, product, layers);
    this.paint(curves, z, layers);
  }

  paint(curves, z, layers) {
    const width = this.svg.clientWidth;
    const height = this.svg.clientHeight;
    if (!width || !height) return;
    const em = parseFloat(getComputedStyle(this.svg).fontSize);
    const lines = curves.map(({ fn, slot }) => ({ slot, log: Math.log10(Math.abs(fn.slope(z))) }));
    const finite = lines.map(({ log }) => log).filter(Number.isFinite);
    const reach = (sign) => {
      const most = Math.max(0, ...finite.map((log) => sign * log * layers));
      return most < 1e-9 ? 0 : EX_DECADES.find((decades) => decades >= most) ?? 320;
    };
    let [low, high] = [-reach(-1), reach(1)];
    if (high - low < 1) low = -1;
    const box = { left: 3.6 * em, right: width - 0.8 * em, top: 0.9 * em, bottom: height - 1.8 * em };
    const x = (layer) => box.left + ((box.right - box.left) * (layer - 0.5)) / layers;
    const y = (log) => box.top + ((box.bottom - box.top) * (high - log)) / (high - low);
    const nodes = [];
    const step = Math.max(1, Math.ceil((high - low) / 4));
    for (let power = Math.ceil(low); power <= high; power += 1) {
      if (power % step) continue;
      nodes.push(
        exSvg("line", { class: power ? "ex-rule ex-faint" : "ex-rule", x1: box.left, x2: box.right, y1: y(power), y2: y(power) }),
        exSvg("text", { class: "ex-tick", x: box.left - 0.6 * em, y: y(power) + 0.35 * em, "text-anchor": "end" },
          power ? "10" + exRaised(power) : "1"));
    }
    const every = Math.ceil(layers / Math.max(4, (box.right - box.left) / em / 3));
    for (let layer = 1; layer <= layers; layer += 1) {
      if ((layer - 1) % every && layer !== layers) continue;
      if (layer !== layers && layers - layer < every && layer !== 1) continue;
      nodes.push(exSvg("text", { class: "ex-tick", x: x(layer), y: height - 0.3 * em, "text-anchor": "middle" }, exTickText(layer)));
    }
    lines.forEach(({ slot, log }, i) => nodes.push(...exFall(log, slot, { x, y, low, layers, em, bars: i === lines.length - 1, box })));
    exSet(this.svg, { viewBox: `0 0 ${width} ${height}`, "aria-label": this.remark.textContent });
    this.svg.replaceChildren(...nodes);
  }
}

// One curve's products: bars for the chosen one, a line of dots for the others, a cross where nothing is left.
function exFall(log, slot, { x, y, low, layers, em, bars, box }) {
  const wide = ((box.right - box.left) / layers) * 0.6;
  if (!Number.isFinite(log)) {
    const [cx, cy, r] = [x(1), y(low) - 0.5 * em, 0.32 * em];
    const d = `M${cx - r} ${cy - r}l${2 * r} ${2 * r}M${cx - r} ${cy + r}l${2 * r} ${-2 * r}`;
    return [exSvg("path", { class: `ex-cross ex-line ex-slot-${slot}`, d })];
  }
  const layersUp = Array.from({ length: layers }, (_, i) => i + 1);
  if (bars) {
    return layersUp.map((layer) => {
      const [from, to] = [y(0), y(log * layer)];
      return exSvg("rect", {
        class: `ex-fill ex-slot-${slot}`, x: x(layer) - wide / 2, width: wide,
        y: Math.min(from, to) - (Math.abs(from - to) < 2 ? 1 : 0), height: Math.max(2, Math.abs(from - to)),
      });
    });
  }
  const d = layersUp.map((layer) => `${layer > 1 ? "L" : "M"}${x(layer).toFixed(1)} ${y(log * layer).toFixed(1)}`).join("");
  return [exSvg("path", { class: `ex-thread ex-line ex-slot-${slot}`, d: layers > 1 ? d : `${d}h.01` })];
}

function exDepthWords(slope, product, layers) {
  const size = Math.abs(slope);
  const values = { layers, share: exNumber(Math.abs(product), 2) };
  if (layers === 1) {
    if (size === 0) return t("The slope here is 0: nothing comes back through this layer.");
    if (Math.abs(size - 1) < 1e-9) return t("One layer with a slope of 1 passes the gradient on as it is.");
    if (size > 1) return t("One layer with this slope makes the gradient grow: it explodes.");
    return t("One layer with this slope leaves {share} of the gradient.", values);
  }
  if (size === 0) return t("The slope here is 0: nothing comes back through even one of these layers.");
  if (Math.abs(size - 1) < 1e-9) return t("{layers} layers with a slope of 1 pass the gradient on as it is.", values);
  if (size > 1) return t("{layers} layers with this slope make the gradient grow: it explodes.", values);
  return t("{layers} layers with this slope leave {share} of the gradient.", values);
}
