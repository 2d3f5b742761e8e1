// The product of slopes over depth alone, with the activation and the z that it is taken at.

import { ExDepth } from "./depth.js";
import { activationList, findActivation } from "./functions.js";
import { number, t } from "./language.js";
import { exNode, exSet } from "./nodes.js";
import { exStrokes } from "./strokes.js";
import { activationsOf } from "./partaddress.js";

const REACH = 6;

export function mountPart(place, data, address) {
  const functions = activationList(data).filter((fn) => fn.elementwise);
  const state = { name: "sigmoid", z: 1, layers: 10 };
  const depth = new ExDepth({ deep: (layers) => set({ layers }) });
  const choice = exNode("select", { class: "ex-choice", "aria-label": t("Activation"), onchange: () => set({ name: choice.value }) },
    ...functions.map(({ name, label }) => exNode("option", { value: name }, label)));
  const slider = exNode("input", { type: "range", min: -REACH, max: REACH, step: 0.05, "aria-label": "z", oninput: () => set({ z: Number(slider.value) }) });
  const reading = exNode("output", { class: "ex-count" });
  const root = exNode("div", { class: "explorer" }, depth.element);
  const heading = exSet(depth.element.querySelector("h3"), { "aria-level": 2 }); // the first below the page's own
  heading.after(choice, exNode("label", { class: "ex-slide" }, exNode("span", {}, "z"), slider, reading));
  exStrokes(root, data.strokes);
  place.replaceChildren(root);

  function set(changes) {
    Object.assign(state, changes);
    const fn = findActivation(functions, state.name);
    choice.value = fn.name;
    slider.value = state.z;
    reading.textContent = number(state.z);
    exSet(slider, { "aria-valuetext": number(state.z) });
    depth.show([{ fn, slot: 0 }], state.z, state.layers);
  }

  function travel(next) {
    const [name] = activationsOf(next).filter((one) => findActivation(functions, one));
    set(name ? { name } : {});
  }
  travel(address);
  return travel;
}
