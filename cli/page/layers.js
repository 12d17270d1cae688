// The layers as a picture, and the history beside them.

// Bytes of the layer tar; 0 of one that cannot be read.
function bytesOf(layer) {
  return layer.size ?? 0;
}

function layerTitle(layer, waste) {
  let title = "Layer " + layer.index + ", ";
  if (layer.error !== null) return title + "cannot be read";
  title += humanSize(layer.size);
  return waste > 0 ? title + ", of which " + humanSize(waste) + " not visible" : title;
}

function layerBlock(layer, waste) {
  const hatch = element("span", { class: "hatch" });
  hatch.style.width = Math.min(100, (100 * waste) / Math.max(1, bytesOf(layer))) + "%";
  const block = element("button", {
    type: "button",
    class: "block shade" + (layer.index % 3) + (layer.error !== null ? " unread" : ""),
    "data-layer": layer.index,
    "aria-label": layerTitle(layer, waste),
    title: layerTitle(layer, waste),
    onclick: () => chooseLayer(layer.index),
  }, hatch, element("span", { class: "number" }, String(layer.index)));
  block.style.flexGrow = bytesOf(layer);
  return block;
}

function changesText(layer) {
  if (layer.changes === null) return "";
  const [added, changed, removed] = layer.changes;
  if (layer.index === 0) return counted(added, "file");
  const parts = [["+", added], ["~", changed], ["−", removed]].filter((part) => part[1] > 0);
  return parts.map(([sign, count]) => sign + thousands(count)).join(" ") || "no files";
}

function changesTitle(layer) {
  if (layer.changes === null) return null;
  const [added, changed, removed] = layer.changes;
  return counted(added, "file") + " added, " + thousands(changed) + " stored again, " + thousands(removed) + " removed";
}

function shareBar(bytes, waste, largest) {
  const full = element("span", { class: "full" }, element("span", { class: "hatch" }));
  full.style.width = (100 * bytes) / Math.max(1, largest) + "%";
  full.firstChild.style.width = Math.min(100, (100 * waste) / Math.max(1, bytes)) + "%";
  return element("span", { class: "share", "aria-hidden": "true" }, full);
}

function layerCells(layer, waste, largest) {
  const size = layer.error !== null ? "not read" : humanSize(layer.size);
  return [
    element("span", { class: "layer" }, String(layer.index)),
    element("span", { class: "size" }, size),
    shareBar(bytesOf(layer), waste, largest),
    element("span", { class: "changes", title: changesTitle(layer) }, changesText(layer)),
  ];
}

function layerLine(layer, words, waste, largest, step) {
  const what = element("span", { class: "what" }, text("code", "", words));
  if (layer.error !== null) what.append(text("span", "bad", layer.error));
  if (waste > 0) what.append(text("span", "waste", humanSize(waste) + " not visible"));
  const button = element("button", {
    type: "button",
    class: "step",
    "data-layer": layer.index,
    onclick: () => chooseLayer(layer.index),
  }, ...layerCells(layer, waste, largest), what);
  return element("li", { "data-step": step }, button);
}

function emptyLine(step) {
  const dot = element("span", { class: "layer", title: "a step that made no layer" }, "·");
  return element("li", { "data-step": step.index },
    element("div", { class: "step empty" }, dot, element("span", { class: "size" }), element("span", { class: "share" }),
      element("span", { class: "changes" }), element("span", { class: "what" }, text("code", "", step.text))));
}

// The layers with the steps that made them; of one layer of many steps, it first.
function stepLines(shownImage, wastes) {
  const largest = Math.max(1, ...shownImage.layers.map(bytesOf));
  const line = (layer, words, step) => layerLine(layer, words, wastes[layer.index], largest, step);
  if (!shownImage.history_matches_layers) {
    return [...shownImage.layers.map((layer) => line(layer, shortDigest(layer.diff_id), null)),
            ...shownImage.history.map(emptyLine)];
  }
  const lines = [];
  for (const step of shownImage.history) {
    const layer = step.layer === null ? null : shownImage.layers[step.layer];
    if (layer === null) {
      lines.push(emptyLine(step));
      continue;
    }
    const [first, last] = layer.steps;
    if (first === last) {
      lines.push(line(layer, step.text, step.index));
      continue;
    }
    lines.splice(lines.length - (last - first), last - first);
    lines.push(line(layer, "one layer for steps " + first + " to " + last + ":", null));
    lines.push(...shownImage.history.slice(first, last + 1).map(emptyLine));
  }
  return lines;
}

function historyRemark(shownImage) {
  const layers = counted(shownImage.layers.length, "layer");
  const steps = counted(shownImage.history.length, "step");
  if (shownImage.history.length === 0) return layers + ", no history is recorded";
  return layers + ", " + steps + (shownImage.history_matches_layers ? "" : ", which do not match each other");
}

function layersSection() {
  return section("layers", "Layers",
    element("div", { class: "picture", role: "group", "aria-label": "Layers in proportion to their bytes", "data-arrows": "" }),
    text("p", "legend", "Each block is a layer, the base at the left, as wide as its bytes. " +
      "Hatched: stored but not visible. A click shows what the layer stores and removes."),
    element("ol", { class: "steps", "data-arrows": "" }));
}

function renderLayers() {
  const wastes = wasteOfLayers(image(), files());
  remark("layers", historyRemark(image()));
  document.querySelector(".picture").replaceChildren(...image().layers.map((layer) => layerBlock(layer, wastes[layer.index])));
  document.querySelector(".steps").replaceChildren(...stepLines(image(), wastes));
  markLayer();
}

function markLayer() {
  for (const button of document.querySelectorAll("[data-layer]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.layer) === state.layer));
  }
}

function showStep(index) {
  const line = document.querySelector('[data-step="' + index + '"]');
  if (line === null) return false;
  mark(line);
  return true;
}
