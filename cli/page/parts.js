// Elements. Text goes in as text, whatever it holds.

// attributes: of fixed names; "class" too, and listeners as functions under on….
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function text(tag, className, content) {
  return element(tag, className ? { class: className } : {}, shown(content));
}

// A section that other parts fill: its heading, a remark beside it, its body.
function section(id, title, ...body) {
  const heading = element("h2", { id: id + "-title" }, title);
  return element("section", { id, "aria-labelledby": id + "-title" },
    element("div", { class: "heading" }, heading, element("span", { class: "remark" })), ...body);
}

function remark(id, content) {
  document.querySelector("#" + id + " .remark").textContent = shown(content);
}

function reveal(target) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

// The first ones of a long list, and a button that shows more of them.
function fill(list, items, make, step) {
  const more = () => {
    list.querySelector(":scope > .more")?.remove();
    const next = items.slice(list.childElementCount, list.childElementCount + step);
    list.append(...next.map(make));
    const rest = items.length - list.childElementCount;
    if (rest <= 0) return;
    const button = element("button", { type: "button", onclick: more },
      "Show " + thousands(Math.min(rest, step)) + " more of " + thousands(rest));
    list.append(element("li", { class: "more" }, button));
  };
  list.replaceChildren();
  more();
}
