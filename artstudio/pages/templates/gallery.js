"use strict";
// Runs in the head, so that a remembered theme is there before anything is drawn.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const THEME = "artstudio-theme";

function remember(theme) {
  try {
    if (theme) localStorage.setItem(THEME, theme);
    return localStorage.getItem(THEME);
  } catch {
    return null; // storage may be forbidden; the toggle then works for this visit
  }
}

const remembered = remember();
if (remembered === "light" || remembered === "dark") root.dataset.theme = remembered;

const byId = (id) => document.getElementById(id);

function startTheme() {
  const button = byId("theme");
  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const label = () => {
    button.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
    button.title = button.getAttribute("aria-label");
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    label();
  });
  dark.addEventListener("change", label);
  label();
  button.hidden = false;
}

// Letters without their accents and in one case, so that "creme" finds "Crème".
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function makeFilter(pictures, cards) {
  const words = byId("words");
  const picks = [...document.querySelectorAll("#filters select")];
  const count = byId("count");
  const out = pictures.map(() => false);
  const texts = [];
  const noun = (number) => (number === 1 ? "picture" : "pictures");
  const values = {
    activation: (picture) => picture.recipe?.activation ?? [],
    palette: (picture) => [picture.palette],
    tag: (picture) => picture.tags,
    collection: (picture) => [picture.collection],
  };
  const filter = { shown: pictures.map((_, index) => index) };

  function text(index) {
    const picture = pictures[index];
    const parts = [picture.title, picture.name, picture.description, ...picture.tags, picture.collection];
    texts[index] ??= plain([...parts, picture.palette, ...values.activation(picture)].join(" "));
    return texts[index];
  }

  // Writes only, and only to cards that change: the browser lays the page out once, afterwards.
  filter.apply = () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const chosen = picks.filter((pick) => pick.value);
    filter.shown = [];
    pictures.forEach((picture, index) => {
      const fits =
        chosen.every((pick) => values[pick.name](picture).includes(pick.value)) &&
        wanted.every((word) => text(index).includes(word));
      if (fits) filter.shown.push(index);
      if (out[index] === fits) {
        out[index] = !fits;
        cards[index].hidden = !fits;
      }
    });
    const active = Boolean(chosen.length || wanted.length);
    const [some, all] = [filter.shown.length, pictures.length];
    count.textContent = active ? `${some} of ${all} ${noun(all)}` : `${all} ${noun(all)}`;
    byId("reset").hidden = !active;
    byId("none").hidden = some > 0;
  };

  filter.read = (parameters) => {
    words.value = parameters.get("q") ?? "";
    for (const pick of picks) {
      pick.value = parameters.get(pick.name) ?? "";
      if (pick.selectedIndex < 0) pick.selectedIndex = 0; // a value that this gallery does not have
    }
    filter.apply();
  };

  filter.write = (parameters) => {
    if (words.value) parameters.set("q", words.value);
    for (const pick of picks) if (pick.value) parameters.set(pick.name, pick.value);
  };

  filter.start = (changed) => {
    const update = () => {
      filter.apply();
      changed();
    };
    byId("filters").addEventListener("input", update);
    byId("reset").addEventListener("click", () => {
      filter.read(new URLSearchParams());
      words.focus();
      changed();
    });
    byId("filters").hidden = false;
  };
  return filter;
}

function start() {
  startTheme();
  if (!byId("filters")) return; // an empty gallery
  const { pictures, palettes } = JSON.parse(byId("data").textContent);
  const cards = [...document.querySelectorAll(".card")];
  const filter = makeFilter(pictures, cards);
  const box = makeLightbox(pictures, cards, palettes, filter);
  let timer = 0;

  // A little later, because browsers refuse an address that changes with every key of a quick typist.
  function changed() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const parameters = new URLSearchParams();
      filter.write(parameters);
      if (box.current >= 0) parameters.set("picture", pictures[box.current].name);
      history.replaceState(null, "", parameters.size ? `#${parameters}` : location.pathname + location.search);
    }, 200);
  }

  function readAddress() {
    const parameters = new URLSearchParams(location.hash.slice(1));
    filter.read(parameters);
    const index = pictures.findIndex((picture) => picture.name === parameters.get("picture"));
    if (box.links[index]) box.show(index);
    else if (box.dialog.open) box.dialog.close();
  }

  filter.start(changed);
  box.start(changed);
  addEventListener("hashchange", () => {
    if (location.hash !== "#wall") readAddress(); // the skip link is no filter
  });
  readAddress();
}

document.addEventListener("DOMContentLoaded", start);
