// What has been answered, kept by the browser where it is allowed to keep anything.

const KEPT = "artstudio:questions";

export class Progress {
  // `set` is the title of the questions' set.
  constructor(set) {
    this.set = set;
    this.all = readKept();
    this.answers = new Map(Object.entries(this.all[set] ?? {}).filter(([, how]) => how === "right" || how === "shown"));
  }

  // How a question was answered: "right", "shown" after two tries, or undefined.
  of(id) {
    return this.answers.get(id);
  }

  put(id, how) {
    this.answers.set(id, how);
    this.keep();
  }

  forget(id) {
    this.answers.delete(id);
    this.keep();
  }

  keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ ...this.all, [this.set]: Object.fromEntries(this.answers) }));
    } catch {
      // Then it lasts as long as the page.
    }
  }
}

function readKept() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}
