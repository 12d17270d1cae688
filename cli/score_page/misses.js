// What a scanner missed, and what the closest leak that it found says about why.

const SHOWN_MISSES = 50;
const PRINTED_MISSES = 300;

const CAUSES = {
  layout: "the archive's layout", carrier: "where it stands", visibility: "deleted or overwritten", encoding: "encoded",
  nesting: "inside an archive", kind: "the kind of secret", place: "path or surroundings",
};

function causeInWords(cause) {
  return cause.split("+").map((name) => CAUSES[name] ?? name).join(", ");
}

function matches(miss, filter) {
  return [miss.fixture, miss.kind, miss.channel, miss.carrier, miss.place, miss.cause, miss.archive, miss.builder]
    .some((part) => part.toLowerCase().includes(filter));
}

function missRow(miss) {
  return element("li", { class: "miss" },
    element("div", { class: "what" }, text("span", "name", miss.fixture), text("span", "badge", miss.kind),
      text("span", "faint", miss.builder + " / " + miss.archive + (miss.layer === null ? "" : " / layer " + miss.layer))),
    text("code", "", miss.place),
    element("div", { class: "why" }, text("span", "badge warning", causeInWords(miss.cause)), " ",
      text("span", "", miss.because), " ",
      text("span", "faint", "seeds: " + miss.seeds.join(", ") + "; value " + miss.value_sha256.slice(0, 12))));
}

function causesOf(misses) {
  const counts = new Map();
  for (const miss of misses) counts.set(miss.cause, (counts.get(miss.cause) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function missesSection() {
  const list = element("ul", { class: "notes misses" });
  const causes = element("p", { class: "remark causes", role: "status" });
  const choose = element("select", { id: "missed-by", "aria-label": "Scanner" },
    ...drawn.map((tool) => element("option", { value: tool.id }, shown(tool.id))));
  const filter = element("input", { type: "search", id: "filter", placeholder: "Filter: fixture, kind, channel, cause",
    "aria-label": "Filter misses", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false" });
  const draw = (step) => {
    const tool = drawn.find((one) => one.id === choose.value);
    const chosen = (tool?.misses ?? []).filter((miss) => matches(miss, filter.value.trim().toLowerCase()));
    causes.textContent = counted(chosen.length, "leak") + " missed" + (chosen.length === 0 ? "" : ": ") +
      causesOf(chosen).map(([cause, count]) => causeInWords(cause) + " " + count).join("; ");
    fill(list, chosen, missRow, step);
  };
  choose.addEventListener("change", () => draw(SHOWN_MISSES));
  filter.addEventListener("input", () => draw(SHOWN_MISSES));
  addEventListener("beforeprint", () => draw(PRINTED_MISSES));
  addEventListener("afterprint", () => draw(SHOWN_MISSES));
  draw(SHOWN_MISSES);
  return section("misses", "Missed, and why", element("div", { class: "controls" }, choose, filter), causes, list);
}
