// What the filter box keeps: a part of a path, or a glob with the rules of `watertight ls`.

const GLOB_CHARACTERS = /[*?[\]{}]/;

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

// The set that begins at the bracket, as [source, index behind it]; null when it has no end.
function setSource(glob, at) {
  const negated = glob[at + 1] === "!" || glob[at + 1] === "^";
  const first = at + (negated ? 2 : 1);
  const end = glob.indexOf("]", first + 1);
  if (end < 0) return null;
  const members = glob.slice(first, end).replace(/[\\\]^[]/g, "\\$&");
  return ["(?!\\/)[" + (negated ? "^" : "") + members + "]", end + 1];
}

function globSource(glob) {
  let source = "";
  let braces = 0;
  for (let at = 0; at < glob.length; ) {
    const set = glob[at] === "[" ? setSource(glob, at) : null;
    if (set) {
      source += set[0];
      at = set[1];
    } else if (glob.startsWith("**/", at)) {
      source += "(?:.*\\/)?";
      at += 3;
    } else if (glob.startsWith("**", at)) {
      source += ".*";
      at += 2;
    } else {
      const c = glob[at++];
      if (c === "\\" && at < glob.length) source += escaped(glob[at++]);
      else if (c === "*") source += "[^/]*";
      else if (c === "?") source += "[^/]";
      else if (c === "{" && glob.indexOf("}", at) > 0) (source += "(?:"), ++braces;
      else if (c === "}" && braces > 0) (source += ")"), --braces;
      else if (c === "," && braces > 0) source += "|";
      else source += escaped(c);
    }
  }
  return source + ")".repeat(braces);
}

// A function of a path and its lower-case form; null keeps all.
function pathFilter(text) {
  if (text === "") return null;
  if (!GLOB_CHARACTERS.test(text)) {
    const part = text.toLowerCase();
    return (path, lower) => lower.includes(part);
  }
  const anywhere = !text.includes("/");
  const source = globSource(text.replace(/^\/|\/$/g, ""));
  try {
    const pattern = new RegExp("^" + (anywhere ? "(?:.*\\/)?" : "") + source + "$", "su");
    return (path) => pattern.test(path);
  } catch {
    return () => false; // a set such as [z-a]
  }
}

// The same of any of several texts.
function textFilter(text) {
  const keeps = pathFilter(text);
  if (keeps === null) return () => true;
  return (texts) => texts.some((one) => one !== null && keeps(one, one.toLowerCase()));
}
