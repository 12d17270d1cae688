// Pictures, as SVG. Their sizes are in the units of viewBox.

function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function label(x, y, content, className = "", anchor = "start") {
  return svg("text", { x, y, class: className, "text-anchor": anchor }, shown(content));
}

// Heat map: tools by the groups of a dimension. One cell has the focus; arrows move it.
const CELL = { width: 46, height: 26, left: 210, top: 120 };

function heatCell(tool, dimension, name, column, row, tell) {
  const cell = cellOf(tool, dimension, name);
  const found = cell?.instances ?? { hits: 0, of: 0, units: 0, value: null, interval: null };
  const words = tool.id + ", " + dimension + " " + name + ": " + inWords(found);
  const x = CELL.left + column * CELL.width;
  const y = CELL.top + row * CELL.height;
  const kind = found.of === 0 ? "empty" : found.units < FEWEST ? "few" : "full";
  const made = svg("g", {
    class: "cell " + kind, role: "img", tabindex: row + column === 0 ? "0" : "-1", "aria-label": shown(words),
    "data-row": row, "data-column": column, onfocus: () => tell(words), onmouseenter: () => tell(words),
  }, svg("rect", {
    x: x + 1, y: y + 1, width: CELL.width - 2, height: CELL.height - 2, rx: 3, "fill-opacity": kind === "empty" ? 0 : (kind === "few" ? 0.3 : 0.92) * found.value + 0.08,
  }));
  const content = found.of === 0 ? "–" : Math.round(100 * found.value) + "";
  made.append(label(x + CELL.width / 2, y + 17, content, found.value > 0.5 ? "on" : "", "middle"));
  made.append(svg("title", {}, shown(words)));
  return made;
}

function moveInMap(event) {
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  const from = event.target.closest(".cell");
  if (!step || !from) return;
  event.preventDefault();
  const row = Number(from.dataset.row) + step[0];
  const column = Number(from.dataset.column) + step[1];
  const next = from.parentNode.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  if (!next) return;
  from.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

function heatMap(dimension, tell) {
  const names = groupsOf(dimension);
  const width = CELL.left + names.length * CELL.width + 70;
  const height = CELL.top + drawn.length * CELL.height + 6;
  const map = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "heat", role: "group",
    "aria-label": "Recall by scanner and " + dimension, onkeydown: moveInMap });
  names.forEach((name, column) => {
    const x = CELL.left + (column + 0.5) * CELL.width;
    const turned = label(x, CELL.top - 8, name);
    turned.setAttribute("transform", `rotate(-40 ${x} ${CELL.top - 8})`);
    map.append(turned);
  });
  drawn.forEach((tool, row) => {
    map.append(label(CELL.left - 10, CELL.top + row * CELL.height + 17, tool.id, tool.own ? "own" : "", "end"));
    names.forEach((name, column) => map.append(heatCell(tool, dimension, name, column, row, tell)));
  });
  return map;
}

// A square with axes; places in it by shares of both axes.
const NAME = { height: 13, letter: 7.2, gap: 12 };
const PLOT = { width: 620, height: 360, left: 64, right: 150, top: 14, bottom: 46 };

function across(share) {
  return PLOT.left + share * (PLOT.width - PLOT.left - PLOT.right);
}

function upward(share) {
  return PLOT.height - PLOT.bottom - share * (PLOT.height - PLOT.top - PLOT.bottom);
}

function plot(title, xTitle, xTicks, yTitle, yTicks) {
  const made = svg("svg", { viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, class: "plot", role: "group", "aria-label": title });
  for (const [at, name] of xTicks) {
    made.append(svg("line", { x1: across(at), x2: across(at), y1: upward(0), y2: upward(1), class: "rule" }),
      label(across(at), upward(0) + 17, name, "tick", "middle"));
  }
  for (const [at, name] of yTicks) {
    made.append(svg("line", { x1: across(0), x2: across(1), y1: upward(at), y2: upward(at), class: "rule" }),
      label(across(0) - 7, upward(at) + 4, name, "tick", "end"));
  }
  made.append(label(across(0.5), PLOT.height - 8, xTitle, "axis", "middle"));
  const turned = label(14, upward(0.5), yTitle, "axis", "middle");
  turned.setAttribute("transform", `rotate(-90 14 ${upward(0.5)})`);
  made.append(turned);
  return made;
}

function point(x, y, tool, words, tell) {
  return svg("circle", { cx: x, cy: y, r: 5, class: "point " + styleOf(tool), tabindex: "0", role: "img",
    "aria-label": shown(words), onfocus: () => tell(words), onmouseenter: () => tell(words) },
  svg("title", {}, shown(words)));
}

