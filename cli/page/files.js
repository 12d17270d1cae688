// The list of files. Only the rows that are in sight are elements.

const ROW_HEIGHT = 30;
const ROWS_AROUND = 8;
const TALLEST = 8e6; // browsers do not draw elements of any height
const PRINTED_ROWS = 500;
const COLUMNS = [["path", "Path"], ["size", "Size"], ["layer", "Layer"], [null, "Mode, owner"]];

let listed = { rows: [], bytes: null, kept: 0, children: null };
let findingsOfRow = new Map();

function sortHeader([sort, title]) {
  const cell = element("span", { role: "columnheader", class: "column-" + title.split(",")[0].toLowerCase() });
  cell.append(sort === null ? title
    : element("button", { type: "button", "data-sort": sort, onclick: () => change({ sort }) }, title));
  return cell;
}

function toggle(name, label) {
  const box = element("input", { type: "checkbox", id: name, onchange: () => change({ [name]: box.checked }) });
  return element("label", { class: "toggle" }, box, " " + label);
}

function filesSection() {
  const grid = element("div", {
    class: "grid",
    role: "treegrid",
    tabindex: "0",
    "aria-label": "Files of the layers",
    onkeydown: gridKey,
  }, element("div", { class: "row columns", role: "row" }, ...COLUMNS.map(sortHeader)),
    element("div", { class: "rows", role: "rowgroup", tabindex: "-1", onscroll: scheduleWindow },
      element("div", { class: "all-rows", role: "presentation" })));
  const allLayers = element("button", { type: "button", class: "chosen-layer", onclick: () => change({ layer: null }) });
  return section("files", "Files",
    element("div", { class: "controls" }, allLayers, toggle("list", "as a list"), toggle("hidden", "only what is not visible")),
    grid, element("p", { class: "chosen-file", "aria-live": "polite" }));
}

function renderFiles() {
  const rows = listed.rows.length;
  const height = Math.min(rows * ROW_HEIGHT, TALLEST);
  document.querySelector(".all-rows").style.height = height + "px";
  const grid = document.querySelector(".grid");
  grid.setAttribute("aria-rowcount", rows + 1);
  grid.setAttribute("role", showsList() ? "grid" : "treegrid");
  remark("files", filesRemark());
  markSort();
  markControls();
  renderWindow();
}

function filesRemark() {
  if (!files().judged) return "what is visible is not known: a layer cannot be read";
  const kept = counted(listed.kept, showsList() && state.filter ? "row" : "file");
  return state.layer === null && state.filter === "" && !state.hidden ? kept : kept + ", by the filter";
}

function listFiles() {
  listed = shownRows(files());
  renderFiles();
}

function markSort() {
  for (const button of document.querySelectorAll("[data-sort]")) {
    const sorted = button.dataset.sort === state.sort;
    button.parentElement.setAttribute("aria-sort", !sorted ? "none" : state.sort === "size" ? "descending" : "ascending");
  }
}

function markControls() {
  document.getElementById("list").checked = showsList();
  document.getElementById("list").disabled = state.filter !== "";
  document.getElementById("hidden").checked = state.hidden;
  const chosen = document.querySelector(".chosen-layer");
  chosen.hidden = state.layer === null;
  chosen.textContent = "Layer " + state.layer + ": what it stores and removes ×";
  chosen.setAttribute("aria-label", "Layer " + state.layer + " is chosen; show all layers");
}

// A list that is taller than browsers draw scrolls in larger steps.
function scale() {
  const full = listed.rows.length * ROW_HEIGHT;
  const sight = document.querySelector(".rows").clientHeight;
  return full <= TALLEST ? 1 : (full - sight) / (TALLEST - sight);
}

let scheduled = false;
function scheduleWindow() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    renderWindow();
  });
}

function renderWindow(everything = false) {
  const scroller = document.querySelector(".rows");
  const offset = scroller.scrollTop * (scale() - 1);
  const top = Math.floor((scroller.scrollTop + offset) / ROW_HEIGHT);
  const first = everything ? 0 : Math.max(0, top - ROWS_AROUND);
  const count = everything ? PRINTED_ROWS : Math.ceil(scroller.clientHeight / ROW_HEIGHT) + 2 * ROWS_AROUND;
  const rows = listed.rows.slice(first, first + count).map((row, i) => fileRow(row, first + i, offset));
  document.querySelector(".all-rows").replaceChildren(...rows);
  const active = state.row === null ? null : document.getElementById("row-" + state.row);
  const grid = document.querySelector(".grid");
  if (active) grid.setAttribute("aria-activedescendant", active.id);
  else grid.removeAttribute("aria-activedescendant");
  document.querySelector(".chosen-file").replaceChildren(...chosenFile());
}

