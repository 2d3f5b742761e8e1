// The first five seconds: one sentence over the picture, gone at the first action.

import { makeDialog } from "./dialogs.js";
import { listed, t } from "./language.js";
import { exNode } from "./nodes.js";
import { labelOf } from "./values.js";

const SEEN = "artstudio:welcomed";

// For who has not been here before on this device.
export function welcome(studio) {
  if (wasHere()) return;
  const leave = () => {
    card.remove();
    removeEventListener("keydown", leave);
    removeEventListener("pointerdown", outside);
    remember();
  };
  const outside = (event) => { if (!card.contains(event.target)) leave(); };
  const button = (words, main, act) => exNode("button", {
    type: "button", class: main ? "main" : "plain", onclick: () => {
      leave();
      act();
    },
  }, words);
  const card = exNode("section", { id: "welcome", "aria-label": t("Welcome") },
    exNode("p", {}, t("A random network paints this. Change the activation, keep the weights.")),
    exNode("div", { class: "welcome-actions" },
      button(t("Surprise me"), true, () => studio.act("surprise")),
      button(t("Compare step and sigmoid"), false, () => {
        studio.change({ activation: ["step"] });
        studio.stage({ mode: "split", other: "sigmoid" });
      }),
      button(t("What am I seeing?"), false, () => explainPicture(studio))));
  document.getElementById("stage").append(card);
  // After the buttons' own events; keys that move the focus, or press what has it, are no action yet.
  addEventListener("keydown", (event) => { if (!["Tab", "Shift", "Enter", " "].includes(event.key)) leave(); });
  addEventListener("pointerdown", outside);
  studio.state.listen((what) => { if (what !== "note" && card.isConnected) leave(); });
}

// What a network does to paint the picture that is shown, with its own numbers.
function explainPicture(studio) {
  const { data, recipe } = studio;
  const inputs = recipe.features.map((name) => data.features.find((record) => record.name === name).label);
  const values = {
    inputs: listed(inputs), units: recipe.units, depth: recipe.depth, seed: recipe.seed,
    activation: listed([...new Set(recipe.activation)].map((name) => labelOf(data, name))),
  };
  const close = (act) => () => {
    dialog.close();
    act();
  };
  const dialog = makeDialog(t("What am I seeing?"),
    exNode("div", { class: "prose" },
      exNode("p", {}, t("For each pixel, numbers that say where it lies ({inputs}) go into a network. It has {units} units in each of its hidden layers: {depth} in all. Nothing is trained: the weights are random, drawn from seed {seed}.", values)),
      exNode("p", {}, t("Each unit adds up what it gets, with its weights, and passes the sum through the activation function: {activation}. The last layer's numbers become a colour.", values)),
      exNode("p", {}, t("So the picture shows what the activation does. Choose another one: the same draw of weights, scaled to suit it, paints another picture. Step gives hard-edged cells, sigmoid soft blobs."))),
    exNode("div", { class: "actions" },
      exNode("button", { type: "button", class: "plain", onclick: close(() => studio.act("explorer")) }, t("Open the explorer")),
      exNode("button", { type: "button", class: "main", onclick: close(() => studio.questions.start()) }, t("Ask me questions"))));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

function wasHere() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // Then it is said again another time.
  }
}
