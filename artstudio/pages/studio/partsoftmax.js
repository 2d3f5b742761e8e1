// Softmax alone.

import { activationList } from "./functions.js";
import { exNode, exSet } from "./nodes.js";
import { ExSoftmax } from "./softmax.js";
import { exStrokes } from "./strokes.js";

export function mountPart(place, data) {
  activationList(data); // from here on softmax is known
  const root = exNode("div", { class: "explorer" }, new ExSoftmax().element);
  exStrokes(root, data.strokes);
  exSet(root.querySelector("h3"), { "aria-level": 2 }); // the first heading below the page's own
  place.replaceChildren(root);
}