function isExpandable(row) {
  return listed.children !== null && listed.children.has(row);
}

function nameCell(row) {
  const cell = element("span", { role: "gridcell", class: "column-path" });
  if (listed.children === null) {
    const path = files().path(row);
    const behind = path.lastIndexOf("/") + 1;
    cell.append(text("span", "folder", path.slice(0, behind)), shown(path.slice(behind)));
    cell.title = shown(path);
    return cell;
  }
  cell.style.paddingInlineStart = 1.25 * files().depths[row] + "rem";
  const chevron = !isExpandable(row) ? "" : listed.isOpen(row) ? "▾" : "▸";
  cell.append(element("span", { class: "chevron", "aria-hidden": "true" }, chevron),
    shown(files().names[row]) + (files().isDirectory(row) ? "/" : ""));
  return cell;
}

function attributesText(row) {
  const kind = files().attributes[row];
  if (kind < 0) return "";
  const [type, mode, uid, gid] = files().kinds[kind];
  return (type === "file" || type === "directory" ? "" : type + " ") + mode + " " + uid + ":" + gid;
}

function fateCell(row) {
  if (isExpandable(row) && files().isDirectory(row)) {
    const waste = listed.waste[row];
    return element("span", { role: "gridcell", class: "column-layer waste" }, waste > 0 ? humanSize(waste) + " not visible" : "");
  }
  const gone = files().isWaste(row);
  const removedHere = gone && files().goneIn[row] === state.layer && files().layers[row] !== state.layer;
  const words = removedHere ? "layer " + files().layers[row] : files().fate(row);
  return element("span", { role: "gridcell", class: "column-layer" + (gone ? " waste" : "") },
    removedHere ? text("span", "badge warning", FATES[files().how[row]] + " here") : null, removedHere ? " " : "", shown(words));
}

function fileRow(row, index, offset) {
  const directory = files().isDirectory(row);
  const bytes = listed.bytes[row];
  const made = element("div", {
    role: "row",
    id: "row-" + row,
    class: "row" + (files().isWaste(row) ? " gone" : ""),
    "aria-rowindex": index + 2,
    "aria-level": listed.children === null ? null : files().depths[row] + 1,
    "aria-expanded": isExpandable(row) ? String(listed.isOpen(row)) : null,
    "aria-selected": String(row === state.row),
    onclick: () => clickRow(row),
  }, nameCell(row), element("span", { role: "gridcell", class: "column-size" }, directory && bytes === 0 ? "" : humanSize(bytes)),
    fateCell(row), text("span", "column-mode", attributesText(row)));
  made.lastChild.setAttribute("role", "gridcell");
  if (findingsOfRow.has(row)) {
    made.firstChild.append(text("span", "badge " + findingsOfRow.get(row), findingsOfRow.get(row)));
  }
  made.style.top = index * ROW_HEIGHT - offset + "px";
  return made;
}

function clickRow(row) {
  if (isExpandable(row)) setOpen(row, !listed.isOpen(row));
  change({ row });
  if (isExpandable(row)) listFiles();
}

// The whole path, which a row may cut, and what else is known.
function chosenFile() {
  const { row } = state;
  if (row === null) return ["Arrow keys move in the list, Enter opens a directory."];
  const bytes = files().isDirectory(row) ? "" : counted(files().sizes[row], "byte");
  const facts = [bytes, attributesText(row), files().fate(row)].filter(Boolean).join(" · ");
  return [text("code", "", files().path(row)), text("span", "fate", facts)];
}

// The strictest level of the findings of each file.
function collectFindings() {
  findingsOfRow = new Map();
  for (const { row, level, allowed } of image().findings) {
    if (row === null || allowed) continue;
    const known = findingsOfRow.get(row);
    if (known === undefined || LEVELS.indexOf(level) < LEVELS.indexOf(known)) findingsOfRow.set(row, level);
  }
}

// Puts the chosen row in sight.
function scrollToRow(middle) {
  const index = listed.rows.indexOf(state.row);
  if (index < 0) return;
  const scroller = document.querySelector(".rows");
  const factor = scale();
  const sight = scroller.clientHeight;
  const top = (index * ROW_HEIGHT) / factor;
  const bottom = top + ROW_HEIGHT - sight;
  if (middle) scroller.scrollTop = top - sight / 2;
  else if (scroller.scrollTop > top) scroller.scrollTop = top;
  else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom;
  renderWindow();
}
