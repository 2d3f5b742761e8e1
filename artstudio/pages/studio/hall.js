// Lecture hall: large type on a projector, a presenter's remote that steers, a blank screen, a halo at the pointer.

import { t } from "./language.js";
import { exNode } from "./nodes.js";
import { addressWith } from "./query.js";

const STEERS = { PageDown: 1, PageUp: -1 };

export class Hall {
  // `steer(by)` goes on (1) or back (-1); `redraw()` draws again what depends on the size of type.
  constructor({ steer, redraw }) {
    Object.assign(this, { steer, redraw, on: false });
    this.halo = exNode("div", { id: "halo", "aria-hidden": "true", hidden: true });
    this.blank = exNode("div", { id: "blank", hidden: true }, exNode("p", { class: "unseen" }, t("The screen is blank. Any key shows it again.")));
    document.body.append(this.halo, this.blank);
    // Before anything else hears of the key: a remote's keys mean the same wherever the focus is.
    addEventListener("keydown", (event) => this.key(event), { capture: true });
    addEventListener("pointermove", (event) => this.follow(event));
    document.documentElement.addEventListener("pointerleave", () => { this.halo.hidden = true; });
    this.blank.addEventListener("pointerdown", () => this.darken(false));
    document.addEventListener("visibilitychange", () => this.stayAwake());
  }

  turn(on) {
    this.on = on;
    document.documentElement.classList.toggle("hall", on);
    this.halo.hidden = true;
    this.darken(false);
    this.stayAwake();
    this.redraw();
    try {
      history.replaceState(null, "", addressWith("hall", on ? "1" : null));
    } catch {
      // A page within a page may have no address of its own.
    }
  }

  // The screen must not go dark while somebody explains; browsers end this whenever the page is out of sight.
  async stayAwake() {
    const wanted = this.on && document.visibilityState === "visible";
    try {
      if (wanted) this.lock = await navigator.wakeLock.request("screen");
      else await this.lock?.release();
    } catch {
      // Not in this browser, or not on this battery.
    }
  }

  darken(dark) {
    this.blank.hidden = !dark;
  }

  key(event) {
    if (!this.on || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const by = STEERS[event.key];
    const blanks = event.key.toLowerCase() === "b" && !event.target.matches?.("textarea, select, input:not([type=range], [type=checkbox])");
    if (!by && !blanks && this.blank.hidden) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.blank.hidden) this.darken(false);
    else if (blanks) this.darken(true);
    else this.steer(by);
  }

  follow(event) {
    this.halo.hidden = !this.on || event.pointerType === "touch";
    this.halo.style.translate = `${event.clientX}px ${event.clientY}px`;
  }
}
