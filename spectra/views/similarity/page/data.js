"use strict";

// What the page shows, as it was written by page.py; nothing of it ever becomes markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const COUNT = DATA.names.length;
const DARK = matchMedia("(prefers-color-scheme: dark)");
if (DARK.matches) DATA.palette.missing = "#50575e"; // what has no value stands back on any ground

function headOf(column) {
  return column.unit ? `${column.name} (${column.unit})` : column.name;
}

function isKnown(column, row) {
  return column.kind === "number" ? column.values[row] !== null : column.values[row] >= 0;
}

// The value of a point in a column as text; empty where there is none.
function textOf(column, row) {
  if (!isKnown(column, row)) return "";
  return column.kind === "number" ? String(column.values[row]) : column.categories[column.values[row]];
}

// The same for people: numbers with six digits.
function shownText(column, row) {
  if (!isKnown(column, row)) return "–";
  return column.kind === "number" ? plainNumber(column.values[row]) : textOf(column, row);
}

function plainNumber(value) {
  return String(Number(value.toPrecision(6)));
}

// Returns the colour of each point, and of what a legend consists.
function colouring(column) {
  const { sequence, categories, other, missing } = DATA.palette;
  if (!column) return { of: () => categories[0], legend: null };
  if (column.kind === "number") {
    const [low, high] = column.ends;
    const shade = (value) => {
      const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
      return sequence[Math.round(share * (sequence.length - 1))];
    };
    const of = (row) => (isKnown(column, row) ? shade(column.values[row]) : missing);
    return { of, legend: "bar" };
  }
  const colour = (category) => (category < 0 ? missing : category < categories.length ? categories[category] : other);
  return { of: (row) => colour(column.values[row]), legend: "list", colour };
}

// A view is some of the points with places of their own: everything, a part laid out by itself, or a selection.
function wholeView() {
  return { name: "Everything", rows: Array.from({ length: COUNT }, (_, row) => row), x: DATA.places[0], y: DATA.places[1] };
}

function partView(number) {
  const part = DATA.parts[number];
  return { name: part.name, rows: part.rows, x: part.places[0], y: part.places[1], part: number };
}

function selectionView(view, selected) {
  const kept = view.rows.map((row, place) => place).filter((place) => selected.has(view.rows[place]));
  return {
    name: `Selection of ${kept.length.toLocaleString("en")}`,
    rows: kept.map((place) => view.rows[place]),
    x: kept.map((place) => view.x[place]),
    y: kept.map((place) => view.y[place]),
  };
}

const PART_OF = new Int32Array(COUNT).fill(-1);
DATA.parts.forEach((part, number) => part.rows.forEach((row) => { PART_OF[row] = number; }));

// The part to which most of the selected points belong, with how many do; null where no part holds half of them.
function partOfMost(selected) {
  const counts = new Map();
  selected.forEach((row) => counts.set(PART_OF[row], (counts.get(PART_OF[row]) || 0) + 1));
  counts.delete(-1);
  let best = null;
  counts.forEach((count, number) => { if (!best || count > best.count) best = { number, count }; });
  return best && 2 * best.count >= selected.size ? best : null;
}

// Whether a point passes every filter.
function passes(filters, row) {
  return filters.every(({ column, test }) => test(column, row));
}
