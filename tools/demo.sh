#!/usr/bin/env bash
# Makes a simulated retailer in build/demo, runs Hilo on it, and shows what to ask next. Needs no data and no network.
# Called by ./dev demo, which hands over the program in HILO. A second call makes and loads nothing again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly hilo=${HILO:?run ./dev demo}
readonly workspace=build/demo

# Prints a command as it would be typed, and runs it.
show() {
  printf '\n$ hilo'
  printf ' %q' "$@"
  printf '\n'
  "$hilo" "$@"
}

if [[ -e $workspace && ! -d $workspace/truth ]]; then
  echo "demo: $workspace is there and is not a simulated retailer; remove it first" >&2
  exit 1
fi
if [[ ! -d $workspace ]]; then
  show generate -o "$workspace" --customers 20000 --days 730
fi
show run -C "$workspace"

# The customer shown is whoever spent most and is known by name.
customer=$("$hilo" sql -C "$workspace" --csv "select customer_id from customers order by revenue desc nulls last,
  customer_id limit 1" | tail -n 1)

echo
echo "Customers, the best of the last year first:"
show sql -C "$workspace" "select customer_id, orders, revenue, buyer_type, favourite_category, days_since_order
  from customers order by revenue_365d desc nulls last, customer_id limit 5"
echo
echo "One customer, from all silos:"
show customer -C "$workspace" "$customer"
echo
echo "A segment: good customers who have stayed away for twice their usual gap."
show sql -C "$workspace" "select count(*) as customers, sum(revenue) as revenue from customers
  where orders >= 3 and days_since_order > 2 * typical_gap_days"
echo
echo "The same question as of an earlier day:"
show sql -C "$workspace" "select count(*) as customers, sum(revenue) as revenue from customers_on(date '2023-12-31')"
show snapshot -C "$workspace" --as-of 2023-12-31 -o "$workspace/end-2023.csv"

cat <<TEXT

What really happened, which no silo knows, stands in $workspace/truth: compare it with what Hilo found.
TEXT
# One of each kind: most are by month.
for file in "$workspace"/truth/*; do
  kind=${file%_20*}
  if [[ $kind == "${shown:-}" ]]; then continue; fi
  shown=$kind
  printf '  %s: %s\n' "$file" "$(head -n 1 "$file" | cut -c 1-100)"
done
cat <<TEXT

Worth trying next:

  $hilo rejects -C $workspace
  $hilo snapshot -C $workspace --from 2023-01-31 --to 2024-12-31 --every month -o months.parquet
  $hilo run -C $workspace              # nothing changed, so nothing is done
  $hilo generate --help                # another seed, noise, regime or size
  ./dev demo online-retail             # two years of a real retailer
TEXT
