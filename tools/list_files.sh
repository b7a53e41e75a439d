#!/usr/bin/env bash
# Prints the project's own files whose names match one of the patterns, NUL after each: no build, no fetched code.
# usage: tools/list_files.sh '*.h' '*.cpp'
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

names=(-false)
for pattern in "$@"; do names+=(-o -name "$pattern"); done
find . \( -name .git -o -name build -o -name node_modules -o -name .cache \) -prune \
  -o -type f \( "${names[@]}" \) -printf '%P\0' | sort -z
