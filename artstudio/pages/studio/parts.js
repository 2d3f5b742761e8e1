// The parts of the page that can stand alone in a frame on another page: `?embed&part=explorer`.

import { t } from "./language.js";
import { exNode } from "./nodes.js";
import { showPart } from "./part.js";
import { mountPart as mountDepth } from "./partdepth.js";
import { mountPart as mountExplorer } from "./partexplorer.js";
import { mountPart as mountLearn } from "./partlearn.js";
import { mountPart as mountPicture } from "./partpicture.js";
import { mountPart as mountSoftmax } from "./partsoftmax.js";

const PARTS = { picture: mountPicture, explorer: mountExplorer, softmax: mountSoftmax, depth: mountDepth, learn: mountLearn };

// Puts one part in the place of the whole page.
export function embedPart(name, data) {
  const place = exNode("main", { id: "part" });
  document.body.replaceChildren(place);
  document.documentElement.classList.add("embedded");
  if (Object.hasOwn(PARTS, name)) showPart(PARTS[name], data);
  else place.append(exNode("p", { role: "alert" }, t("There is no part '{name}'. The parts are {names}.", { name: name.slice(0, 40), names: Object.keys(PARTS).join(", ") })));
}
