// What the page shows of the score.

const data = JSON.parse(document.getElementById("data").textContent);

const FEWEST = 10; // leaks; a cell of fewer is grey
const DIMENSIONS = ["channel", "carrier", "class", "kind", "encoding", "visibility", "tier", "archive", "builder"];

// Scanners with a row in the ranking, by view, in each the best first; ours, and those of names alone, stand apart.
const ranked = data.tools.filter((tool) => tool.headline && !tool.own && !tool.names_alone)
  .sort((a, b) => a.view.localeCompare(b.view) || b.total.instances.value - a.total.instances.value);
const views = [...new Set(ranked.map((tool) => tool.view))];
const own = data.tools.filter((tool) => tool.headline && tool.own);
const ofNames = data.tools.filter((tool) => tool.headline && tool.names_alone && !tool.own);
const without = data.tools.filter((tool) => !tool.headline);
const drawn = [...ranked, ...ofNames, ...own];

// With a true minus, and none before a zero.
function inHundredths(share) {
  const digits = Math.abs(100 * share).toFixed(1);
  return (share < 0 && Number(digits) > 0 ? "−" : "") + digits;
}

function percent(share) {
  return share === null ? "–" : inHundredths(share) + " %";
}

function range(interval) {
  if (interval === null) return "–";
  return interval.map(inHundredths).join(interval.some((end) => end < 0) ? " to " : "–");
}

function spread(seeds) {
  if (seeds === null) return "–";
  return range([seeds.low, seeds.high]) + (seeds.is === "range" ? " (min–max of " + seeds.seeds + " seeds)" : "");
}

// "650", or "650 × 2" when each is tried twice.
function trials({ of, units }) {
  if (of === units) return thousands(of);
  return thousands(units) + (of % units === 0 ? " × " + of / units : " in " + thousands(of));
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

const scanners = [...new Set(data.tools.map((tool) => tool.scanner))].sort();
const STYLES = 12; // score.css has as many

// A scanner's colour, the same in all pictures; lines of its default configuration are dashed.
function styleOf(tool) {
  return "tool" + (scanners.indexOf(tool.scanner) % STYLES) + (tool.configuration === "default" ? " plain" : "") + (tool.own ? " own" : "");
}
