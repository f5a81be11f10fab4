"use strict";

// A map over its picture: the value under the pointer, or where the keys have gone.
(() => {
  const at = (id) => document.getElementById(id);
  const [canvas, picture, box] = [at("field-map"), at("field-picture"), at("field-box")];
  const source = at("field").dataset.source;
  let layer = null;
  let place = null; // row and column of the block that is told

  const shown = (value) => (value === null ? "no value" : `${Number(value.toPrecision(4))} ${layer.unit}`.trim());

  async function load() {
    let answer;
    try {
      answer = await fetch(`${source}${at("layer").value}.json`);
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      layer = await answer.json();
    } catch (error) {
      at("field-value").textContent = `The map cannot be loaded: ${error.message}.`;
      return;
    }
    ["field-box", "field-options", "field-bar", "field-ends", "field-keys"].forEach((id) => { at(id).hidden = false; });
    box.style.aspectRatio = `${layer.columns} / ${layer.rows}`;
    draw();
    legend();
    if (place) tell();
    else at("field-value").textContent = `${layer.label}.`;
  }

  const colourOf = (value) => {
    const { colours, ends: [low, high] } = layer;
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return colours[Math.round(share * (colours.length - 1))];
  };

  function draw() {
    canvas.width = layer.columns;
    canvas.height = layer.rows;
    const context = canvas.getContext("2d");
    const image = context.createImageData(layer.columns, layer.rows);
    layer.values.forEach((value, number) => {
      if (value === null) return;
      const colour = parseInt(colourOf(value).slice(1), 16);
      image.data.set([colour >> 16, (colour >> 8) & 255, colour & 255, 255], 4 * number);
    });
    context.putImageData(image, 0, 0);
    fade();
  }

  function fade() {
    canvas.style.opacity = picture.hidden ? 1 : at("opacity").value / 100;
  }

  function legend() {
    const bar = at("field-bar");
    const context = bar.getContext("2d");
    const { colours, ends: [low, high] } = layer;
    colours.forEach((colour, step) => {
      context.fillStyle = colour;
      context.fillRect((step * bar.width) / colours.length, 0, bar.width / colours.length + 1, bar.height);
    });
    const { values } = layer;
    const beyond = (test) => values.some((value) => value !== null && test(value));
    const texts = [
      `${beyond((value) => value < low) ? "≤ " : ""}${shown(low)}`,
      layer.label,
      `${beyond((value) => value > high) ? "≥ " : ""}${shown(high)}`,
    ];
    [...at("field-ends").children].forEach((part, number) => { part.textContent = texts[number]; });
    bar.setAttribute("aria-label", `Colours from ${shown(low)} to ${shown(high)}`);
  }

  function tell() {
    const [row, column] = place;
    const { block, um_per_step: step, columns, values } = layer;
    const where = step
      ? `x ${Number((column * block * step).toPrecision(4))} µm, y ${Number((row * block * step).toPrecision(4))} µm`
      : `row ${row * block}, column ${column * block}`;
    const mean = block > 1 ? ` (mean of ${block} × ${block} places)` : "";
    at("field-value").textContent = `${layer.label}: ${shown(values[row * columns + column])}${mean} at ${where}`;
    mark();
  }

  // A square around the place, on top of the map and not of its colours.
  function mark() {
    let cursor = at("field-cursor");
    if (!cursor) {
      cursor = document.createElement("div");
      cursor.id = "field-cursor";
      box.append(cursor);
    }
    cursor.style.left = `${(100 * (place[1] + 0.5)) / layer.columns}%`;
    cursor.style.top = `${(100 * (place[0] + 0.5)) / layer.rows}%`;
  }

  canvas.addEventListener("pointermove", (event) => {
    if (!layer) return;
    const within = (spot, size, count) => Math.min(count - 1, Math.max(0, Math.floor((spot / size) * count)));
    place = [
      within(event.offsetY, canvas.clientHeight, layer.rows),
      within(event.offsetX, canvas.clientWidth, layer.columns),
    ];
    tell();
  });

  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (!step || !layer || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    const sizes = [layer.rows, layer.columns];
    const from = place || sizes.map((size) => Math.floor(size / 2));
    place = from.map((now, axis) => Math.min(sizes[axis] - 1, Math.max(0, now + far * step[axis])));
    tell();
  });

  function withoutPicture() {
    picture.hidden = true;
    at("opacity").disabled = true;
    fade();
  }

  at("layer").addEventListener("change", load);
  at("opacity").addEventListener("input", fade);
  at("field-options").addEventListener("submit", (event) => event.preventDefault());
  picture.addEventListener("error", withoutPicture);
  if (picture.complete && !picture.naturalWidth) withoutPicture();
  load();
})();
