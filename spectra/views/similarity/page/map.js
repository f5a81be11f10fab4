"use strict";

const at = (id) => document.getElementById(id);
const grouped = (number) => number.toLocaleString("en");
const MOST_CHOICES = 200;
const MOST_LISTED = 100;

function made(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== null) element.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

const plot = new Plot(at("map"));
let trail = [wholeView()];
let colours = [];
let colour = null;
let filters = [];
let visible = new Uint8Array(COUNT).fill(1);
let selected = new Set();
let current = null; // place in the view
let lasso = null;
let lassoing = false;

plot.state = () => ({ colours, visible, selected, current, lasso });

const here = () => trail[trail.length - 1];
const shownRows = () => here().rows.filter((row) => visible[row]);
const chosenRows = () => Array.from({ length: COUNT }, (_, row) => row).filter((row) => selected.has(row));

// where one is

function go(views) {
  trail = views;
  current = null;
  at("hint").hidden = true;
  at("trail").replaceChildren(
    ...trail.map((view, step) => {
      const last = step === trail.length - 1;
      const label = `${view.name} (${grouped(view.rows.length)})`;
      const item = made("li", null);
      const part = last ? made("span", label, { "aria-current": "page" }) : made("button", label, { type: "button" });
      if (!last) part.addEventListener("click", () => { go(trail.slice(0, step + 1)); say(""); });
      item.append(part);
      return item;
    }),
  );
  plot.show(here());
  update();
}

// colours

function chooseColour(number) {
  colour = number < 0 ? null : DATA.columns[number];
  const { of, legend, colour: ofCategory } = colouring(colour);
  colours = Array.from({ length: COUNT }, (_, row) => of(row));
  const box = at("legend");
  box.replaceChildren();
  if (legend === "bar") box.append(...colourBar());
  if (legend === "list") box.append(colourList(ofCategory));
  plot.redraw();
}

function colourBar() {
  const { sequence } = DATA.palette;
  const bar = made("canvas", null, { class: "bar", width: "320", height: "14", role: "img" });
  const [low, high] = colour.ends;
  bar.setAttribute("aria-label", `Colours from ${plainNumber(low)} to ${plainNumber(high)} ${colour.unit}`);
  const context = bar.getContext("2d");
  sequence.forEach((shade, step) => {
    context.fillStyle = shade;
    context.fillRect((320 * step) / sequence.length, 0, 320 / sequence.length + 1, 14);
  });
  const [least, most] = extent(colour.values.filter((value) => value !== null));
  const ends = made("div", null, { class: "ends" });
  ends.append(
    made("span", `${least < low ? "≤ " : ""}${plainNumber(low)}`),
    made("span", headOf(colour)),
    made("span", `${most > high ? "≥ " : ""}${plainNumber(high)}`),
  );
  const lacking = colour.values.filter((value) => value === null).length;
  const entries = [bar, ends];
  if (lacking) {
    const list = made("ul", null);
    list.append(entry(DATA.palette.missing, `no value (${grouped(lacking)})`));
    entries.push(list);
  }
  return entries;
}

function colourList(ofCategory) {
  const counts = new Map();
  colour.values.forEach((value) => counts.set(value, (counts.get(value) || 0) + 1));
  const list = made("ul", null);
  const named = colour.categories.slice(0, DATA.palette.categories.length);
  named.forEach((word, number) => list.append(entry(ofCategory(number), `${word} (${grouped(counts.get(number))})`)));
  const rest = colour.categories.length - named.length;
  if (rest > 0) {
    let count = 0;
    counts.forEach((some, value) => { if (value >= named.length) count += some; });
    list.append(entry(DATA.palette.other, `${grouped(rest)} others (${grouped(count)})`));
  }
  if (counts.has(-1)) list.append(entry(DATA.palette.missing, `no value (${grouped(counts.get(-1))})`));
  return list;
}

function entry(shade, text) {
  const item = made("li", null);
  const swatch = made("canvas", null, { class: "swatch", width: "1", height: "1", "aria-hidden": "true" });
  swatch.style.backgroundColor = shade;
  item.append(swatch, made("span", text));
  return item;
}

// filters

function addFilter(column) {
  const box = made("fieldset", null, { class: "filter" });
  box.append(made("legend", column.kind === "name" ? "Name" : headOf(column)));
  const filter = { column, test: () => true };
  if (column.kind === "number") box.append(rangeOf(filter));
  else if (column.kind === "name" || column.categories.length > MOST_CHOICES) box.append(textOfFilter(filter));
  else box.append(choicesOf(filter));
  const remove = made("button", "Remove", { type: "button" });
  remove.setAttribute("aria-label", `Remove the filter by ${column.name}`);
  remove.addEventListener("click", () => {
    filters = filters.filter((other) => other !== filter);
    box.remove();
    at("filter-column").focus();
    applyFilters();
  });
  box.append(remove);
  filters.push(filter);
  at("filters").append(box);
  const first = box.querySelector("input");
  if (first) first.focus();
  applyFilters();
}

