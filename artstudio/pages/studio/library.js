// What only the served page has: pictures rendered by artstudio itself, and the galleries in its output folder.

import { t } from "./language.js";
import { exIcon, exNode } from "./nodes.js";

const LIB_CUSTOM = "other";

// What a picture on its way is at.
const STATUS = {
  waiting: t("waiting"), painting: t("painting"), saving: t("saving"), done: t("done"), failed: t("failed"), cancelled: t("cancelled"),
};

export function mountLibrary(element, data, { getRecipe, setRecipe }) {
  const library = new StudioLibrary(element, getRecipe, setRecipe);
  library.begin();
  return { refresh: () => library.list() };
}

class StudioLibrary {
  constructor(element, getRecipe, setRecipe) {
    this.getRecipe = getRecipe;
    this.setRecipe = setRecipe;
    this.token = "";
    const field = (label, control) => exNode("label", { class: "lib-field" }, exNode("span", {}, label), control);
    this.size = exNode("select", { onchange: () => this.showCustom() });
    this.custom = exNode("input", {
      type: "text", value: "1600x900", inputmode: "text", spellcheck: "false", "aria-label": t("Width x height in pixels"), hidden: true,
    });
    this.format = exNode("select");
    this.button = exNode("button", { type: "submit", class: "ex-button ex-main", disabled: true }, t("Render with artstudio"));
    this.jobs = exNode("ul", { class: "lib-jobs", role: "list" });
    this.status = exNode("p", { class: "ex-remark", role: "status" });
    this.gallery = exNode("select", { onchange: () => this.open() });
    this.pictures = exNode("ul", { class: "lib-pictures", role: "list" });
    this.none = exNode("p", { class: "ex-remark" });
    const again = exNode("button", { type: "button", class: "ex-quiet", "aria-label": t("Look again"), onclick: () => this.list() },
      exIcon("M20 12a8 8 0 1 1-2.3-5.6M20 3v5h-5"));
    const form = exNode("form", { class: "lib-form", onsubmit: (event) => { event.preventDefault(); this.render(); } },
      field(t("Size"), this.size), this.custom, field(t("Format"), this.format), this.button);
    const galleries = exNode("div", { class: "lib-form" }, field(t("Gallery"), this.gallery), again);
    element.replaceChildren(exNode("div", { class: "explorer library" },
      exNode("section", { "aria-label": t("Full quality") }, form, this.status, this.jobs),
      exNode("section", { "aria-label": t("Galleries") }, galleries, this.none, this.pictures)));
  }

  async begin() {
    try {
      const session = await libAsk("api/session");
      this.token = session.token;
      this.folder = session.folder;
      const sizes = Object.entries(session.sizes).map(([name, [width, height]]) => exNode("option", { value: name }, `${name}, ${width} × ${height}`));
      this.size.replaceChildren(...sizes, exNode("option", { value: LIB_CUSTOM }, t("another size")));
      this.size.value = "1080p";
      this.format.replaceChildren(...session.formats.map((name) => exNode("option", { value: name }, name.toUpperCase())));
      this.button.disabled = false;
      await this.list();
    } catch (error) {
      this.say(error.message);
    }
  }

  say(words) {
    this.status.textContent = words;
  }

  showCustom() {
    this.custom.hidden = this.size.value !== LIB_CUSTOM;
    if (!this.custom.hidden) this.custom.focus();
  }

  async render() {
    const size = this.size.value === LIB_CUSTOM ? this.custom.value : this.size.value;
    this.say("");
    try {
      const wish = { recipe: this.getRecipe(), size, format: this.format.value };
      const job = await libAsk("api/renders", { method: "POST", token: this.token, body: wish });
      this.follow(job, size);
    } catch (error) {
      this.say(error.message);
    }
  }

  follow(job, size) {
    const bar = exNode("progress", { max: 1, value: 0, "aria-label": t("Progress of {size}", { size }) });
    const words = exNode("span", { role: "status" }, STATUS.waiting);
    const cancel = exNode("button", { type: "button", class: "ex-quiet", "aria-label": t("Cancel"), onclick: () => this.cancel(job) },
      exIcon("M6 6l12 12M18 6L6 18"));
    this.jobs.prepend(exNode("li", {}, bar, words, cancel));
    const events = new EventSource(`api/renders/${job.id}/events`);
    const end = () => {
      events.close();
      bar.remove();
      cancel.remove();
    };
    events.addEventListener("message", (event) => {
      const now = JSON.parse(event.data);
      bar.value = now.progress;
      words.textContent = now.status === "painting" && now.progress ? `${Math.round(100 * now.progress)} %` : STATUS[now.status];
      if (now.status === "failed") words.textContent = now.reason;
      if (now.status === "done") {
        const link = exNode("a", { href: `pictures/${libPath(now.path)}`, target: "_blank", rel: "noopener" }, now.path);
        words.replaceChildren(link);
        this.list();
      }
      if (["done", "failed", "cancelled"].includes(now.status)) end();
    });
    events.addEventListener("error", () => {
      if (events.readyState !== EventSource.CLOSED) return; // it connects again by itself
      words.textContent = t("the server has ended");
      end();
    });
  }

  async cancel(job) {
    try {
      await libAsk(`api/renders/${job.id}`, { method: "DELETE", token: this.token });
    } catch (error) {
      this.say(error.message);
    }
  }

  async list() {
    try {
      const galleries = await libAsk("api/galleries");
      const before = this.gallery.value;
      this.gallery.replaceChildren(...galleries.map(({ path, count }) => exNode("option", { value: path }, `${path || t("output folder")} (${count})`)));
      if (galleries.some(({ path }) => path === before)) this.gallery.value = before;
      this.gallery.disabled = galleries.length === 0;
      this.none.textContent = galleries.length ? "" : t("No pictures in {folder} yet.", { folder: this.folder });
      await this.open();
    } catch (error) {
      this.say(error.message);
    }
  }

  async open() {
    if (this.gallery.disabled) return this.pictures.replaceChildren();
    const chosen = this.gallery.value;
    try {
      const pictures = await libAsk(`api/pictures?gallery=${encodeURIComponent(chosen)}`);
      if (this.gallery.value !== chosen) return undefined; // another one was chosen meanwhile
      this.none.textContent = pictures.length ? "" : t("No picture here says how it was made.");
      return this.pictures.replaceChildren(...pictures.map((picture) => this.tile(picture)));
    } catch (error) {
      return this.say(error.message);
    }
  }

  tile(picture) {
    const image = exNode("img", { src: `thumbnails/${libPath(picture.path)}`, alt: "", loading: "lazy", decoding: "async" });
    const words = `${picture.title}, ${picture.width} × ${picture.height}`;
    const load = () => {
      this.setRecipe(picture.recipe);
      this.say(t("Loaded {title}", { title: picture.title }));
    };
    return exNode("li", {}, exNode("button", { type: "button", title: words, "aria-label": t("Load {title}", { title: words }), onclick: load }, image));
  }
}

function libPath(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

async function libAsk(url, { method = "GET", token = "", body } = {}) {
  const headers = token ? { "X-Artstudio-Token": token } : {};
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error(t("the server does not answer; start it again with: artstudio studio"));
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
