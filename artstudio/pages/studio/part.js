// One part of the page, alone: in a frame on another page, or in a file of its own.

import { readEmbedded } from "./embedded.js";
import { translateData } from "./language.js";
import { exNode } from "./nodes.js";

// A part's `mount(place, data, address)` fills `place` and returns what takes another address, if it does.
export function showPart(mount, data) {
  document.documentElement.classList.add("embedded");
  document.body.prepend(exNode("header", { class: "unseen" }, exNode("h1", {}, "Art Studio")));
  const travel = mount(document.getElementById("part"), data, location.hash.length > 1 ? location.hash : data.start ?? "");
  addEventListener("hashchange", ({ newURL }) => travel?.(new URL(newURL).hash));
}

// Begins a file that holds this part and nothing else.
export async function beginPart(mount) {
  showPart(mount, translateData(await readEmbedded("data")));
  document.documentElement.dataset.ready = "";
}
