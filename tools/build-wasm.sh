#!/usr/bin/env bash
# Builds the npm package `pkg/` from the crate, and prints its size.
#
#   tools/build-wasm.sh            (tools/setup-wasm.sh must have run; `make wasm` runs both)
#   tools/build-wasm.sh --check    builds and measures, and leaves `pkg/` as it is
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
check=0
[ "${1:-}" != --check ] || check=1
target=${CARGO_TARGET_DIR:-$root/target}/wasm
cargo_home=${CARGO_HOME:-$HOME/.cargo}
[ ! -f "$cargo_home/wasm-env.sh" ] || . "$cargo_home/wasm-env.sh"

# What is fetched first has a folder that can be named below.
cargo fetch --quiet --locked --target wasm32-unknown-unknown

# No path of this machine may stand in what is shipped. The last that fits wins.
flags="-C target-feature=+simd128"
flags+=" --remap-path-prefix=$HOME=home --remap-path-prefix=$cargo_home=cargo"
for registry in "$cargo_home"/registry/src/*/; do flags+=" --remap-path-prefix=${registry%/}=deps"; done
flags+=" --remap-path-prefix=$root=bodycopy"

( export RUSTFLAGS=$flags CARGO_TARGET_DIR=$target
  unset CARGO_ENCODED_RUSTFLAGS
  wasm-pack --log-level warn build --target web --release --mode no-install --no-pack --out-dir "$target/pkg" \
    -- --quiet --locked --no-default-features )

if [ $check = 1 ]; then
  exec node tools/size.mjs "$target/pkg/bodycopy_bg.wasm"
fi
mkdir -p pkg
for file in bodycopy.js bodycopy.d.ts bodycopy_bg.wasm bodycopy_bg.wasm.d.ts; do cp "$target/pkg/$file" pkg/; done
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
sed "s/@version@/$version/" tools/npm/package.json >pkg/package.json
cp tools/npm/README.md pkg/
for license in LICENSE*; do [ ! -f "$license" ] || cp "$license" pkg/; done
node tools/size.mjs