function rangeOf(filter) {
  const row = made("div", null, { class: "range" });
  const [low, high] = ["from", "to"].map((end) => {
    const input = made("input", null, { type: "number", step: "any", placeholder: end });
    input.setAttribute("aria-label", `${filter.column.name} ${end}`);
    row.append(input);
    return input;
  });
  row.addEventListener("input", () => {
    const least = low.value === "" ? -Infinity : Number(low.value);
    const most = high.value === "" ? Infinity : Number(high.value);
    const any = low.value === "" && high.value === "";
    filter.test = (column, point) =>
      any || (isKnown(column, point) && column.values[point] >= least && column.values[point] <= most);
    applyFilters();
  });
  return row;
}

function textOfFilter(filter) {
  const input = made("input", null, { type: "text", placeholder: "contains" });
  input.setAttribute("aria-label", `${filter.column.name} contains`);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    const text = filter.column.kind === "name" ? (_, row) => DATA.names[row] : textOf;
    filter.test = (column, row) => text(column, row).toLowerCase().includes(wanted);
    applyFilters();
  });
  return input;
}

function choicesOf(filter) {
  const box = made("div", null, { class: "choices" });
  const wanted = new Set();
  const choices = filter.column.categories.map((word, number) => [word, number]);
  if (filter.column.values.includes(-1)) choices.push(["no value", -1]);
  choices.forEach(([word, number]) => {
    const label = made("label", null);
    const input = made("input", null, { type: "checkbox" });
    input.addEventListener("change", () => {
      if (input.checked) wanted.add(number);
      else wanted.delete(number);
      applyFilters();
    });
    label.append(input, made("span", word));
    box.append(label);
  });
  filter.test = (column, row) => !wanted.size || wanted.has(column.values[row]);
  return box;
}

function applyFilters() {
  for (let row = 0; row < COUNT; row += 1) visible[row] = passes(filters, row) ? 1 : 0;
  selected = new Set([...selected].filter((row) => visible[row]));
  update();
}

// selection

function select(rows, { added = false } = {}) {
  selected = new Set(added ? [...selected, ...rows] : rows);
  say("");
  update();
}

function update() {
  const shown = shownRows().length;
  const total = here().rows.length;
  at("shown").textContent = `${grouped(shown)} of ${grouped(total)} points shown.`;
  const none = selected.size === 0;
  at("selected").textContent = none
    ? "Nothing selected."
    : `${grouped(selected.size)} selected.`;
  ["only", "clear", "copy-query", "copy-csv", "save-csv"].forEach((id) => { at(id).disabled = none; });
  const most = none ? null : partOfMost(selected);
  const again = at("open-part");
  again.disabled = !most || here().part === most.number;
  again.textContent = most ? `Lay out again: ${DATA.parts[most.number].name}` : "Lay out again";
  again.title = most
    ? `${grouped(most.count)} of the selected lie in it; it is laid out by itself, in the file`
    : "Select points most of which lie in one region";
  listSelected();
  plot.redraw();
  document.dispatchEvent(new Event("selection"));
}

function listSelected() {
  const rows = chosenRows();
  if (!rows.length) {
    at("table").replaceChildren();
    return;
  }
  const table = made("table", null);
  const head = made("tr", null);
  const columns = DATA.columns.slice(0, 4);
  ["Name", ...columns.map(headOf)].forEach((name) => head.append(made("th", name, { scope: "col" })));
  table.append(head);
  rows.slice(0, MOST_LISTED).forEach((row) => {
    const line = made("tr", null);
    line.append(made("td", DATA.names[row]), ...columns.map((column) => made("td", shownText(column, row))));
    table.append(line);
  });
  const caption = rows.length > MOST_LISTED ? `The first ${MOST_LISTED}; the CSV has all.` : "";
  table.prepend(made("caption", caption));
  at("table").replaceChildren(table);
}

function openPart() {
  const most = partOfMost(selected);
  if (!most) return;
  const total = selected.size;
  const view = partView(most.number);
  go([trail[0], view]);
  say(
    `${view.name}, laid out by itself: ${grouped(view.rows.length)} points, among them ${grouped(most.count)} of the ` +
      `${grouped(total)} selected.`,
  );
}

function showOnly() {
  const view = selectionView(here(), selected);
  if (!view.rows.length) {
    say("None of the selected points is in this view.");
    return;
  }
  go([...trail, view]);
  say("The selected points where they were, larger; a selection has no layout of its own in the file.");
}

