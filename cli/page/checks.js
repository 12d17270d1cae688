// The verdict: what was checked, and the message of what failed.

// As a badge: its class and its word.
const CHECK_BADGES = {
  passed: ["badge good", "ok"],
  failed: ["badge bad", "FAIL"],
  skipped: ["badge warning", "skip"],
};

function countChecks(shownImage, status) {
  return shownImage.checks.filter((check) => check.status === status).length;
}

// "2 of 5 checks failed, 1 skipped".
function verdict(shownImage) {
  const failed = countChecks(shownImage, "failed");
  const skipped = countChecks(shownImage, "skipped");
  const all = shownImage.checks.length;
  const line = failed === 0
    ? counted(all - skipped, "check") + " passed"
    : failed + " of " + counted(all, "check") + " failed";
  return skipped === 0 ? line : line + ", " + skipped + " skipped";
}

function verdictBadge(shownImage) {
  if (data.command !== "check") return null;
  return text("span", countChecks(shownImage, "failed") > 0 ? "badge bad" : "badge good", verdict(shownImage));
}

function checkLine(check) {
  const head = [
    text("span", ...CHECK_BADGES[check.status]),
    text("span", "name", check.name),
    text("span", "detail", check.detail),
  ];
  if (check.status === "passed") return element("li", {}, element("div", { class: "check" }, ...head));
  return element("li", {},
    element("details", {}, element("summary", { class: "check" }, ...head), text("pre", "message", check.message)));
}

function checksSection() {
  return section("checks", "Checks", element("ul", { class: "checks", "data-arrows": "" }));
}

function renderChecks() {
  document.getElementById("checks").hidden = data.command !== "check";
  remark("checks", verdict(image()));
  document.querySelector(".checks").replaceChildren(...image().checks.map(checkLine));
}
