// The controls of learn mode: what is learned, by which activations, and how.

import { choiceControl, numberControl } from "./controls.js";
import { activationList } from "./functions.js";
import { t } from "./language.js";
import { paintTarget } from "./learnfield.js";
import { learningTarget } from "./learntarget.js";
import { targetNames } from "./learnsettings.js";
import { exIcon, exNode } from "./nodes.js";
import { labelOf } from "./values.js";

const PENCIL = "M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3";
const FOLDER = "M4 6h6l2 2.500h8V19H4zM12 16v-5M9.500 13.500L12 11l2.500 2.500";

export class LearnControls {
  // `learn` has {data, recipe, change(changes, options), settle()} as the other controls want them: its recipe is the
  // settings.
  constructor(learn, { draw, choose, pace }) {
    this.learn = learn;
    const { data } = learn;
    const { learning } = data;
    const number = (name, label, digits, log = false) => {
      const [low, high] = learning.limits[name];
      return numberControl(learn, { name, label, low, high, digits, log, read: (settings) => settings[name], write: (value) => ({ [name]: value }) });
    };
    const choice = (name, label, options) => choiceControl(learn, { name, label, options, read: (settings) => settings[name] });
    this.targets = targetNames(data).map((name) => [name, this.targetButton(name)]);
    const tool = (words, icon, onclick) => exNode("button", { type: "button", class: "learn-target", title: words, "aria-label": words, onclick }, exIcon(icon));
    this.own = tool(t("Draw a target"), PENCIL, draw);
    const file = exNode("input", { type: "file", accept: "image/*", hidden: true, onchange: () => { choose(file.files[0]); file.value = ""; } });
    this.add = exNode("select", { "aria-label": t("Add an activation"), onchange: () => this.addActivation() });
    this.separate = exNode("input", { type: "checkbox", role: "switch", onchange: () => this.separateRates(this.separate.checked) });
    this.controls = [
      number("rate", t("Learning rate"), 4, true),
      choice("optimiser", t("Optimiser"), learning.optimisers.map((name) => [name, optimiserLabel(name)])),
      choice("init", t("Start"), learning.inits.map((name) => [name, initWords(learning, name)])),
      number("units", t("Units"), 0),
      number("depth", t("Hidden layers"), 0),
    ];
    const [rate, ...others] = this.controls.map(({ element }) => element);
    this.element = exNode("div", { class: "learn-controls" },
      exNode("h3", {}, t("Target")),
      exNode("div", { class: "learn-targets", role: "group", "aria-label": t("Target") }, ...this.targets.map(([, button]) => button), this.own,
        tool(t("Open a picture to learn"), FOLDER, () => file.click()), file),
      exNode("h3", {}, t("Activations")), this.add,
      exNode("h3", {}, t("Training")), rate,
      exNode("label", { class: "control switch" }, exNode("span", {}, t("Each its own rate")), this.separate), ...others,
      exNode("div", { class: "control choice" }, exNode("label", { for: pace.id }, t("Pace")), pace));
  }

  targetButton(name) {
    const canvas = exNode("canvas", { "aria-hidden": "true" });
    paintTarget(canvas, learningTarget(this.learn.data, name), this.learn.data.learning.classes, 96, 2.2);
    const words = targetWords(name);
    return exNode("button", { type: "button", class: "learn-target", title: words, "aria-label": words, onclick: () => this.learn.change({ target: name }) }, canvas);
  }

  addActivation() {
    const { activations } = this.learn.recipe;
    if (this.add.value) this.learn.change({ activations: [...activations, this.add.value] });
  }

  separateRates(on) {
    const { activations, rate } = this.learn.recipe;
    this.learn.change({ rates: on ? Object.fromEntries(activations.map((name) => [name, rate])) : {} });
  }

  update(settings) {
    const { data } = this.learn;
    const { activations, target, rates } = settings;
    const [, most] = data.learning.limits.learners;
    for (const [name, button] of this.targets) button.setAttribute("aria-pressed", String(name === target));
    this.own.setAttribute("aria-pressed", String(!target));
    const others = activationList(data).filter(({ name, elementwise }) => elementwise && !activations.includes(name));
    this.add.replaceChildren(exNode("option", { value: "" }, activations.length < most ? t("Add an activation …") : t("{most} at most", { most })),
      ...others.map(({ name }) => exNode("option", { value: name }, labelOf(data, name))));
    this.add.disabled = activations.length >= most;
    this.separate.checked = Object.keys(rates).length > 0;
    this.controls.forEach((control) => control.update(settings));
    this.controls[0].element.hidden = this.separate.checked;
  }
}

function targetWords(name) {
  const words = {
    xor: t("XOR"), circle: t("Circle"), moons: t("Moons"), spiral: t("Spiral"), blobs: t("Three blobs"), face: t("Face"),
    letter: t("Letter"), checkerboard: t("Checkerboard"), rings: t("Rings"), gradient: t("Colour gradient"),
  };
  return words[name] ?? name;
}

function optimiserLabel(name) {
  const words = { adam: t("Adam"), sgd: t("Gradient descent"), momentum: t("Gradient descent, momentum") };
  return words[name] ?? name;
}

function initWords({ natural, calibrated, initialisations }, name) {
  if (name === natural) return t("usual for each activation");
  if (name === calibrated) return t("calibrated, as pictures");
  const { label, variance } = initialisations.find((record) => record.name === name);
  return t("{name}: {variance}", { name: label, variance: t(variance) });
}