function say(text) {
  at("said").textContent = text;
  if (!text) {
    at("exported").hidden = true;
    at("exported-label").hidden = true;
  }
}

async function handOver(text, done) {
  const box = at("exported");
  box.value = text;
  box.hidden = false;
  at("exported-label").hidden = false;
  const worked = await copied(text);
  if (!worked) {
    box.focus();
    box.select();
  }
  say(`${done} ${worked ? "Copied." : "Press Ctrl+C to copy it."}`);
}

function copyQuery() {
  const rows = chosenRows();
  const { text, count, lines } = queriesOf(rows);
  if (!count) {
    say("None of the selected points is a measurement on record, which a query could find.");
    return;
  }
  const left = rows.length - rows.filter((row) => DATA.records[row] !== null).length;
  const several = lines > 1 ? ` in ${lines} queries, as one takes ${DATA.mostValues} values` : "";
  const without = left ? ` ${grouped(left)} are no measurements on record and left out.` : "";
  handOver(text, `For --where: ${grouped(count)} measurements${several}.${without}`);
}

// a point

function describe(row, box, size) {
  box.replaceChildren();
  if (DATA.thumbnails[row]) {
    const picture = made("img", null, { alt: "", width: String(size) });
    picture.src = `data:image/png;base64,${DATA.thumbnails[row]}`;
    box.append(picture);
  }
  box.append(made("strong", DATA.names[row]));
  const table = made("table", null);
  DATA.columns.forEach((column) => {
    if (!isKnown(column, row)) return;
    const line = made("tr", null);
    line.append(made("th", headOf(column), { scope: "row" }), made("td", shownText(column, row)));
    table.append(line);
  });
  if (DATA.records[row] !== null) {
    const line = made("tr", null);
    line.append(made("th", "id", { scope: "row" }), made("td", DATA.records[row]));
    table.append(line);
  }
  box.append(table);
}

function showPoint(place, { hint = true } = {}) {
  if (place === current) return;
  current = place;
  const box = at("hint");
  box.hidden = place === null || !hint;
  if (place !== null) {
    const row = here().rows[place];
    describe(row, at("point"), 128);
    if (hint) {
      describe(row, box, 96);
      putBeside(box, plot.toScreen(place));
      const picture = box.querySelector("img");
      if (picture) picture.addEventListener("load", () => { if (place === current) putBeside(box, plot.toScreen(place)); });
    }
  }
  plot.redraw();
}

// Puts a box where it fits: on one side of a point or the other, and within the map.
function putBeside(box, [x, y]) {
  const left = x + 14 + box.offsetWidth > plot.width ? x - 14 - box.offsetWidth : x + 14;
  box.style.left = `${Math.max(0, left)}px`;
  box.style.top = `${Math.max(0, Math.min(y + 14, plot.height - box.offsetHeight))}px`;
}

// Goes to the next visible point of the view, from left to right.
function step(by) {
  const view = here();
  const order = view.rows.map((_, place) => place).filter((place) => visible[view.rows[place]]);
  if (!order.length) return;
  order.sort((one, other) => view.x[one] - view.x[other] || one - other);
  const now = current === null ? (by > 0 ? -1 : 0) : order.indexOf(current);
  const next = order[(now + by + order.length) % order.length];
  const [x, y] = plot.toScreen(next);
  if (x < 0 || y < 0 || x > plot.width || y > plot.height) plot.move(plot.width / 2 - x, plot.height / 2 - y);
  showPoint(next);
}

// pointer and keys

const pointer = (event) => [event.offsetX, event.offsetY];
let dragged = null;
const touches = new Map();

at("map").addEventListener("pointerdown", (event) => {
  at("map").setPointerCapture(event.pointerId);
  touches.set(event.pointerId, pointer(event));
  const drawing = lassoing || event.shiftKey;
  dragged = { from: pointer(event), last: pointer(event), drawing, added: event.ctrlKey || event.metaKey, moved: false };
  if (drawing) lasso = [pointer(event)];
});

at("map").addEventListener("pointermove", (event) => {
  const [x, y] = pointer(event);
  if (touches.size === 2 && touches.has(event.pointerId)) {
    pinch(event.pointerId, [x, y]);
    return;
  }
  if (!dragged) {
    showPoint(plot.nearest(x, y, visible, Math.max(8, plot.radius + 3)));
    return;
  }
  if (Math.hypot(x - dragged.from[0], y - dragged.from[1]) > 3) dragged.moved = true;
  if (dragged.drawing) {
    lasso.push([x, y]);
    plot.redraw();
  } else if (dragged.moved) {
    at("map").classList.add("moving");
    at("hint").hidden = true;
    plot.move(x - dragged.last[0], y - dragged.last[1]);
  }
  dragged.last = [x, y];
  touches.set(event.pointerId, [x, y]);
});

