// The panel's controls. Each has an `element`, and `update(recipe)`, which shows a recipe's value without changing it.

import { number, t } from "./language.js";
import { exNode } from "./nodes.js";
import { clamped, rounded, valueOf } from "./values.js";

let controlCount = 0;

function newId() {
  controlCount += 1;
  return `c${controlCount}`;
}

// A number as slider and as field. The slider covers the useful range, [low, high], the field all that is allowed.
export function numberControl(studio, { name, label, low, high, digits = 0, log = false, unit = "", read, write }) {
  const id = newId();
  const get = read ?? ((recipe) => valueOf(studio.data, recipe, name));
  const { least = low, most = high, barred } = studio.data.fields[name] ?? {};
  // Past a number that is barred lies the next one, on the other side.
  const put = write ?? ((value) => ({ [name]: value === barred ? (shown > barred ? 0 : barred + 1) : value }));
  const toSlider = (value) => (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
  const fromSlider = (place) => rounded(log ? low * (high / low) ** place : low + (high - low) * place, digits);
  const step = log ? 0.002 : 10 ** -digits / (high - low);
  let shown = low;
  const change = (value, moving) => studio.change(put(value), { moving });
  const slider = exNode("input", {
    type: "range", min: 0, max: 1, step: "any", "aria-labelledby": id,
    oninput: () => change(fromSlider(Number(slider.value)), true),
    onchange: () => studio.settle(),
    onkeydown: (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      if (!by) return;
      event.preventDefault();
      const unitStep = log ? 0.02 : Math.max(step, digits ? 0.01 : 0);
      let value = fromSlider(clamped(toSlider(shown) + by * unitStep, 0, 1));
      if (value === shown) value = clamped(rounded(shown + Math.sign(by) * 10 ** -digits, digits), low, high);
      change(value, false);
    },
  });
  const field = exNode("input", {
    type: "number", class: "number", step: "any", min: least, max: most, "aria-label": t("{name}, as a number", { name: label }), inputmode: "decimal",
    onchange: () => {
      const value = field.valueAsNumber;
      if (Number.isFinite(value)) change(clamped(digits ? value : Math.round(value), least, most), false);
      else control.update(studio.recipe);
    },
  });
  const element = exNode("div", { class: "control" },
    exNode("span", { id, class: "label" }, label), slider, field, unit ? exNode("span", { class: "unit", "aria-hidden": "true" }, unit) : null);
  const control = {
    element,
    update(recipe) {
      shown = get(recipe);
      slider.value = clamped(toSlider(shown), 0, 1);
      slider.style.setProperty("--filled", slider.value);
      slider.setAttribute("aria-valuetext", `${number(rounded(shown, 6))}${unit}`);
      if (document.activeElement !== field) field.value = rounded(shown, 6);
    },
  };
  return control;
}

export function choiceControl(studio, { name, label, options, read, write }) {
  const id = newId();
  const get = read ?? ((recipe) => valueOf(studio.data, recipe, name));
  const put = write ?? ((value) => ({ [name]: value }));
  const select = exNode("select", { id, onchange: () => studio.change(put(select.value)) },
    ...options.map(([value, words]) => exNode("option", { value }, words)));
  return {
    element: exNode("div", { class: "control choice" }, exNode("label", { for: id }, label), select),
    update(recipe) {
      select.value = get(recipe);
    },
  };
}

export function switchControl(studio, { name, label, hint = "" }) {
  const box = exNode("input", { type: "checkbox", role: "switch", onchange: () => studio.change({ [name]: box.checked }) });
  return {
    element: exNode("label", { class: "control switch", title: hint || null }, exNode("span", {}, label), box),
    update(recipe) {
      box.checked = valueOf(studio.data, recipe, name);
    },
  };
}

// Several of a list, at least one: buttons that stay pressed. `title` explains each.
export function severalControl(studio, { name, label, options }) {
  const id = newId();
  const toggle = (value) => {
    const now = valueOf(studio.data, studio.recipe, name);
    const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
    if (next.length) studio.change({ [name]: next });
  };
  const buttons = options.map(([value, words]) =>
    exNode("button", { type: "button", class: "chip", title: words, "aria-label": `${value}: ${words}`, "aria-pressed": "false", onclick: () => toggle(value) }, value));
  return {
    element: exNode("div", { class: "control tall" }, exNode("span", { id, class: "label" }, label), exNode("div", { class: "chips", role: "group", "aria-labelledby": id }, ...buttons)),
    update(recipe) {
      const now = valueOf(studio.data, recipe, name);
      options.forEach(([value], i) => buttons[i].setAttribute("aria-pressed", String(now.includes(value))));
    },
  };
}
