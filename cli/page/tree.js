// Which rows of the files are shown, in which order.

const ALL_OPEN = 200; // so few rows are shown with every directory open
const opened = new Set();
const closed = new Set();

function forgetOpened() {
  opened.clear();
  closed.clear();
}

// The rows that the layer and the filter keep, as a function of a row.
function rowFilter(shownFiles) {
  const keeps = pathFilter(state.filter);
  const { layer, hidden } = state;
  return (row) =>
    (layer === null || shownFiles.layers[row] === layer || shownFiles.goneIn[row] === layer) &&
    (!hidden || shownFiles.isWaste(row)) &&
    (keeps === null || keeps(shownFiles.path(row), shownFiles.lowerPath(row)));
}

function showsList() {
  return state.list || state.filter !== "";
}

function rowOrder(shownFiles, bytes) {
  if (state.sort === "size") return (a, b) => bytes[b] - bytes[a] || a - b;
  if (state.sort === "layer") return (a, b) => shownFiles.layers[a] - shownFiles.layers[b] || a - b;
  return null;
}

// Of files alone; with a text to find, of directories that a layer states too.
function listRows(shownFiles) {
  const keeps = rowFilter(shownFiles);
  const rows = [];
  for (let row = 0; row < shownFiles.count; ++row) {
    const isListed = !shownFiles.isDirectory(row) || (state.filter !== "" && shownFiles.layers[row] >= 0);
    if (isListed && keeps(row)) rows.push(row);
  }
  const order = rowOrder(shownFiles, shownFiles.sizes);
  return { rows: order ? rows.sort(order) : rows, bytes: shownFiles.sizes, kept: rows.length, children: null };
}

// Of each row, how many kept ones it holds, itself included, their bytes, and the bytes that are not
// visible.
function sums(shownFiles) {
  const keeps = rowFilter(shownFiles);
  const counts = new Int32Array(shownFiles.count);
  const bytes = new Float64Array(shownFiles.count);
  const waste = new Float64Array(shownFiles.count);
  let kept = 0;
  for (let row = shownFiles.count - 1; row >= 0; --row) {
    if (keeps(row)) {
      ++counts[shownFiles.shownAs[row]];
      bytes[row] += shownFiles.sizes[row];
      if (shownFiles.isWaste(row)) waste[row] += shownFiles.sizes[row];
      if (!shownFiles.isDirectory(row)) ++kept;
    }
    const parent = shownFiles.parents[row];
    if (parent < 0 || shownFiles.shownAs[row] !== row) continue;
    counts[parent] += counts[row];
    bytes[parent] += bytes[row];
    waste[parent] += waste[row];
  }
  return { counts, bytes, waste, kept };
}

// children[row]: the kept rows in it; those of -1 are at the top.
function childrenOf(shownFiles, counts) {
  const children = new Map();
  let total = 0;
  for (let row = 0; row < shownFiles.count; ++row) {
    if (counts[row] === 0 || shownFiles.shownAs[row] !== row) continue;
    const parent = shownFiles.parents[row];
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(row);
    ++total;
  }
  return { children, total };
}

function treeRows(shownFiles) {
  const { counts, bytes, waste, kept } = sums(shownFiles);
  const { children, total } = childrenOf(shownFiles, counts);
  const order = rowOrder(shownFiles, bytes);
  const openAll = total <= ALL_OPEN;
  const isOpen = (row) => opened.has(row) || (openAll && !closed.has(row));
  const rows = [];
  const waiting = [-1];
  while (waiting.length > 0) {
    const row = waiting.pop();
    if (row >= 0) rows.push(row);
    if (row >= 0 && !isOpen(row)) continue;
    const inside = children.get(row) ?? [];
    if (order) inside.sort(order);
    for (let i = inside.length - 1; i >= 0; --i) waiting.push(inside[i]);
  }
  return { rows, bytes, waste, kept, children, isOpen };
}

function shownRows(shownFiles) {
  return showsList() ? listRows(shownFiles) : treeRows(shownFiles);
}

function setOpen(row, open) {
  (open ? opened : closed).add(row);
  (open ? closed : opened).delete(row);
}

function openAbove(shownFiles, row) {
  for (let parent = shownFiles.parents[row]; parent >= 0; parent = shownFiles.parents[parent]) setOpen(parent, true);
}
