// The favourites: a strip of small pictures, kept by the browser where it is allowed to keep anything.

import { t } from "./language.js";
import { exIcon, exNode } from "./nodes.js";
import { checkRecipe } from "./recipe.js";
import { pictureImage } from "./tiles.js";
import { recipeTitle, sameValue } from "./values.js";

const KEPT = "artstudio:favourites";
const MOST_KEPT = 60;
const THUMBNAIL = [144, 90];

export class Favourites {
  constructor(element, studio, painter) {
    Object.assign(this, { element, studio, painter });
    this.list = exNode("ul", { role: "list" });
    element.append(this.list);
    this.kept = readKept(studio.data);
    this.fill();
  }

  has(recipe) {
    return this.kept.some((one) => sameValue(one.recipe, recipe));
  }

  // Adds the recipe shown, or takes it away.
  toggle() {
    const recipe = this.studio.visibleRecipe();
    if (this.has(recipe)) {
      this.kept = this.kept.filter((one) => !sameValue(one.recipe, recipe));
      this.studio.say(t("No longer a favourite"));
    } else {
      this.kept = [{ recipe, picture: this.thumbnail(recipe) }, ...this.kept].slice(0, MOST_KEPT);
      this.studio.say(t("Kept as a favourite"));
    }
    this.save();
  }

  thumbnail(recipe) {
    const canvas = exNode("canvas", { width: THUMBNAIL[0], height: THUMBNAIL[1] });
    try {
      canvas.getContext("2d").putImageData(pictureImage(this.painter, recipe, ...THUMBNAIL), 0, 0);
      return canvas.toDataURL("image/jpeg", 0.85);
    } catch {
      return ""; // the words stay
    }
  }

  save() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.kept));
    } catch {
      this.studio.say(t("Kept until the page is closed: this browser lets it store nothing"));
    }
    this.fill();
  }

  fill() {
    const { studio } = this;
    this.list.replaceChildren(...this.kept.map((one, i) => {
      const title = recipeTitle(studio.data, one.recipe);
      const image = one.picture ? exNode("img", { src: one.picture, alt: "", width: THUMBNAIL[0], height: THUMBNAIL[1] }) : exNode("span", {}, title);
      return exNode("li", {},
        exNode("button", { type: "button", class: "favourite", title, "aria-label": t("Show {name}", { name: title }), onclick: () => studio.show(one.recipe) }, image),
        exNode("button", { type: "button", class: "drop", "aria-label": t("Remove {name} from the favourites", { name: title }), onclick: () => this.drop(i) }, exIcon("M7 7l10 10M17 7L7 17")));
    }));
    this.element.hidden = this.kept.length === 0;
    studio.refresh();
  }

  drop(i) {
    this.kept = this.kept.filter((_, j) => j !== i);
    this.save();
    (this.list.children[Math.min(i, this.kept.length - 1)]?.querySelector("button") ?? document.getElementById("picture")).focus();
  }

  update() {
    this.kept.forEach((one, i) => this.list.children[i].classList.toggle("chosen", sameValue(one.recipe, this.studio.recipe)));
  }
}

// What was kept: whatever else is stored under this name is passed over.
function readKept(data) {
  let stored = [];
  try {
    stored = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.slice(0, MOST_KEPT).flatMap((one) => {
    try {
      const picture = /^data:image\/jpeg;base64,/.test(one.picture) ? one.picture : "";
      return [{ recipe: checkRecipe(data, one.recipe), picture }];
    } catch {
      return [];
    }
  });
}
