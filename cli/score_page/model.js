// What the page shows of the score.

const data = JSON.parse(document.getElementById("data").textContent);

const FEWEST = 10; // leaks; a cell of fewer is grey
const DIMENSIONS = ["channel", "carrier", "class", "kind", "encoding", "visibility", "tier", "archive", "builder"];

// Scanners with a row in the ranking, the best first; ours, and those of names alone, stand apart.
const ranked = data.tools.filter((tool) => tool.headline && !tool.own && !tool.names_alone)
  .sort((a, b) => b.total.instances.value - a.total.instances.value);
const own = data.tools.filter((tool) => tool.headline && tool.own);
const ofNames = data.tools.filter((tool) => tool.headline && tool.names_alone && !tool.own);
const without = data.tools.filter((tool) => !tool.headline);
const drawn = [...ranked, ...ofNames, ...own];

function percent(share) {
  return share === null ? "–" : (100 * share).toFixed(1) + " %";
}

function range(interval) {
  return interval === null ? "–" : (100 * interval[0]).toFixed(1) + "–" + (100 * interval[1]).toFixed(1);
}

// "12 of 24, 50.0 % [31.4–68.6]".
function inWords(proportion) {
  if (!proportion || proportion.of === 0) return "none to find";
  return thousands(proportion.hits) + " of " + thousands(proportion.of) + ", " + percent(proportion.value) +
    " [" + range(proportion.interval) + "]";
}

function seconds(time) {
  if (time === null) return "–";
  return time < 1 ? Math.round(1000 * time) + " ms" : time.toFixed(1) + " s";
}

function groupsOf(dimension) {
  const names = new Set();
  for (const tool of drawn) {
    for (const group of tool.by[dimension].groups) {
      if (group.instances.of > 0) names.add(group.name);
    }
  }
  return [...names].sort();
}

function cellOf(tool, dimension, name) {
  return tool.by[dimension].groups.find((group) => group.name === name) ?? null;
}

// The number of a tool's colour and dashes, the same in all pictures.
function styleOf(tool) {
  return "tool" + (data.tools.indexOf(tool) % 8) + (tool.own ? " own" : "");
}
