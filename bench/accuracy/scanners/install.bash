# What the install scripts of the scanners share, and of the peers in bench/performance. Each is called with the folder that gets bin/NAME,
# takes name and version of its package from its scanner.json or peer.json, uses the usual client of one public package registry, and does
# nothing when that version is there already.
# Exit 3 with "not available: why" when the scanner cannot be had.
set -euo pipefail

[[ $# -eq 1 && $1 != --help ]] || { echo "usage: $0 PREFIX   makes PREFIX/bin/$(basename "$(dirname "$0")")"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$here")
mkdir -p "$1/bin" "$1/lib"
prefix=$(cd "$1" && pwd)
home=$prefix/lib/$name
log=$prefix/lib/$name.log

not_available() {
  echo "not available: $name: $*" >&2
  exit 3
}

needs() {
  command -v "$1" >/dev/null || not_available "needs $1, which is not on the PATH"
}

needs python3

description=$here/scanner.json
[[ -f $description ]] || description=$here/peer.json

# A member of its package: name, version.
package() {
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["package"][sys.argv[2]])' "$description" "$1"
}

version=$(package version)
if [[ -x $prefix/bin/$name && $(cat "$home/.version" 2>/dev/null) == "$version" ]]; then
  echo "$name $version is installed"
  exit 0
fi
rm -rf "$home"
mkdir -p "$home"

# Runs a step with its output in the log, whose last line says why it failed.
step() {
  "$@" >>"$log" 2>&1 || not_available "$1 failed: $(tail -n 1 "$log")"
}
: >"$log"

finish() {
  [[ -x $prefix/bin/$name ]] || not_available "the package holds no program $name"
  echo "$version" >"$home/.version"
  echo "$name $version is installed"
}

# A program of a Go module, built in the module's own folder, since some are not built by `go install`: their go.mod has replacements.
# $1: the package's folder in the module; then NAME=VALUE for the environment of the build.
install_go() {
  needs go
  local folder
  folder=$(GOFLAGS=-mod=mod go mod download -json "$(package name)@$version" 2>>"$log" |
    python3 -c 'import json, sys; print(json.load(sys.stdin).get("Dir", ""))' 2>>"$log") || true
  [[ -d $folder ]] || not_available "the module $(package name) $version was not served"
  local main=$1
  shift
  step env GOFLAGS="${GOFLAGS:--p=2}" "$@" go build -C "$folder" -trimpath -buildvcs=false -o "$home/$name" "$main"
  ln -sf "../lib/$name/$name" "$prefix/bin/$name"
  finish
}

# A program of a Python package, in an environment of its own. $1: the program's name in the package.
install_python() {
  step python3 -m venv "$home"
  step "$home/bin/pip" install --quiet --disable-pip-version-check "$(package name)==$version"
  ln -sf "../lib/$name/bin/$1" "$prefix/bin/$name"
  finish
}
