"use strict";

// A shade of the style sheet, light or dark as the reader has it.
const shadeOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Draws points on a canvas, and knows which is where.
class Plot {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.scale = 1;
    this.middle = [0, 0];
    this.waiting = false;
    this.measure();
  }

  // Asking the browser for sizes is slow, and there are 25,000 points: they are kept.
  measure() {
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
  }

  show(view) {
    this.view = view;
    this.fit();
  }

  fit() {
    const [left, right] = extent(this.view.x);
    const [bottom, top] = extent(this.view.y);
    this.middle = [(left + right) / 2, (bottom + top) / 2];
    const [across, up] = [Math.max(right - left, 1e-9), Math.max(top - bottom, 1e-9)];
    this.fitted = 0.92 * Math.min(this.width / across, this.height / up) || 1;
    this.scale = this.fitted;
    this.redraw();
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [mapX, mapY] = this.toMap(x, y);
    this.scale *= factor;
    this.middle = [mapX - (x - this.width / 2) / this.scale, mapY + (y - this.height / 2) / this.scale];
    this.redraw();
  }

  move(dx, dy) {
    this.middle = [this.middle[0] - dx / this.scale, this.middle[1] + dy / this.scale];
    this.redraw();
  }

  toScreen(place) {
    return [
      this.width / 2 + (this.view.x[place] - this.middle[0]) * this.scale,
      this.height / 2 - (this.view.y[place] - this.middle[1]) * this.scale,
    ];
  }

  toMap(x, y) {
    return [this.middle[0] + (x - this.width / 2) / this.scale, this.middle[1] - (y - this.height / 2) / this.scale];
  }

  // Half the size of a point, in pixels: smaller where many would cover each other.
  get radius() {
    const count = this.view.rows.length;
    const base = count > 10000 ? 1.5 : count > 2000 ? 2.2 : count > 300 ? 3.2 : 5;
    return base * Math.min(2.5, Math.max(1, Math.sqrt(this.scale / this.fitted)));
  }

  redraw() {
    if (this.waiting || !this.state) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw(this.state());
    });
  }

  draw({ colours, visible, selected, current, lasso }) {
    const ratio = window.devicePixelRatio || 1;
    this.measure();
    const { width, height, context, view } = this;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const radius = this.radius;
    const round = view.rows.length <= 5000;
    const out = shadeOf("--hidden"); // colour of points that a filter leaves out
    const groups = new Map(); // one path for each colour: 25,000 single ones would be slow
    view.rows.forEach((row, place) => {
      const [x, y] = this.toScreen(place);
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return;
      const colour = visible[row] ? colours[row] : out;
      let group = groups.get(colour);
      if (!group) groups.set(colour, (group = []));
      group.push(x, y);
    });
    const hidden = groups.get(out);
    groups.delete(out);
    if (hidden) this.stamp(hidden, out, radius, round);
    if (selected.size) context.globalAlpha = 0.35;
    groups.forEach((points, colour) => this.stamp(points, colour, radius, round));
    context.globalAlpha = 1;
    if (selected.size) this.drawSelected(selected, colours, radius, round);
    if (current !== null) this.ring(current, radius + 4, 2.5);
    if (lasso && lasso.length > 1) {
      context.beginPath();
      lasso.forEach(([x, y], step) => (step ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      context.globalAlpha = 0.08;
      context.fillStyle = shadeOf("--accent");
      context.fill();
      context.globalAlpha = 1;
      context.setLineDash([5, 4]);
      context.strokeStyle = shadeOf("--accent");
      context.lineWidth = 1.5;
      context.stroke();
      context.setLineDash([]);
    }
  }

  stamp(points, colour, radius, round) {
    const { context } = this;
    context.fillStyle = colour;
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      if (round) {
        context.moveTo(points[i] + radius, points[i + 1]);
        context.arc(points[i], points[i + 1], radius, 0, 2 * Math.PI);
      } else {
        context.rect(points[i] - radius, points[i + 1] - radius, 2 * radius, 2 * radius);
      }
    }
    context.fill();
  }

  // Selected points keep their colours while the others fade, and have a dark edge besides.
  drawSelected(selected, colours, radius, round) {
    const groups = new Map();
    const edge = [];
    this.view.rows.forEach((row, place) => {
      if (!selected.has(row)) return;
      const [x, y] = this.toScreen(place);
      edge.push(x, y);
      if (!groups.has(colours[row])) groups.set(colours[row], []);
      groups.get(colours[row]).push(x, y);
    });
    this.stamp(edge, shadeOf("--text"), radius + 1, round);
    groups.forEach((points, colour) => this.stamp(points, colour, radius, round));
  }

  ring(place, radius, width) {
    const { context } = this;
    const [x, y] = this.toScreen(place);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = shadeOf("--text");
    context.lineWidth = width;
    context.stroke();
  }

  // The place in the view of the visible point nearest to a spot on the screen, or null.
  nearest(x, y, visible, within) {
    let best = null;
    let least = (within / this.scale) ** 2;
    const view = this.view;
    const [mapX, mapY] = this.toMap(x, y);
    for (let place = 0; place < view.rows.length; place += 1) {
      if (visible[view.rows[place]]) {
        const squared = (view.x[place] - mapX) ** 2 + (view.y[place] - mapY) ** 2;
        if (squared <= least) {
          least = squared;
          best = place;
        }
      }
    }
    return best;
  }

  // The rows of the visible points within a polygon on the screen.
  inside(polygon, visible) {
    return this.view.rows.filter((row, place) => visible[row] && encloses(polygon, this.toScreen(place)));
  }
}

function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

// Whether a point lies in a polygon: a ray from it crosses the edge an odd number of times.
function encloses(polygon, [x, y]) {
  let odd = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [xi, yi] = polygon[i];
    const [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}
