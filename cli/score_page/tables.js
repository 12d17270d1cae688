// Tables. A column: [heading, cell of a row (text, number or element), "number" or ""].

function table(label, columns, rows) {
  const head = element("tr", {}, ...columns.map(([heading, , kind]) =>
    element("th", { scope: "col", class: kind }, shown(heading))));
  const body = rows.map((row) => element("tr", {}, ...columns.map(([, cell, kind], at) => {
    const content = cell(row);
    const inside = content instanceof Node ? content : shown(content);
    return at === 0 ? element("th", { scope: "row" }, inside) : element("td", { class: kind }, inside);
  })));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

// A share with its interval and n.
function share(proportion) {
  if (proportion.of === 0) return text("span", "faint", "–");
  return element("span", { class: proportion.units < FEWEST ? "few" : null, title: inWords(proportion) },
    text("span", "", percent(proportion.value)), " ",
    text("span", "faint", "[" + range(proportion.interval) + "] n " + trials(proportion)));
}

const SCORE_COLUMNS = [
  ["scanner", (tool) => tool.id, ""],
  ["recall (micro)", (tool) => share(tool.total.instances), "number"],
  ["recall (macro, channels)", (tool) => percent(tool.by.channel.macro_recall), "number"],
  ["precision", (tool) => share(tool.total.precision), "number"],
  ["decoys reported", (tool) => share(tool.total.decoys), "number"],
  ["pairs told apart", (tool) => share(tool.pairs), "number"],
  ["stray findings", (tool) => thousands(tool.findings.stray), "number"],
  ["over seeds", (tool) => spread(tool.over_seeds), "number"],
  ["distinct secrets", (tool) => share(tool.total.distinct), "number"],
  ["bundles", (tool) => share(tool.total.bundles), "number"],
  ["complete", (tool) => share(tool.total.complete_bundles), "number"],
  ["alerts per leak", (tool) => tool.total.instances.hits === 0 ? "–" :
    (tool.total.alerts / tool.total.instances.hits).toFixed(2), "number"],
  ["right class", (tool) => share(tool.total.classified), "number"],
  ["right layer", (tool) => share(tool.total.layers), "number"],
  ["median time", (tool) => seconds(tool.cost.median_seconds), "number"],
  ["peak memory", (tool) => humanSize(tool.cost.peak_memory), "number"],
];

function scores(label, tools) {
  return table(label, SCORE_COLUMNS, tools);
}

function decoys() {
  const names = new Set();
  for (const tool of drawn) {
    for (const group of tool.by.class.groups) if (group.decoys.of > 0) names.add(group.name);
  }
  return table("Decoys reported, by what they are", [["decoy", (name) => name, ""],
    ...drawn.map((tool) => [tool.id, (name) => {
      const cell = cellOf(tool, "class", name);
      return cell === null ? "–" : share(cell.decoys);
    }, "number"])], [...names].sort());
}

function comparisons(question) {
  return table(question, [
    ["A", (one) => one.a, ""], ["B", (one) => one.b, ""], ["only A", (one) => thousands(one.only_a), "number"],
    ["only B", (one) => thousands(one.only_b), "number"], ["both", (one) => thousands(one.both), "number"],
    ["neither", (one) => thousands(one.neither), "number"], ["difference", (one) => percent(one.difference), "number"],
    ["over seeds", (one) => spread(one.over_seeds), "number"], ["p (McNemar)", (one) => one.p.toPrecision(2), "number"],
    ["p (Holm)", (one) => one.p_holm.toPrecision(2), "number"],
  ], data.comparisons.filter((one) => one.question === question));
}

function rankings() {
  return table("Ranks over channels", [
    ["view, configuration", (one) => one.view + ", " + one.configuration, ""],
    ["mean ranks", (one) => element("ol", {}, ...one.ranks.map((rank) =>
      text("li", "", rank.tool + " " + rank.mean_rank.toFixed(2)))), ""],
    ["critical difference", (one) => one.critical_difference?.toFixed(2) ?? "–", "number"],
    ["channels", (one) => thousands(one.channels), "number"],
    ["p (Friedman)", (one) => one.p.toPrecision(2), "number"],
  ], data.rankings);
}

function states() {
  return table("Runs", [
    ["scanner", (tool) => tool.id, ""], ["ok", (tool) => thousands(tool.states.ok), "number"],
    ["error", (tool) => thousands(tool.states.error), "number"],
    ["not run", (tool) => thousands(tool.states.not_run), "number"],
    ["complete", (tool) => tool.states.missing === 0 ? "yes" : "no: " + thousands(tool.states.missing) + " images have no result", ""],
    ["reasons", (tool) => element("ul", {}, ...tool.states.reasons.map((one) =>
      text("li", "", one.state + ", " + thousands(one.images) + ": " + one.reason + " (" + one.example + ")"))), ""],
    ["not read", (tool) => tool.states.not_read.join("; ") || "–", ""],
  ], data.tools);
}

function versions() {
  return table("Versions and commands", [
    ["scanner", (tool) => tool.id, ""], ["version", (tool) => tool.version, ""],
    ["program (SHA-256)", (tool) => text("code", "", tool.runs[0].program_sha256), ""],
    ["derived from", (tool) => tool.derived_from.join(", ") || "–", ""], ["network", (tool) => tool.network, ""], ["images in one run", (tool) => thousands(tool.batch), "number"],
    ["command", (tool) => text("code", "", tool.command.join(" ")), ""],
    ["environment", (tool) => text("code", "", JSON.stringify(tool.environment)), ""],
    ["machine", (tool) => tool.runs[0].machine, ""], ["started", (tool) => shortTime(tool.runs[0].started), ""],
  ], data.tools);
}

function corpora() {
  return table("Corpus", [
    ["seed", (one) => one.seed, ""], ["images", (one) => thousands(one.images), "number"],
    ["clean", (one) => thousands(one.clean_images), "number"], ["leaks", (one) => thousands(one.leaks), "number"],
    ["decoys", (one) => thousands(one.decoys), "number"],
    ["catalogue.json (SHA-256)", (one) => text("code", "", one.catalogue_sha256), ""],
    ["truths (SHA-256)", (one) => text("code", "", one.truth_sha256), ""],
  ], data.corpora);
}
