// Choosing a palette by its colours, or writing one's own.

import { t } from "./language.js";
import { exNode } from "./nodes.js";
import { splitList } from "./values.js";

export class PalettePicker {
  constructor(studio) {
    this.studio = studio;
    this.swatches = studio.data.palettes.map(({ name, colours }) => {
      const button = exNode("button", { type: "button", title: name, "aria-label": name, "aria-pressed": "false", onclick: () => this.pick(name) });
      paintRamp(button, colours);
      return [name, button];
    });
    this.grid = exNode("div", { class: "palettes", role: "group", "aria-label": t("Palette") }, ...this.swatches.map(([, button]) => button));
    this.name = exNode("span", { class: "label" });
    this.turn = exNode("input", { type: "checkbox", role: "switch", onchange: () => this.reverse() });
    this.field = exNode("input", {
      type: "text", class: "words", spellcheck: "false", autocomplete: "off", placeholder: t("your own: #102a43, #f0b429, #fff"),
      "aria-label": t("Your own colours"), onchange: () => this.type(),
    });
    this.element = exNode("div", { class: "picker" },
      exNode("div", { class: "control switch" }, this.name, exNode("label", {}, exNode("span", {}, t("Reverse")), this.turn)),
      this.grid, this.field);
  }

  pick(name) {
    this.studio.change({ palette: this.turn.checked ? `${name}_r` : name });
  }

  reverse() {
    const { palette } = this.studio.recipe;
    if (Array.isArray(palette)) this.studio.change({ palette: [...palette].reverse() });
    else this.studio.change({ palette: palette.endsWith("_r") ? palette.slice(0, -2) : `${palette}_r` });
  }

  type() {
    const colours = splitList(this.field.value.replaceAll(" ", ","));
    if (colours.length) this.studio.attempt({ palette: colours });
    else this.update(this.studio.recipe);
  }

  update({ palette }) {
    const own = Array.isArray(palette);
    const base = own ? "" : palette.replace(/_r$/, "");
    this.name.textContent = own ? t("Own colours") : base;
    this.turn.checked = !own && palette.endsWith("_r");
    for (const [name, button] of this.swatches) button.setAttribute("aria-pressed", String(name === base));
    this.grid.classList.toggle("turned", this.turn.checked);
    if (document.activeElement !== this.field) this.field.value = own ? palette.join(", ") : "";
  }
}

// A smooth ramp through colours, as the picture's own goes through OKLab.
function paintRamp(element, colours) {
  element.style.background = `linear-gradient(90deg, ${colours.join(", ")})`;
  element.style.background = `linear-gradient(90deg in oklab, ${colours.join(", ")})`;
}
