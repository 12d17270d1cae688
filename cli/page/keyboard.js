// Keys: / the filter, Escape back, arrows in lists, Enter opens.

function moveTo(index) {
  const bounded = Math.max(0, Math.min(index, listed.rows.length - 1));
  if (listed.rows.length > 0) change({ row: listed.rows[bounded] });
}

function openOrEnter(row) {
  if (!isExpandable(row)) return;
  if (listed.isOpen(row)) moveTo(listed.rows.indexOf(row) + 1);
  else setOpenAndList(row, true);
}

function closeOrLeave(row) {
  if (isExpandable(row) && listed.isOpen(row)) setOpenAndList(row, false);
  else if (listed.children !== null && files().parents[row] >= 0) change({ row: files().parents[row] });
}

function setOpenAndList(row, open) {
  setOpen(row, open);
  listFiles();
}

const GRID_KEYS = {
  ArrowDown: (at) => moveTo(at + 1),
  ArrowUp: (at) => moveTo(at - 1),
  PageDown: (at) => moveTo(at + 15),
  PageUp: (at) => moveTo(at - 15),
  Home: () => moveTo(0),
  End: () => moveTo(listed.rows.length - 1),
  ArrowRight: (at, row) => row !== null && openOrEnter(row),
  ArrowLeft: (at, row) => row !== null && closeOrLeave(row),
  Enter: (at, row) => row !== null && isExpandable(row) && setOpenAndList(row, !listed.isOpen(row)),
};

function gridKey(event) {
  const act = GRID_KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "BUTTON") return;
  event.preventDefault();
  act(listed.rows.indexOf(state.row), state.row);
}

// Arrows move between the buttons of a list.
function arrowKey(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const list = event.target.closest?.("[data-arrows]");
  if (!step || !list) return;
  const stops = [...list.querySelectorAll("button, summary")].filter((stop) => stop.checkVisibility());
  const next = stops[stops.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function filterKey(event) {
  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
  event.preventDefault();
  applyFilter();
  document.querySelector(".grid").focus({ preventScroll: true });
  reveal(document.getElementById("files"));
  moveTo(0);
}

// One step back: the text, then what is chosen.
function escape() {
  const box = document.getElementById("filter");
  if (box.value !== "") {
    box.value = "";
    applyFilter();
  } else if (state.row !== null || state.finding !== null) {
    change({ row: null, finding: null });
  } else if (state.layer !== null || state.hidden) {
    change({ layer: null, hidden: false });
  } else {
    document.activeElement.blur();
  }
}

function pageKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    escape();
  } else if (event.key === "/" && event.target.tagName !== "INPUT") {
    event.preventDefault();
    document.getElementById("filter").focus();
  } else {
    arrowKey(event);
  }
}
