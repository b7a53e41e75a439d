#!/usr/bin/env bash
# Installs what a build needs: Debian packages (tools/apt-packages.txt) and the published DuckDB library.
# `tools/setup.sh --check` installs nothing and fails, with the reason, when something is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly duckdb=third_party/duckdb

# Prints the listed packages that are not installed, one a line.
missing_packages() {
  local installed name unless
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  while read -r name unless; do
    if [[ -n $unless ]] && command -v "${unless#\?}" >/dev/null; then continue; fi
    grep -qxF -- "$name" <<<"$installed" || echo "$name"
  done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' tools/apt-packages.txt)
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    echo "setup: needs root for: $*" >&2
    echo "       Run ./dev setup as root, or install sudo." >&2
    return 1
  fi
}

install_packages() {
  echo "setup: installing $(wc -w <<<"$*") Debian packages: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 update -q </dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends \
    "$@" </dev/null
}

# Holds when node_modules is what the lock file asks for on this kind of machine.
duckdb_is_current() {
  [[ -f $duckdb/node_modules/.package-lock.json ]] && python3 tools/check_npm_lock "$duckdb"
}

install_duckdb() {
  echo "setup: fetching DuckDB ($duckdb/package-lock.json)"
  (cd "$duckdb" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null)
}

main() {
  if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian. Hilo is built on Debian 12; a container of it will do." >&2
    return 1
  fi
  local -a missing
  mapfile -t missing < <(missing_packages)
  if [[ ${1:-} == --check ]]; then
    if ((${#missing[@]} > 0)); then
      echo "These packages are missing: ${missing[*]}" >&2
      return 1
    fi
    if ! duckdb_is_current; then
      echo "The DuckDB library is missing or not the locked one." >&2
      return 1
    fi
    return 0
  fi
  if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
  if ! duckdb_is_current; then install_duckdb; fi
  if ! duckdb_is_current; then
    echo "setup: DuckDB is still not the locked one; remove $duckdb/node_modules and run ./dev setup again" >&2
    return 1
  fi
}

main "$@"
