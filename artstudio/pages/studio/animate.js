// Animate: a slow loop through latent space. It plays by itself only where motion is welcome.

import { t } from "./language.js";
import { exIcon, exNode } from "./nodes.js";
import { checkRecipe } from "./recipe.js";
import { rounded } from "./values.js";
import { loopOf } from "./vary.js";

const SECONDS = 24; // a loop at speed 1
const PLAY = "M8 5.5v13l10.5-6.5z";
const PAUSE = "M8.5 6v12M15.5 6v12";

export class Animation {
  constructor(studio) {
    this.studio = studio;
    this.playing = false;
    this.quiet = matchMedia("(prefers-reduced-motion: reduce)");
    this.button = exNode("button", { type: "button", class: "small", onclick: () => this.play(!this.playing) });
    this.phase = exNode("input", {
      type: "range", min: 0, max: 1, step: 0.002, "aria-label": t("Place in the loop"),
      oninput: () => {
        this.play(false);
        studio.stage({ phase: Number(this.phase.value) });
      },
    });
    this.speed = exNode("select", { "aria-label": t("Speed") },
      ...[["0.25", "¼ ×"], ["0.5", "½ ×"], ["1", "1 ×"], ["2", "2 ×"], ["4", "4 ×"]].map(([value, words]) => exNode("option", { value, selected: value === "1" }, words)));
    this.remark = exNode("span", { class: "label" });
    this.controls = exNode("div", { class: "bar-part" }, this.button, this.phase, this.speed, this.remark);
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.play(false); });
    this.show();
  }

  begin() {
    this.play(!this.quiet.matches);
    this.remark.textContent = this.quiet.matches ? t("Motion is reduced: move the slider") : "";
  }

  // The picture of this moment becomes the recipe.
  end() {
    const recipe = this.recipe();
    this.play(false);
    const moved = this.studio.scene.phase > 0;
    this.studio.scene.phase = 0;
    if (moved) this.studio.show(recipe);
  }

  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.show();
    if (!on) {
      this.studio.stage({ phase: rounded(this.studio.scene.phase, 3) });
      return;
    }
    let last = performance.now();
    const step = (now) => {
      if (!this.playing) return;
      const by = (Math.min(now - last, 200) / 1000 / SECONDS) * Number(this.speed.value);
      last = now;
      this.studio.stage({ phase: (this.studio.scene.phase + by) % 1 });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  recipe() {
    const { data, recipe, scene } = this.studio;
    return checkRecipe(data, loopOf(recipe, this.studio.latentValues(), scene.phase));
  }

  show() {
    const words = this.playing ? t("Pause") : t("Play");
    this.button.setAttribute("aria-label", words);
    this.button.setAttribute("title", words);
    this.button.replaceChildren(exIcon(this.playing ? PAUSE : PLAY));
  }

  update() {
    if (document.activeElement !== this.phase || this.playing) this.phase.value = this.studio.scene.phase;
    this.phase.style.setProperty("--filled", this.studio.scene.phase);
  }
}
