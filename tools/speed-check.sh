#!/usr/bin/env bash
# Counts the instructions that cleaning takes for a byte of text, and fails when
# they are more than the limit in benches/instructions.txt and 5% on top:
#
#   tools/speed-check.sh [--renew]
#
# Unlike time, instructions do not depend on what else the machine does. They do
# depend on the compiler and on the vector instructions of the processor. The
# texts are the seeds and the inputs of tests/cases/; start-up is left out, by
# the difference of a run that cleans them four times and one that does once.
# --renew writes what was counted as the new limit.
set -euo pipefail
cd "$(dirname "$0")/.."

limits=benches/instructions.txt
slack=5

if ! command -v valgrind >/dev/null; then
  echo "speed-check: valgrind is not installed; nothing was checked"
  exit 0
fi
cargo build --release --locked --quiet --example throughput
program=${CARGO_TARGET_DIR:-target}/release/examples/throughput

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cp seeds/*.txt "$work"
for file in tests/cases/*.txt; do
  sed -e '/^=== raw$/d' -e '/^=== clean$/,$d' "$file" >"$work/case-$(basename "$file")"
done
bytes=$(cat "$work"/*.txt | wc -c)

# Instructions of cleaning every text so many times, start-up included.
instructions() {
  local log=$work/callgrind.log
  if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" --repeat "$1" "$work"/*.txt >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "speed-check: valgrind failed" >&2
    return 1
  fi
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$log"
}

once=$(instructions 1)
more=$(instructions 4)
count=$(((more - once) / 3 / bytes))
echo "speed-check: $count instructions a byte, over $bytes bytes"

if [ "${1:-}" = --renew ]; then
  cat >"$limits" <<END
# Instructions that cleaning takes for a byte of the seeds and cases, at most;
# $slack% more fail tools/speed-check.sh, and its --renew writes this file.
# Counted with $(rustc --version | cut -d' ' -f1-2) on $(uname -m).
$count
END
  echo "speed-check: wrote $limits"
  exit 0
fi
limit=$(grep -v '^#' "$limits")
if [ $((count * 100)) -gt $((limit * (100 + slack))) ]; then
  echo "speed-check: the limit is $limit and $slack% on top. Make it faster again, or, where the" >&2
  echo "cost is worth it, renew the limit with tools/speed-check.sh --renew and say why in the commit." >&2
  exit 1
fi
if [ $((count * 100)) -lt $((limit * (100 - slack))) ]; then
  echo "speed-check: the limit, $limit, is loose by now: tighten it with tools/speed-check.sh --renew"
fi
