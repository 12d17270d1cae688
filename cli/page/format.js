// Numbers and names as text.

// Controls, and the marks that turn the direction of text: they make a name read as another.
const HOSTILE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function shown(text) {
  return String(text).replace(HOSTILE, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

function thousands(number) {
  return number.toLocaleString("en");
}

function counted(number, noun) {
  return thousands(number) + " " + noun + (number === 1 ? "" : "s");
}

// Decimal, as registries count.
function humanSize(bytes) {
  if (bytes < 1000) return bytes + " B";
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let value = bytes / 1000;
  while (value >= 999.95 && unit + 1 < units.length) {
    value /= 1000;
    ++unit;
  }
  return value.toFixed(1) + " " + units[unit];
}

// "sha256:5f70bf18a086".
function shortDigest(digest) {
  return digest.slice(0, 19);
}

// "2022-03-07 08:51 UTC" of an RFC 3339 time, or the text itself.
function shortTime(text) {
  const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/.exec(text);
  return time ? time[1] + " " + time[2] + " UTC" : text;
}
