// Puts the page together, and draws anew what a choice changes.

const FILTER_DELAY = 60; // milliseconds without a key

function applyFilter() {
  const { value } = document.getElementById("filter");
  if (value !== state.filter) change({ filter: value, row: null });
}

function bar() {
  let timer = 0;
  const box = element("input", {
    type: "search",
    id: "filter",
    placeholder: "Filter files and findings: npmrc, **/*.pem",
    "aria-label": "Filter files and findings by a part of the path, or a glob",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(applyFilter, FILTER_DELAY);
    },
    onkeydown: filterKey,
  });
  return element("div", { class: "bar", role: "search" }, box, element("kbd", { "aria-hidden": "true" }, "/"));
}

function build() {
  document.body.append(element("main", {}, head(), imagesSection(), checksSection(), bar(), findingsSection(),
    layersSection(), filesSection(), wasteSection(), configSection(), notesSection(),
    text("footer", "", "watertight " + data.version + " " + data.command)));
}

function drawImage() {
  forgetOpened();
  collectFindings();
  for (const draw of [renderHead, renderImages, renderChecks, renderLayers, renderWaste, renderConfig, renderNotes]) draw();
}

function differs(before, names) {
  return names.some((name) => before[name] !== state[name]);
}

function draw(before) {
  const another = differs(before, ["image"]);
  if (another) drawImage();
  if (another || differs(before, ["layer"])) markLayer();
  if (another || differs(before, ["filter"])) renderFindings();
  else if (differs(before, ["finding"])) markFinding();
  document.getElementById("filter").value = state.filter;
  const moved = differs(before, ["row"]) && state.row !== null;
  if (moved) openAbove(files(), state.row);
  if (another || differs(before, ["layer", "filter", "hidden", "list", "sort"])) {
    listFiles();
    if (moved) scrollToRow(true);
    else document.querySelector(".rows").scrollTop = 0;
  } else if (moved && !listed.rows.includes(state.row)) {
    listFiles();
    scrollToRow(true);
  } else if (moved) {
    scrollToRow(false);
  } else {
    renderWindow();
  }
}

function drawAll() {
  drawImage();
  renderFindings();
  if (state.row !== null) openAbove(files(), state.row);
  listFiles();
  scrollToRow(true);
  document.getElementById("filter").value = state.filter;
}

// On paper all that can be opened is open, and the list is as long as it is, to a bound.
function preparePrint() {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    details.dataset.printed = "";
  }
  renderWindow(true);
  const left = listed.rows.length - PRINTED_ROWS;
  if (left > 0) remark("files", filesRemark() + "; the last " + thousands(left) + " rows are not printed");
}

function finishPrint() {
  for (const details of document.querySelectorAll("details[data-printed]")) {
    details.open = false;
    delete details.dataset.printed;
  }
  renderFiles();
}

state = stateOf(location.hash);
build();
drawAll();
// So that the first key in the filter need not wait for it.
(window.requestIdleCallback ?? setTimeout)(() => files().count > 0 && files().lowerPath(0));
whenChanged(draw);
document.addEventListener("keydown", pageKey);
addEventListener("hashchange", () => change(stateOf(location.hash)));
addEventListener("resize", scheduleWindow);
addEventListener("beforeprint", preparePrint);
addEventListener("afterprint", finishPrint);
