function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

const numbers = (list) => list.map((value) => Number(value.toPrecision(6))).join(", ");

function facts(picture, width, height, palettes) {
  const size = picture.bytes < 1e6 ? `${Math.ceil(picture.bytes / 1e3)} kB` : `${(picture.bytes / 1e6).toFixed(1)} MB`;
  const rows = [];
  const recipe = picture.recipe;
  if (recipe) {
    const { centre, zoom, rotation } = recipe.view;
    const view = [];
    if (centre[0] || centre[1]) view.push(`centre ${numbers(centre)}`);
    if (zoom !== 1) view.push(`zoom ${numbers([zoom])}`);
    if (rotation) view.push(`rotation ${numbers([rotation])}°`);
    rows.push(
      ["Activation", recipe.activation.join(", ")],
      ["Palette", picture.palette, palettes[picture.palette] ?? recipe.palette],
      ["Colour model", recipe.colour],
      ["Seed", String(recipe.seed)],
      ["Network", `${recipe.depth} ${recipe.depth === 1 ? "layer" : "layers"} of ${recipe.units} units`],
      ["Gain", numbers([recipe.gain])],
      ["Features", recipe.features.join(", ")],
      ["Symmetry", recipe.symmetry === "none" ? "" : recipe.symmetry],
      ["Latent", typeof recipe.latent === "string" ? recipe.latent : numbers(recipe.latent)],
      ["View", view.join(", ")],
    );
  }
  rows.push(["Tags", picture.tags.join(", ")], ["Collection", picture.collection]);
  rows.push(["Size", `${width} × ${height}${picture.bytes ? `, ${size}` : ""}`]);
  return rows.filter((row) => row[1]).flatMap(([term, value, colours]) => {
    const detail = element("dd", value);
    if (colours) {
      const swatch = element("span", "", "swatch");
      swatch.style.background = `linear-gradient(in oklab to right, ${colours.join(", ")})`;
      detail.prepend(swatch);
    }
    return [element("dt", term), detail];
  });
}

function makeLightbox(pictures, cards, palettes, filter) {
  const dialog = byId("lightbox");
  const image = byId("picture");
  const links = cards.map((card) => card.querySelector("a"));
  const box = { current: -1, dialog, links };
  let changed = () => {};
  const withPicture = (list) => list.filter((index) => links[index]);

  // The pictures that the filter leaves; all of them for an address that names one it hides.
  function order() {
    const shown = withPicture(filter.shown);
    return shown.includes(box.current) ? shown : withPicture(pictures.map((_, index) => index));
  }

  box.show = (index) => {
    box.current = index;
    const picture = pictures[index];
    const thumbnail = links[index].firstElementChild;
    const [width, height] = ["width", "height"].map((side) => Number(thumbnail.getAttribute(side)));
    const list = order();
    const place = list.indexOf(index);
    image.removeAttribute("src"); // else the last picture stays until this one is there
    image.width = width;
    image.height = height;
    image.style.backgroundImage = `url("${thumbnail.currentSrc || thumbnail.src}")`;
    image.alt = thumbnail.alt;
    image.src = links[index].href;
    byId("position").textContent = `${place + 1} of ${list.length}`;
    byId("picture-title").textContent = picture.title;
    byId("description").textContent = picture.description;
    byId("facts").replaceChildren(...facts(picture, width, height, palettes));
    byId("command").replaceChildren(
      ...picture.command.split(/(\s+)/).map((part) => (part.trim() ? element("span", part, "word") : part)),
    );
    byId("copy").textContent = "Copy";
    byId("copied").textContent = "";
    byId("again").hidden = !picture.command;
    byId("json").textContent = JSON.stringify(picture.recipe, null, 2);
    byId("digest").textContent = `Digest ${picture.digest}`;
    byId("raw").hidden = !picture.recipe;
    byId("full").href = links[index].href;
    for (const [name, end] of [["previous", 0], ["next", list.length - 1]]) {
      // Not `disabled`, which would throw the keyboard's focus out of the button.
      dialog.querySelector(`[data-go="${name}"]`).setAttribute("aria-disabled", String(place === end));
    }
    for (const near of [list[place + 1], list[place - 1]]) {
      if (near !== undefined) new Image().src = links[near].href; // there before it is asked for
    }
    if (!dialog.open) dialog.showModal();
    changed();
  };

  box.go = (where) => {
    const list = order();
    const place = list.indexOf(box.current);
    const target = { previous: place - 1, next: place + 1, first: 0, last: list.length - 1 }[where];
    if (where === "close") dialog.close();
    else if (target in list && target !== place) box.show(list[target]);
  };
  async function copy() {
    const command = byId("command");
    let copied = true;
    try {
      await navigator.clipboard.writeText(command.textContent);
    } catch {
      // Not there or not allowed, as on some pages opened from a disk: copy as a person would.
      getSelection().selectAllChildren(command);
      copied = document.execCommand("copy");
    }
    byId("copy").textContent = copied ? "Copied" : "Press Ctrl+C";
    byId("copied").textContent = copied ? "The command is copied" : "The command is selected: press Ctrl+C";
  }

  function keys(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const where = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" }[event.key];
    if (!where) return;
    event.preventDefault();
    box.go(where);
  }

  function swipes(stage) {
    let from = null;
    stage.addEventListener("touchstart", (event) => {
      from = event.touches.length === 1 ? event.touches[0] : null; // two fingers zoom
    }, { passive: true });
    stage.addEventListener("touchend", (event) => {
      if (!from) return;
      const [right, down] = ["clientX", "clientY"].map((axis) => event.changedTouches[0][axis] - from[axis]);
      if (Math.abs(right) > 48 && Math.abs(right) > 2 * Math.abs(down)) box.go(right > 0 ? "previous" : "next");
    });
  }

  function closed() {
    const link = links[box.current];
    box.current = -1;
    image.removeAttribute("src");
    if (!link.parentElement.hidden) link.focus(); // where the person has got to, not where they came in
    changed();
  }

  box.start = (onChange) => {
    changed = onChange;
    document.querySelector(".wall").addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window
      event.preventDefault();
      box.show(links.indexOf(link));
    });
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("[data-go]");
      if (button) box.go(button.dataset.go);
    });
    dialog.addEventListener("keydown", keys);
    dialog.addEventListener("close", closed);
    byId("copy").addEventListener("click", copy);
    swipes(image.parentElement);
  };
  return box;
}
