// What is chosen and typed. It stands behind the # of the address, so that a link shows the same.

const data = JSON.parse(document.getElementById("data").textContent);

const NOTHING_CHOSEN = {
  image: 0,
  layer: null,
  filter: "",
  list: false,
  hidden: false,
  sort: "path",
  row: null,
  finding: null,
};
const NUMBERS = ["image", "layer", "row", "finding"];
const SORTS = ["path", "size", "layer"];

let state = { ...NOTHING_CHOSEN };
const listeners = [];
const filesOf = [];

function image() {
  return data.images[state.image];
}

// Made when the image is looked at.
function files() {
  if (!filesOf[state.image]) filesOf[state.image] = new Files(image().files);
  return filesOf[state.image];
}

function withinBounds(number, bound) {
  return Number.isInteger(number) && number >= 0 && number < bound ? number : null;
}

// Whatever an address says is turned into something that exists.
function stateOf(hash) {
  const read = { ...NOTHING_CHOSEN };
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  for (const name of NUMBERS) {
    if (words.has(name)) read[name] = Number.parseInt(words.get(name), 10);
  }
  read.image = withinBounds(read.image, data.images.length) ?? 0;
  const chosen = data.images[read.image];
  read.layer = withinBounds(read.layer, chosen.layers.length);
  read.finding = withinBounds(read.finding, chosen.findings.length);
  read.row = withinBounds(read.row, chosen.files.depths.length);
  read.filter = words.get("filter") ?? "";
  read.list = words.has("list");
  read.hidden = words.has("hidden");
  if (SORTS.includes(words.get("sort"))) read.sort = words.get("sort");
  return read;
}

function hashOf(chosen) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(chosen)) {
    if (value !== NOTHING_CHOSEN[name]) words.set(name, value === true ? "" : value);
  }
  return "#" + words.toString();
}

function whenChanged(listener) {
  listeners.push(listener);
}

// Later, since browsers refuse an address that changes with every key.
let writing = 0;
function writeHash() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", hashOf(state)), 150);
}

// Listeners get what was before.
function change(changes) {
  const before = state;
  state = { ...state, ...changes };
  writeHash();
  for (const listener of listeners) listener(before);
}

function chooseLayer(layer) {
  change({ layer: layer === state.layer ? null : layer, row: null });
}