// Each name beside its point, at the nearest height where it covers no other name, with a line to the point when that is elsewhere.
function names(places) {
  const taken = [];
  const isFree = (box) => box.top >= 0 && box.bottom <= PLOT.height &&
    taken.every((other) => box.left > other.right || other.left > box.right || box.top >= other.bottom || other.top >= box.bottom);
  return [...places].sort((a, b) => a.y - b.y).flatMap(({ x, y, tool }) => {
    const name = withoutView(tool);
    const width = NAME.letter * name.length;
    const isLeft = x + NAME.gap + width > PLOT.width; // of the point
    const start = isLeft ? x - NAME.gap - width : x + NAME.gap;
    const at = (step) => {
      const middle = y + (step % 2 ? 1 : -1) * Math.ceil(step / 2) * NAME.height;
      return { left: start, right: start + width, top: middle - NAME.height / 2, bottom: middle + NAME.height / 2, middle };
    };
    const steps = Array.from({ length: 2 * Math.ceil(PLOT.height / NAME.height) }, (_, step) => at(step));
    const box = steps.find(isFree) ?? steps[0];
    taken.push(box);
    const made = [label(isLeft ? box.right : box.left, box.middle + 4, name, "name " + styleOf(tool), isLeft ? "end" : "start")];
    if (box.middle !== y) {
      made.push(svg("line", { x1: x, y1: y, x2: isLeft ? box.right + 1 : box.left - 1, y2: box.middle, class: "leader " + styleOf(tool) }));
    }
    return made;
  });
}

function withoutView(tool) {
  return tool.scanner + " " + tool.configuration;
}

// Views hold different leaks and other files: each has a picture of its own.
function inEachView(tools, draw) {
  const of = [...new Set(tools.map((tool) => tool.view))].sort();
  return element("div", { class: "plots" }, ...of.map((view) =>
    element("div", {}, text("h3", "", "View " + view), draw(tools.filter((tool) => tool.view === view), view))));
}

const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => [at, 100 * at + " %"]);

function recallAgainstAlarms(tell) {
  const measured = drawn.filter((tool) => tool.total.instances.of > 0 && tool.total.decoys.of > 0);
  if (measured.length === 0) return text("p", "faint", "No run has both leaks and decoys.");
  return inEachView(measured, (tools, view) => alarmsOf(tools, view, tell));
}

function alarmsOf(tools, view, tell) {
  const made = plot("Recall against decoys reported, view " + view, "decoys reported", SHARES, "leaks found (recall)", SHARES);
  const places = [];
  for (const tool of tools) {
    const { instances, decoys: reported } = tool.total;
    const x = across(reported.value);
    const y = upward(instances.value);
    made.append(
      svg("line", { x1: x, x2: x, y1: upward(instances.interval[0]), y2: upward(instances.interval[1]), class: "bar-of " + styleOf(tool) }),
      svg("line", { y1: y, y2: y, x1: across(reported.interval[0]), x2: across(reported.interval[1]), class: "bar-of " + styleOf(tool) }),
      point(x, y, tool, tool.id + ": leaks " + inWords(instances) + "; decoys " + inWords(reported), tell));
    places.push({ x, y, tool });
  }
  made.append(...names(places));
  return made;
}

// Whole powers of ten that hold all values.
function decades(values) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return { low, high, at: (value) => (Math.log10(value) - low) / (high - low) };
}

function ticks(scale, name) {
  const made = [];
  for (let power = scale.low; power <= scale.high; ++power) made.push([scale.at(10 ** power), name(10 ** power)]);
  return made;
}

function timeAgainstBytes(tell) {
  const timed = drawn.filter((tool) => tool.cost.by_size.some((one) => one.seconds > 0));
  if (timed.length === 0) return text("p", "faint", "No run has told its time.");
  return inEachView(timed, (tools, view) => timesOf(tools, view, tell));
}

function timesOf(timed, view, tell) {
  const points = timed.flatMap((tool) => tool.cost.by_size.filter((one) => one.seconds > 0));
  const x = decades(points.map((one) => one.bytes));
  const y = decades(points.map((one) => one.seconds));
  const made = plot("Time against bytes, view " + view, "bytes of the archive", ticks(x, humanSize), "seconds (median)", ticks(y, (time) => time + " s"));
  const places = [];
  for (const tool of timed) {
    const line = tool.cost.by_size.filter((one) => one.seconds > 0)
      .map((one) => ({ ...one, x: across(x.at(one.bytes)), y: upward(y.at(one.seconds)) }));
    made.append(svg("polyline", { points: line.map((one) => one.x + "," + one.y).join(" "), class: "line " + styleOf(tool) }));
    for (const one of line) {
      made.append(point(one.x, one.y, tool, tool.id + ": " + seconds(one.seconds) + " for " + humanSize(one.bytes) +
        " (median of " + counted(one.images, "image") + ")", tell));
    }
    places.push({ ...line[line.length - 1], tool });
  }
  made.append(...names(places));
  return made;
}
