// Pictures side by side: each in a canvas of its own, painted one after the other so that the page stays awake.

import { exNode } from "./nodes.js";
import { canvasIn, imageOf } from "./space.js";
import { sameValue } from "./values.js";

export class TileWall {
  // `report(words)` gets what goes wrong.
  constructor(element, painter, report) {
    this.element = element;
    this.painter = painter;
    this.report = report;
    this.tiles = [];
    this.turn = 0;
    new ResizeObserver(() => this.resized()).observe(element);
  }

  // `pictures`: [{key, recipe, label, words, onclick}]; tiles whose key stays keep their place and their focus.
  show(pictures) {
    const kept = new Map(this.tiles.map((tile) => [tile.key, tile]));
    const same = pictures.length === this.tiles.length && pictures.every((picture, i) => picture.key === this.tiles[i].key);
    this.tiles = pictures.map((picture) => this.dress(kept.get(picture.key) ?? this.make(picture.key), picture));
    if (!same) this.element.replaceChildren(...this.tiles.map((tile) => tile.button));
    this.paint();
  }

  clear() {
    this.tiles = [];
    this.turn += 1;
    this.element.replaceChildren();
  }

  make(key) {
    const canvas = exNode("canvas", { "aria-hidden": "true" });
    const name = exNode("span", { class: "tile-name", "aria-hidden": "true" });
    const tile = { key, canvas, name, painted: null, onclick: null };
    tile.button = exNode("button", { type: "button", class: "tile", onclick: () => tile.onclick() }, canvas, name);
    return tile;
  }

  dress(tile, { recipe, label = "", words, pressed = false, onclick }) {
    Object.assign(tile, { recipe, onclick });
    tile.name.textContent = label;
    tile.button.setAttribute("aria-label", words);
    tile.button.classList.toggle("chosen", pressed);
    return tile;
  }

  resized() {
    for (const tile of this.tiles) tile.painted = null;
    this.paint();
  }

  // Paints what is not yet as it should be, a tile at a time; a later call takes over from an earlier one.
  async paint() {
    this.turn += 1;
    const { turn } = this;
    for (const tile of this.tiles) {
      if (tile.painted && sameValue(tile.painted, tile.recipe)) continue;
      await new Promise((next) => { setTimeout(next, 0); });
      if (turn !== this.turn) return;
      this.paintTile(tile);
    }
    this.element.dataset.painted = turn;
  }

  paintTile(tile) {
    const box = tile.canvas.getBoundingClientRect();
    const dense = Math.min(devicePixelRatio || 1, 2);
    // No finer than is worth the wait when there are many.
    const scale = dense * Math.min(1, Math.sqrt(2e6 / this.tiles.length / Math.max(1, box.width * box.height * dense * dense)));
    const [width, height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
    if (width < 2 || height < 2) return;
    try {
      const image = pictureImage(this.painter, tile.recipe, width, height);
      tile.canvas = canvasIn(tile.canvas, image.colorSpace ?? "srgb");
      tile.canvas.width = width;
      tile.canvas.height = height;
      tile.canvas.getContext("2d").putImageData(image, 0, 0);
      tile.painted = tile.recipe;
    } catch (error) {
      this.report(error.message);
    }
  }
}

// The picture as ImageData, width x height pixels.
export function pictureImage(painter, recipe, width, height) {
  const bytes = painter.pixels(recipe, { width, height, x: 0, y: 0, w: width, h: height, samples: 1 });
  return imageOf(painter.data, recipe, bytes, width, height);
}
