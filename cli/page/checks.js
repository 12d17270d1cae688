// The verdict: what was checked, and the message of what failed.

function failedChecks(shownImage) {
  return shownImage.checks.filter((check) => !check.passed).length;
}

// "2 of 5 checks failed".
function verdict(shownImage) {
  const failed = failedChecks(shownImage);
  const all = counted(shownImage.checks.length, "check");
  return failed === 0 ? all + " passed" : failed + " of " + all + " failed";
}

function verdictBadge(shownImage) {
  if (data.command !== "check") return null;
  return text("span", failedChecks(shownImage) > 0 ? "badge bad" : "badge good", verdict(shownImage));
}

function checkLine(check) {
  const head = [
    text("span", check.passed ? "badge good" : "badge bad", check.passed ? "ok" : "FAIL"),
    text("span", "name", check.name),
    text("span", "detail", check.detail),
  ];
  if (check.passed) return element("li", {}, element("div", { class: "check" }, ...head));
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
