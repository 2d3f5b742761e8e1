// Breed: nine pictures, this one and eight children of it; the one picked has the next children.

import { t } from "./language.js";
import { exNode } from "./nodes.js";
import { checkRecipe } from "./recipe.js";
import { rounded } from "./values.js";
import { childOf, randomStream } from "./vary.js";

const CHILDREN = 8;

export class Breed {
  constructor(studio) {
    this.studio = studio;
    this.strength = exNode("input", {
      type: "range", min: 0.05, max: 1, step: 0.05, "aria-label": t("How different the children are"),
      oninput: () => studio.stage({ strength: rounded(Number(this.strength.value), 2) }),
    });
    const others = exNode("button", { type: "button", class: "plain", onclick: () => this.next() }, t("Others"));
    this.words = exNode("span", { class: "label" });
    this.controls = exNode("div", { class: "bar-part" }, this.words, exNode("label", { class: "label slim" }, t("near"), this.strength, t("far")), others);
  }

  next() {
    this.studio.stage({ litter: (this.studio.scene.litter % 9999) + 1 });
  }

  pick(recipe) {
    const { scene } = this.studio;
    this.studio.scene.litter = (scene.litter % 9999) + 1;
    this.studio.show(recipe);
  }

  // The parent in the middle, its children around it; the same for the same recipe, litter and strength.
  litter() {
    const { data, recipe, scene } = this.studio;
    const latent = this.studio.latentValues();
    const random = randomStream(scene.litter * 7919 + recipe.seed);
    const children = Array.from({ length: CHILDREN }, (_, i) => {
      const child = checkRecipe(data, childOf(data, recipe, latent, scene.strength, random));
      return { key: `child ${i}`, recipe: child, words: t("Child {number}: make it the parent", { number: i + 1 }), onclick: () => this.pick(child) };
    });
    const parent = {
      key: "parent", recipe, label: t("parent"), pressed: true, words: t("The parent: show it alone"),
      onclick: () => this.studio.stage({ mode: "picture" }),
    };
    return [...children.slice(0, 4), parent, ...children.slice(4)];
  }

  update() {
    this.strength.value = this.studio.scene.strength;
    this.strength.style.setProperty("--filled", (this.studio.scene.strength - 0.05) / 0.95);
    this.words.textContent = t("Pick one; its children follow");
  }
}
