#!/usr/bin/env bash
# Loads two years of a real retailer into a workspace of its own, build/online-retail, and shows what to ask next.
# Called by ./dev demo online-retail, which hands over the program in HILO. A second call loads nothing again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly hilo=${HILO:?run ./dev demo online-retail}
readonly example=examples/online-retail
readonly workspace=build/online-retail
readonly data=${HILO_RETAIL_DATA:-../shared/data/retail/online_retail_ii}

explain_data() {
  cat >&2 <<TEXT
demo: the data is not at $data

It is the public dataset 'Online Retail II': all orders of a British online gift shop from December 2009 to December
2011, about one million lines. UCI Machine Learning Repository, doi 10.24432/C5CG6D, licence CC BY 4.0.

  1. Get it from https://doi.org/10.24432/C5CG6D
  2. Save its two yearly sheets as online_retail_2009_2010.csv and online_retail_2010_2011.csv, or as .csv.zst, with the
     columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
  3. HILO_RETAIL_DATA=/path/to/that/folder ./dev demo online-retail
TEXT
}

shopt -s nullglob
files=("$data"/online_retail_*.csv*)
if ((${#files[@]} == 0)); then
  explain_data
  exit 1
fi
if [[ ! -d $example ]]; then
  echo "demo: $example is not there" >&2
  exit 1
fi

# Definitions newer here than in the workspace are copied; what was changed in the workspace stays.
mkdir -p "$workspace"
cp -RL --update --preserve=timestamps "$example/." "$workspace/"
ln -sfnT "$(realpath "$data")" "$workspace/data"
if ! grep -q '^sources:' "$workspace/hilo.yaml"; then
  printf '\nsources:\n  folders: ["%s"]\n' "$(realpath "$data")" >>"$workspace/hilo.yaml"
fi

"$hilo" run -C "$workspace"

cat <<TEXT

The workspace is $workspace. Worth trying next:

  $hilo sql -C $workspace "select * from customers order by revenue desc limit 10"
  $hilo rejects -C $workspace
  $hilo customer -C $workspace 12347
  $hilo run -C $workspace              # nothing changed, so nothing is done
  $hilo --help
TEXT
