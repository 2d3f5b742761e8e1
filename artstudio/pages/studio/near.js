// The nearest of the names that are known, for one that is not.

import { t } from "./language.js";

const MOST_NAMED = 3;

// "; did you mean 'relu' or 'relu6'?", or "" where no name is near.
export function didYouMean(word, names) {
  const key = word.toLowerCase();
  const most = Math.max(1, Math.floor(key.length / 3));
  const near = [...new Set(names)].map((name) => [edits(key, name.toLowerCase()), name]).filter(([count]) => count <= most)
    .sort(([a], [b]) => a - b).slice(0, MOST_NAMED).map(([, name]) => `'${name}'`);
  return near.length ? t("; did you mean {names}?", { names: near.join(` ${t("or")} `) }) : "";
}

// The least number of letters to put in, take out or change (Levenshtein, 1965), or two neighbours to swap.
function edits(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + change, swapped ? rows[i - 2][j - 2] + 1 : Infinity));
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