function pinch(id, [x, y]) {
  const [other] = [...touches].filter(([touch]) => touch !== id).map(([, place]) => place);
  const [lastX, lastY] = touches.get(id);
  const before = Math.hypot(lastX - other[0], lastY - other[1]);
  const after = Math.hypot(x - other[0], y - other[1]);
  if (before > 0) plot.zoom(after / before, (x + other[0]) / 2, (y + other[1]) / 2);
  touches.set(id, [x, y]);
  lasso = null;
  dragged = null;
}

function released(event) {
  touches.delete(event.pointerId);
  at("map").classList.remove("moving");
  if (!dragged) return;
  const { moved, drawing, added } = dragged;
  dragged = null;
  if (drawing && moved) {
    const rows = plot.inside(lasso, visible);
    lasso = null;
    select(rows, { added });
  } else {
    lasso = null;
    const place = plot.nearest(...pointer(event), visible, Math.max(8, plot.radius + 3));
    if (place !== null) toggle(place, added);
    plot.redraw();
  }
}

at("map").addEventListener("pointerup", released);
at("map").addEventListener("pointercancel", (event) => {
  touches.delete(event.pointerId);
  dragged = null;
  lasso = null;
  plot.redraw();
});
at("map").addEventListener("pointerleave", () => { if (!dragged) showPoint(null); });

function toggle(place, added) {
  const row = here().rows[place];
  if (added && selected.has(row)) select([...selected].filter((other) => other !== row));
  else select([row], { added });
}

at("map").addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    plot.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.offsetX, event.offsetY);
  },
  { passive: false },
);

at("map").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = {
    ArrowLeft: () => plot.move(50, 0),
    ArrowRight: () => plot.move(-50, 0),
    ArrowUp: () => plot.move(0, 50),
    ArrowDown: () => plot.move(0, -50),
    "+": () => plot.zoom(1.3),
    "=": () => plot.zoom(1.3),
    "-": () => plot.zoom(1 / 1.3),
    0: () => plot.fit(),
    n: () => step(1),
    p: () => step(-1),
    a: () => select(shownRows()),
    Enter: () => { if (current !== null) toggle(current, true); },
    Escape: () => { showPoint(null); select([]); },
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
});

// the page

function useLasso(on) {
  lassoing = on;
  at("lasso").setAttribute("aria-pressed", String(on));
  at("pan").setAttribute("aria-pressed", String(!on));
}

function begin() {
  at("title").textContent = DATA.title;
  at("map").setAttribute("aria-label", `Map of ${grouped(COUNT)} points`);
  at("notes").replaceChildren(...DATA.notes.map((note) => made("p", note)));
  at("colour").append(made("option", "none", { value: "-1" }));
  at("filter-column").append(made("option", "choose a column", { value: "" }), made("option", "Name", { value: "-1" }));
  DATA.columns.forEach((column, number) => {
    at("colour").append(made("option", headOf(column), { value: String(number) }));
    at("filter-column").append(made("option", headOf(column), { value: String(number) }));
  });
  const first = DATA.columns.findIndex((column) => column.name === DATA.colour);
  at("colour").value = String(first);
  at("colour").addEventListener("change", () => chooseColour(Number(at("colour").value)));
  at("filter-column").addEventListener("change", () => {
    const value = at("filter-column").value;
    at("filter-column").value = "";
    if (value !== "") addFilter(value === "-1" ? { kind: "name", name: "name" } : DATA.columns[Number(value)]);
  });
  at("pan").addEventListener("click", () => useLasso(false));
  at("lasso").addEventListener("click", () => useLasso(true));
  at("closer").addEventListener("click", () => plot.zoom(1.4));
  at("farther").addEventListener("click", () => plot.zoom(1 / 1.4));
  at("fit").addEventListener("click", () => plot.fit());
  at("all").addEventListener("click", () => select(shownRows()));
  at("clear").addEventListener("click", () => select([]));
  at("only").addEventListener("click", showOnly);
  at("open-part").addEventListener("click", openPart);
  at("copy-query").addEventListener("click", copyQuery);
  at("copy-csv").addEventListener("click", () =>
    handOver(csvOf(chosenRows()), `CSV of ${grouped(selected.size)} points.`));
  at("save-csv").addEventListener("click", () => download("selection.csv", csvOf(chosenRows())));
  chooseColour(first);
  go(trail);
  new ResizeObserver(() => { plot.measure(); plot.redraw(); }).observe(at("stage"));
  DARK.addEventListener("change", () => plot.redraw());
}

begin();
