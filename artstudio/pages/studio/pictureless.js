// The page where nothing can be painted: why, and what works without: the explorer, learn mode, the questions.

import { mountExplorer } from "./explorer.js";
import { firstScene, writeFragment } from "./fragment.js";
import { t } from "./language.js";
import { LearnMode } from "./learn.js";
import { exNode } from "./nodes.js";
import { Questions } from "./questions.js";
import { sayBriefly } from "./studio.js";

const byId = (id) => document.getElementById(id);

export class Pictureless {
  constructor(data, scene) {
    Object.assign(this, { data, scene: { ...scene, explorer: true } });
    document.documentElement.classList.add("without-picture", "exploring");
    byId("explorer").hidden = false;
    this.explorer = mountExplorer(byId("explorer"), data, {
      onState: (state) => this.note(state),
      questions: { count: data.questions.questions.length, start: () => this.questions.start() },
    });
    this.learn = new LearnMode(byId("learn"), {
      data, shortcuts: { on: true }, say: (words) => sayBriefly(byId("status"), words), show: null,
      stage: (learn) => this.note({ learn }), done: () => this.leaveLearning(),
    });
    this.questions = new Questions(byId("questions"), {
      data, explorer: () => this.explorer, paint: () => {}, leave: () => this.leaveLearning(),
      training: () => (this.scene.mode === "learn" ? this.learn.training : null),
      show: ({ learn }) => {
        if (learn === undefined) this.leaveLearning();
        else this.openLearning(learn);
        this.learn.play(false);
      },
      ask: (question) => {
        document.documentElement.classList.toggle("asking", question !== "");
        this.note({ question });
      },
    });
    this.explorer.restore(scene);
    if (scene.mode === "learn") this.openLearning(scene.learn);
    if (scene.question) this.questions.start(scene.question);
  }

  explain(reason) {
    this.button = exNode("button", { type: "button", class: "main", onclick: () => this.openLearning(this.scene.learn) }, t("Watch networks learn"));
    byId("trouble").replaceChildren(exNode("h2", {}, t("No picture here")), exNode("p", {}, reason),
      exNode("p", {}, t("The activation explorer beside this and learn mode work without it.")), this.button);
    byId("trouble").hidden = false;
  }

  openLearning(learn) {
    this.arrange(true);
    this.note({ mode: "learn", learn });
    this.learn.open(learn);
  }

  leaveLearning() {
    if (this.scene.mode !== "learn") return;
    this.learn.close();
    this.arrange(false);
    this.note({ mode: "picture" });
    this.button?.focus();
  }

  arrange(learning) {
    byId("explorer").hidden = learning;
    document.documentElement.classList.toggle("exploring", !learning);
    document.documentElement.dataset.mode = learning ? "learn" : "picture";
  }

  note(changes) {
    this.scene = { ...this.scene, ...changes };
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(null, "", writeFragment(this.data, this.data.recipe, { ...firstScene(), ...this.scene })), 300);
  }
}
