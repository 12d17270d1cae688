// The files of an image: the columns of cli/file_columns.h, and what follows from them.

// An opaque whiteout deletes as well.
const FATES = ["deleted", "deleted", "overwritten", "not visible"];
const NOT_GONE = -1;

class Files {
  constructor(columns) {
    this.judged = columns.judged;
    this.names = columns.names === "" && columns.depths.length === 0 ? [] : columns.names.split("/");
    this.count = this.names.length;
    this.layers = Int16Array.from(columns.layers);
    this.attributes = Int32Array.from(columns.attributes);
    this.kinds = columns.kinds;
    this.sizes = Float64Array.from(columns.sizes);
    this.how = new Int8Array(this.count).fill(NOT_GONE);
    this.goneIn = new Int16Array(this.count).fill(-1);
    for (let i = 0; i < columns.gone.length; i += 3) {
      this.how[columns.gone[i]] = columns.gone[i + 1];
      this.goneIn[columns.gone[i]] = columns.gone[i + 2];
    }
    this.connect(columns.depths);
    this.paths = null;
  }

  // parents: the row of the directory above, or -1. shownAs: of a directory that several layers
  // state, its first row; else the row itself.
  connect(depths) {
    this.parents = new Int32Array(this.count).fill(-1);
    this.shownAs = new Int32Array(this.count);
    const above = [];
    for (let row = 0; row < this.count; ++row) {
      const depth = depths[row];
      const again = this.names[row] === "";
      if (again) this.names[row] = this.names[row - 1];
      this.parents[row] = depth > 0 ? above[depth - 1] : -1;
      const before = again ? above[depth] : row;
      const isDirectory = this.isDirectory(row);
      this.shownAs[row] = again && isDirectory && this.isDirectory(before) ? before : row;
      if (!again || (isDirectory && !this.isDirectory(before))) above[depth] = row;
    }
    this.depths = Int32Array.from(depths);
  }

  // A directory that no layer states has no kind.
  isDirectory(row) {
    return this.attributes[row] < 0 || this.kinds[this.attributes[row]][0] === "directory";
  }

  isGone(row) {
    return this.how[row] !== NOT_GONE;
  }

  isWaste(row) {
    return this.isGone(row) && !this.isDirectory(row);
  }

  path(row) {
    if (this.paths === null) {
      this.paths = new Array(this.count);
      for (let i = 0; i < this.count; ++i) {
        const parent = this.parents[i];
        this.paths[i] = parent < 0 ? this.names[i] : this.paths[parent] + "/" + this.names[i];
      }
    }
    return this.paths[row];
  }

  lowerPath(row) {
    if (!this.lowerPaths) {
      this.path(0);
      this.lowerPaths = this.paths.map((path) => path.toLowerCase());
    }
    return this.lowerPaths[row];
  }

  // "layer 1, deleted in layer 2".
  fate(row) {
    if (this.layers[row] < 0) return "";
    const layer = "layer " + this.layers[row];
    if (!this.judged) return layer;
    if (!this.isGone(row)) return layer;
    const by = this.goneIn[row];
    return layer + ", " + FATES[this.how[row]] + (by < 0 ? "" : " in layer " + by);
  }

  // What is not visible, and gone by the same layer, together: the highest directories that hold
  // nothing else, or single files. [{row, count, bytes}], the largest first.
  wasteGroups() {
    const { files, wasted, bytes, keys } = this.wasteBelow();
    const groups = new Map();
    for (const row of this.waste()) {
      let top = row;
      for (let above = this.parents[row]; above >= 0 && files[above] === wasted[above] && keys[above] >= 0; above = this.parents[above]) {
        if (wasted[above] > wasted[top]) top = above;
      }
      groups.set(top, { row: top, count: wasted[top], bytes: bytes[top] });
    }
    return [...groups.values()].sort((a, b) => b.bytes - a.bytes);
  }

  // Of each row with all below it: files, those that are not visible, their bytes; and one number for
  // the layers that stored and removed them, -1 when they differ.
  wasteBelow() {
    const files = new Int32Array(this.count);
    const wasted = new Int32Array(this.count);
    const bytes = new Float64Array(this.count);
    const keys = new Int32Array(this.count);
    for (let row = this.count - 1; row >= 0; --row) {
      if (!this.isDirectory(row)) ++files[row];
      if (this.isWaste(row)) this.addWaste(row, this.layers[row] * 65536 + this.goneIn[row] + 1, 1, this.sizes[row], wasted, bytes, keys);
      const parent = this.parents[row];
      if (parent < 0) continue;
      files[parent] += files[row];
      if (wasted[row] > 0) this.addWaste(parent, keys[row], wasted[row], bytes[row], wasted, bytes, keys);
    }
    return { files, wasted, bytes, keys };
  }

  addWaste(row, key, count, size, wasted, bytes, keys) {
    keys[row] = wasted[row] === 0 || keys[row] === key ? key : -1;
    wasted[row] += count;
    bytes[row] += size;
  }

  // Rows of files that are stored but not visible.
  waste() {
    const rows = [];
    for (let row = 0; row < this.count; ++row) {
      if (this.isWaste(row)) rows.push(row);
    }
    return rows;
  }
}

// Bytes that are stored but not visible, of each layer.
function wasteOfLayers(image, files) {
  const bytes = image.layers.map(() => 0);
  for (const row of files.waste()) bytes[files.layers[row]] += files.sizes[row];
  return bytes;
}
