#!/usr/bin/env bash
# Runs the fuzz targets, each for some seconds, and fails when one crashes:
#
#   tools/fuzz.sh [SECONDS] [TARGET …]
#
# It does what `cargo fuzz run --sanitizer none TARGET` does, with the stable
# toolchain and without cargo-fuzz, which takes longer to build than to run.
# The corpus starts from seeds/ and tests/cases/ and grows in fuzz/corpus/;
# what crashes is written to fuzz/artifacts/.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-10}
shift || true
targets=("$@")
[ $# -gt 0 ] || targets=(library options weights compiled lexicon jsonl archive utf16)

# The texts that the corpus starts from, in the form that a target takes.
corpus() {
  local target=$1 folder=fuzz/corpus/$1 file name
  mkdir -p "$folder" "fuzz/artifacts/$target"
  for file in seeds/*.txt tests/cases/*.txt; do
    name=$(basename "$file")
    case $target in
      library | utf16) cp "$file" "$folder/$name" ;;
      options) { head -c 48 "$file" && cat "$file"; } >"$folder/$name" ;;
      jsonl) { printf '\1{"id": 1, "text": "' && escaped "$file" && printf '", "spans": []}\n{}\n'; } >"$folder/$name" ;;
      archive)
        {
          printf '\1WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: <x>\r\n'
          printf 'Content-Length: %d\r\n\r\n' "$(wc -c <"$file")" && cat "$file" && printf '\r\n\r\n'
        } >"$folder/$name"
        ;;
    esac
  done
  case $target in
    weights) head -c 4096 weights/bodycopy.weights >"$folder/start" ;;
    compiled) printf '\2\1\1\7\1\0\0\1\1\1\1\1\0\1\3\1' >"$folder/small" ;;
    lexicon) for file in lexicons/*.txt; do head -n 60 "$file" >"$folder/$(basename "$file")"; done ;;
  esac
}

# A text as the inside of a JSON string.
escaped() {
  tr -d '\000-\011\013-\037' <"$1" | sed 's/[\\"]/\\&/g' | awk '{ printf "%s\\n", $0 }'
}

# Coverage for libFuzzer, as cargo-fuzz asks for it; a target of its own keeps
# the flags from build scripts.
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares"
built=${CARGO_TARGET_DIR:-fuzz/target}
cargo build --release --locked --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$built" \
  "${targets[@]/#/--bin=}"

for target in "${targets[@]}"; do
  corpus "$target"
  log=fuzz/artifacts/$target/log
  echo "fuzz: $target, ${seconds} s"
  if ! "$built/$host/release/$target" -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=1024 \
    -artifact_prefix="fuzz/artifacts/$target/" "fuzz/corpus/$target" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "fuzz: $target failed; what did it is in fuzz/artifacts/$target/" >&2
    exit 1
  fi
  grep '^Done' "$log"
done
