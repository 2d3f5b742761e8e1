// The picture alone: it can be moved, zoomed and turned.

import { readFragment } from "./fragment.js";
import { viewAfterKey, watchGestures } from "./gestures.js";
import { t } from "./language.js";
import { exNode, exSet } from "./nodes.js";
import { Painter } from "./painter.js";
import { Stage } from "./stage.js";
import { recipeTitle } from "./values.js";

export function mountPart(place, data, address) {
  const canvas = exNode("canvas", { id: "picture", tabindex: 0, role: "application", "aria-describedby": "picture-keys" });
  const fine = exNode("canvas", { id: "fine", "aria-hidden": "true", hidden: true });
  const trouble = exNode("div", { id: "trouble", role: "alert", hidden: true });
  const keys = exNode("p", { id: "picture-keys", hidden: true }, t("Arrow keys move, plus and minus zoom, square brackets turn, 0 shows the whole."));
  place.replaceChildren(exNode("div", { id: "stage" }, canvas, fine, keys, trouble));
  const report = (words) => {
    if (trouble.textContent !== words) trouble.textContent = words;
    trouble.hidden = !words;
  };
  let { recipe } = data;
  let stage = null;
  try {
    stage = new Stage(canvas, fine, new Painter(canvas, data), () => ({ recipe, other: null, divider: 1 }), report);
  } catch (error) {
    report(error.message);
    return null;
  }
  const look = (view, moving) => {
    recipe = { ...recipe, view: { ...recipe.view, ...view } };
    stage.ask(moving);
  };
  watchGestures(canvas, { view: () => recipe.view, look, point: () => {} });
  canvas.addEventListener("keydown", (event) => {
    const view = viewAfterKey(recipe.view, event);
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(view, event.repeat);
  });
  const travel = (next) => {
    try {
      ({ recipe } = readFragment(data, next));
    } catch (error) {
      report(error.message);
      return;
    }
    exSet(canvas, { "aria-label": t("The picture: {title}", { title: recipeTitle(data, recipe) }) });
    stage.ask();
  };
  travel(address);
  return travel;
}
