// Head, images, waste, configuration, notes.

const FIRST_WASTE = 20;

function fact(number, words, className) {
  return element("div", { class: "fact" }, text("dt", "", words), text("dd", className ?? "", number));
}

function head() {
  return element("header", {}, element("h1"), element("p", { class: "what-it-is" }), element("dl", { class: "facts" }));
}

function renderHead() {
  const shownImage = image();
  document.title = shown(shownImage.source.reference) + " – Watertight";
  const title = document.querySelector("h1");
  title.replaceChildren(shown(shownImage.source.reference), verdictBadge(shownImage) ?? "");
  const about = [...shownImage.source.tags, shownImage.image.platform, shortDigest(shownImage.image.id),
                 shownImage.image.created && shortTime(shownImage.image.created)].filter(Boolean);
  document.querySelector(".what-it-is").replaceChildren(...about.map((one) => text("span", "", one)));
  document.querySelector(".facts").replaceChildren(...facts(shownImage));
}

function facts(shownImage) {
  const { size, wasted, hidden_files: hidden } = shownImage.image;
  const known = size !== null;
  const list = [
    fact(known ? humanSize(size) : "not known", "in " + counted(shownImage.layers.length, "layer")),
    fact(known ? humanSize(wasted) : "not known", "stored but not visible" + (known ? ", in " + counted(hidden, "file") : ""),
      wasted > 0 ? "waste" : ""),
    fact(thousands(shownImage.layers.reduce((sum, layer) => sum + (layer.entries ?? 0), 0)), "entries in all layers"),
  ];
  if (data.command !== "check") return list;
  const errors = groupsOf(shownImage.findings.map((finding, index) => ({ finding, index })))
    .filter((group) => group[0].finding.level === "error").length;
  list.push(fact(thousands(errors), errors === 1 ? "secret found" : "secrets found", errors > 0 ? "bad" : "good"));
  return list;
}

function imagesSection() {
  return section("images", "Images", element("ul", { class: "images", "data-arrows": "" }));
}

function imageLine(one, index) {
  const bytes = one.image.size === null ? "" : humanSize(one.image.size);
  return element("li", {}, element("button", {
    type: "button",
    "data-image": index,
    onclick: () => change({ ...NOTHING_CHOSEN, image: index }),
  }, verdictBadge(one), text("span", "name", one.source.reference), text("span", "fate", one.source.tags.join(", ")),
    text("span", "size", bytes)));
}

function unopenedLine(error) {
  return element("li", {}, element("div", { class: "unopened" }, text("span", "badge bad", "not opened"),
    text("span", "name", error)));
}

function imagesRemark() {
  const failed = data.images.filter((one) => countChecks(one, "failed") > 0).length;
  const unopened = data.unopened.length;
  return data.images.length + (data.command === "check" ? ", of which " + failed + " failed" : "") +
    (unopened > 0 ? "; " + unopened + " could not be opened" : "");
}

function renderImages() {
  document.getElementById("images").hidden = data.images.length + data.unopened.length < 2;
  remark("images", imagesRemark());
  document.querySelector(".images").replaceChildren(...data.images.map(imageLine), ...data.unopened.map(unopenedLine));
  for (const button of document.querySelectorAll("[data-image]")) {
    button.setAttribute("aria-current", String(Number(button.dataset.image) === state.image));
  }
}

function wasteSection() {
  const all = element("button", {
    type: "button",
    class: "all",
    onclick: () => {
      change({ hidden: true, list: true, sort: "size", layer: null, filter: "", row: null });
      reveal(document.getElementById("files"));
    },
  }, "Show all of them among the files");
  return section("waste", "Stored but not visible", element("ul", { class: "wasted", "data-arrows": "" }), all);
}

// The layer that stored it is chosen with it; a directory stands for its first file.
function wasteLine({ row, count, bytes }, largest) {
  let first = row;
  while (!files().isWaste(first)) ++first;
  const path = files().path(row) + (files().isDirectory(row) ? "/" : "");
  return element("li", {}, element("button", {
    type: "button",
    onclick: () => {
      change({ row, layer: files().layers[first], filter: "", hidden: false, list: false });
      reveal(document.getElementById("files"));
    },
  }, text("code", "", path), shareBar(bytes, bytes, largest), text("span", "size", humanSize(bytes)),
    text("span", "size", count === 1 ? "" : counted(count, "file")), text("span", "waste", files().fate(first))));
}

function renderWaste() {
  const groups = files().wasteGroups();
  document.getElementById("waste").hidden = groups.length === 0;
  if (groups.length === 0) return;
  const { wasted, hidden_files: hidden } = image().image;
  remark("waste", humanSize(wasted) + " in " + counted(hidden, "file") + (groups.length > 1 ? ", the largest first" : ""));
  document.querySelector(".wasted").replaceChildren(
    ...groups.slice(0, FIRST_WASTE).map((group) => wasteLine(group, groups[0].bytes)));
}

// [field, value] of all that is set; fields are named as findings name them.
function fieldsOf(value, field) {
  if (value === null || value === "" || value === false) return [];
  if (typeof value !== "object") return [[field, value]];
  const named = (key) => (/^[A-Za-z_]\w*$/.test(key) ? "." + key : "[" + JSON.stringify(key) + "]");
  return Object.entries(value).flatMap(([key, member]) => {
    const step = Array.isArray(value) ? "[" + key + "]" : named(key);
    const isSet = typeof member === "object" && member !== null && Object.keys(member).length === 0 && !Array.isArray(value);
    return isSet ? [[field + step, ""]] : fieldsOf(member, field + step);
  });
}

function configSection() {
  return section("config", "Configuration", element("dl", { class: "fields" }));
}

function renderConfig() {
  const fields = fieldsOf(image().config, "config");
  document.getElementById("config").hidden = fields.length === 0;
  document.querySelector(".fields").replaceChildren(...fields.map(([field, value]) =>
    element("div", { "data-field": field }, text("dt", "", field.replace(/^config\.?/, "")), text("dd", "", value))));
}

function showField(field) {
  if (field === null) return false;
  const line = [...document.querySelectorAll("[data-field]")].find((one) => one.dataset.field === field);
  if (!line) return false;
  mark(line);
  return true;
}

function notesSection() {
  return section("notes", "Notes", element("ul", { class: "notes" }));
}

function noteLine(note) {
  const place = [note.layer === null ? "" : "layer " + note.layer, note.path ?? ""].filter(Boolean).join(", ");
  return element("li", {}, place === "" ? null : text("code", "", place), text("span", "", note.text),
    text("span", "fate", note.code));
}

function renderNotes() {
  const notes = [...image().notes, ...image().unsearched];
  document.getElementById("notes").hidden = notes.length === 0;
  remark("notes", counted(notes.length, "odd thing") + (notes.length === 1 ? " was met" : " were met"));
  fill(document.querySelector(".notes"), notes, noteLine, FIRST_GROUPS);
}

// The place that was asked for, until another one is.
function mark(line) {
  for (const marked of document.querySelectorAll(".marked")) marked.classList.remove("marked");
  line.classList.add("marked");
  reveal(line);
}
