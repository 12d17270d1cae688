// Findings, those of one secret together.

const LEVELS = ["error", "warning", "note"];
const FIRST_GROUPS = 50;
const FIRST_PLACES = 10;

// What makes two findings one secret: the fingerprint, which the redacted form ends with.
function groupKey(finding) {
  return [finding.level, finding.allowed ?? "", finding.secret ?? finding.rule, finding.redacted].join("\n");
}

function keptFindings() {
  const keeps = textFilter(state.filter);
  return image().findings.map((finding, index) => ({ finding, index })).filter(({ finding }) =>
    keeps([finding.path, finding.field, finding.blob, finding.rule, finding.name, finding.about, ...finding.nested]));
}

function groupsOf(kept) {
  const groups = new Map();
  for (const one of kept) {
    const key = groupKey(one.finding);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(one);
  }
  const order = (group) => LEVELS.indexOf(group[0].finding.level) + (group[0].finding.allowed ? LEVELS.length : 0);
  return [...groups.values()].sort((a, b) => order(a) - order(b));
}

function placeLine({ finding, index }) {
  const fate = finding.fate ?? (finding.layer === null ? "" : "layer " + finding.layer);
  const button = element("button", {
    type: "button",
    class: "place",
    "data-finding": index,
    onclick: () => chooseFinding(index),
  }, text("span", "carrier", finding.carrier), text("code", "", finding.place),
    text("span", finding.visible === false ? "waste" : "fate", fate));
  const line = element("li", {}, button);
  if (finding.recover === "") return line;
  const open = element("button", {
    type: "button",
    class: "recover",
    "aria-expanded": "false",
    "aria-label": "The command that shows " + shown(finding.place),
    onclick: () => openRecovery(line, !line.classList.contains("open")),
  }, "command");
  line.append(open, text("code", "command", finding.recover));
  return line;
}

function openRecovery(line, open) {
  line.classList.toggle("open", open);
  line.querySelector(".recover").setAttribute("aria-expanded", String(open));
}

function groupLine(group) {
  const { finding } = group[0];
  const title = finding.secret === null ? finding.rule : "known value " + finding.secret;
  const level = finding.allowed ? "allowed" : finding.level;
  const places = element("ul", { class: "places" });
  fill(places, group, placeLine, FIRST_PLACES);
  return element("li", { class: "group" },
    element("div", { class: "secret" }, text("span", "badge " + level, level), text("span", "name", title),
      finding.name === null ? null : text("span", "bound", finding.name), text("code", "redacted", finding.redacted),
      text("span", "fate", counted(group.length, "place"))),
    finding.about === null ? null : text("p", "about", finding.about),
    finding.allowed ? text("p", "about", "Allowed: " + finding.allowed) : null, places);
}

function findingsSection() {
  return section("findings", "Findings", element("ul", { class: "findings", "data-arrows": "" }));
}

function findingsRemark(kept, groups) {
  const all = image().findings.length;
  if (all === 0) return "none";
  const found = counted(groups, "secret") + " in " + counted(kept, "place");
  return kept === all ? found : found + " of " + thousands(all) + ", by the filter";
}

function renderFindings() {
  document.getElementById("findings").hidden = data.command !== "check";
  const kept = keptFindings();
  const groups = groupsOf(kept);
  remark("findings", findingsRemark(kept.length, groups.length));
  fill(document.querySelector(".findings"), groups, groupLine, FIRST_GROUPS);
  markFinding();
}

function markFinding() {
  for (const button of document.querySelectorAll("[data-finding]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.finding) === state.finding));
  }
}

// Shows where it stands: the file in its layer, the step, the variable.
function chooseFinding(index) {
  const finding = image().findings[index];
  if (finding.row !== null) {
    const keeps = pathFilter(state.filter);
    const path = files().path(finding.row);
    const filter = keeps !== null && keeps(path, path.toLowerCase()) ? state.filter : "";
    change({ finding: index, layer: finding.layer, row: finding.row, filter, hidden: false });
    reveal(document.getElementById("files"));
    return;
  }
  change({ finding: index, row: null, layer: finding.layer ?? state.layer });
  const step = /^history\[(\d+)\]/.exec(finding.field ?? "");
  if (!(step && showStep(step[1])) && !showField(finding.field)) showRecovery(index);
}

// Of a place that this page does not show.
function showRecovery(index) {
  const line = document.querySelector('[data-finding="' + index + '"]')?.parentElement;
  if (line?.querySelector(".recover")) openRecovery(line, true);
}
