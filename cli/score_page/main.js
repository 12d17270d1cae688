// Puts the page together.

function fact(value, name) {
  return element("div", { class: "fact" }, text("dt", "", name), text("dd", "", value));
}

function total(key) {
  return thousands(data.corpora.reduce((sum, one) => sum + one[key], 0));
}

function head() {
  return element("header", {}, text("h1", "", "Scanners against the truth"),
    text("p", "what-it-is", "What each scanner reports of secrets that were planted in container images, and what it misses"),
    element("dl", { class: "facts" }, fact(thousands(scanners.length), "scanners"), fact(total("images"), "images"),
      fact(total("leaks"), "leaks planted"), fact(total("decoys"), "decoys planted"), fact(thousands(data.corpora.length), data.corpora.length === 1 ? "seed" : "seeds")));
}

// A picture, and a line that tells what has the focus or the pointer.
function figure(draw, help) {
  const told = element("p", { class: "told", role: "status" }, help);
  const place = element("div", { class: "scroll" });
  const again = (...choice) => place.replaceChildren(draw(...choice, (words) => { told.textContent = shown(words); }));
  return { body: [place, told], again };
}

function heatSection() {
  const { body, again } = figure(heatMap, "Point at a cell, or go to it with Tab and arrows.");
  const choose = element("select", { id: "dimension", "aria-label": "Columns" },
    ...DIMENSIONS.map((name) => element("option", { value: name }, name)));
  choose.addEventListener("change", () => again(choose.value));
  again("channel");
  return section("heat", "Recall in percent", element("div", { class: "controls" }, choose,
    text("span", "remark", "Grey: fewer than " + FEWEST + " leaks")), ...body);
}

function chartSection(id, title, chart, remark = "") {
  const { body, again } = figure(chart, "Point at a mark, or go to it with Tab.");
  again();
  return section(id, title, ...(remark === "" ? body : [text("p", "remark", remark), ...body]));
}

function listOf(id, title, items, make) {
  return items.length === 0 ? null : section(id, title, element("ul", { class: "notes" }, ...items.map(make)));
}

function apart(id, title, tools) {
  return tools.length === 0 ? null : section(id, title, scores(title, tools));
}

// What the views hold differs, so their rows are not compared.
function rankedByView() {
  if (ranked.length === 0) return [text("p", "faint", "None has a row.")];
  return views.flatMap((view) => [text("h3", "", "View " + view),
    scores("Scanners, view " + view, ranked.filter((tool) => tool.view === view))]);
}

function policySection() {
  return section("policy", "What counts", element("dl", { class: "fields" },
    ...Object.entries(data.policy).map(([name, value]) =>
      element("div", {}, text("dt", "", name.replaceAll("_", " ")), text("dd", "", value)))));
}

function build() {
  document.title = "Scanners against the truth";
  const parts = [head(),
    section("ranking", "Scanners", ...rankedByView()),
    apart("names", "Of names alone, without reading contents", ofNames),
    apart("own", "Ours: the fixtures are ours too, so it is not ranked", own),
    listOf("without", "Without a row", without, (tool) => text("li", "", tool.id + ": " + thousands(tool.states.error) +
      " errors, " + thousands(tool.states.not_run) + " not run, " + thousands(tool.states.ok) + " ok" +
      (tool.states.missing > 0 ? ", not complete" : "") +
      (tool.states.reasons.length > 0 ? " (" + tool.states.reasons[0].reason + ")" : ""))),
    heatSection(),
    chartSection("alarms", "Recall against alarms", recallAgainstAlarms),
    chartSection("time", "Time against bytes", timeAgainstBytes, drawn.some((tool) => tool.batch > 1) ?
      "Some scanners got several images in one run: the time of an image is then its share, and their memory that of the run." : ""),
    listOf("differences", "What the data shows about how they read images", [...new Set(data.differences.map((one) => one.tool))],
      (id) => element("li", {}, text("span", "name", id), element("ul", {}, ...data.differences.filter((one) => one.tool === id)
        .map((one) => text("li", "", one.text))))),
    missesSection(),
    section("decoys", "Decoys reported", decoys()),
    section("configurations", "Default against best", comparisons("configurations")),
    section("pairs", "Pairs of scanners", comparisons("tools")),
    data.rankings.length === 0 ? null : section("ranks", "Ranks over channels", text("p", "remark",
      "Scanners whose mean ranks differ by less than the critical difference (Nemenyi, 5 %) are not told apart."), rankings()),
    section("runs", "Runs", states()), section("versions", "Versions and commands", versions()),
    section("corpus", "Corpus", corpora()), policySection(),
    text("footer", "", "Intervals are Wilson's, 95 %, and n counts what is distinct: 650 × 2 are 650 leaks, each tried twice (seeds, " +
      "layouts). Over seeds: the bootstrap's from 20 seeds on, else the smallest and the largest. Micro pools all leaks; macro is the " +
      "mean over channels. Precision depends on how many decoys were planted. Errors are listed and never averaged in.")];
  document.body.append(element("main", {}, ...parts.filter((part) => part !== null)));
}

function pageKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = document.getElementById("filter");
  if (event.key === "/" && !["INPUT", "SELECT"].includes(event.target.tagName)) {
    event.preventDefault();
    filter.focus();
  } else if (event.key === "Escape" && filter.value !== "") {
    filter.value = "";
    filter.dispatchEvent(new Event("input"));
  }
}

build();
document.addEventListener("keydown", pageKey);
