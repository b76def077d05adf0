#!/usr/bin/env bash
# Installs a build, moves the installation, and builds and runs a foreign project against it.
#   install_test.sh BUILD SOURCE WORK
set -euo pipefail
build=$1 source=$2 work=$3
rm -rf "$work" && mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/moved"

# Relocatable: no file of the package names the places it comes from, and none asks for a processor.
if grep -rlE "$build|$source|$work/first|-march=" "$work/moved/lib/cmake"; then
  echo "the package names the place that it was built or installed in, or a processor" >&2
  exit 1
fi
missing=$(cd "$source" && find sim models config files instrument pipeline scenarios rigs jobs -name '*.hpp' |
  while read -r header; do [ -f "$work/moved/include/seccm/$header" ] || echo "$header"; done)
if [ -n "$missing" ]; then
  echo "headers that are not installed: $missing" >&2
  exit 1
fi
"$work/moved/bin/seccm" list scenarios | grep quickstart >"$work/list.log"

cmake -S "$source/tests/package" -B "$work/foreign" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$work/moved" >"$work/configure.log"
cmake --build "$work/foreign" >"$work/build.log" || { tail -50 "$work/build.log" >&2; exit 1; }
"$work/foreign/foreign"
