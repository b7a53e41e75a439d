#!/usr/bin/env bash
# Runs every static check and says at the end which failed. usage: tools/lint.sh BUILD_FOLDER (configured, lint preset)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly build=$1
readonly jobs=${HILO_JOBS:-$(nproc)}
failed=()

# Runs one check under its name.
part() {
  local name=$1
  shift
  "$@" || failed+=("$name")
}

check_format() {
  local -a files
  mapfile -d '' files < <(tools/list_files.sh '*.h' '*.cpp')
  if ! printf '%s\0' "${files[@]}" | xargs -0 -n 16 -P "$jobs" clang-format-19 --dry-run --Werror; then
    echo "format: run ./dev fmt"
    return 1
  fi
  echo "format: ${#files[@]} files"
}

# Looks at every file whose first line names a shell.
check_shell() {
  local -a scripts=()
  local file line
  while IFS= read -r -d '' file; do
    IFS= read -r line <"$file" 2>/dev/null || true
    if [[ $line =~ ^#!.*[/\ ](bash|sh)$ ]]; then scripts+=("$file"); fi
  done < <(tools/list_files.sh '*')
  shellcheck -x "${scripts[@]}" || return 1
  echo "shellcheck: ${#scripts[@]} scripts"
}

part layers tools/check_layers
part style tools/check_style
part shellcheck check_shell
part format check_format
part clang-tidy tools/tidy "$build" --jobs "$jobs"

if ((${#failed[@]} > 0)); then
  echo "lint: FAILED: ${failed[*]}"
  exit 1
fi
echo "lint: all clean"
