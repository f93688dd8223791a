#!/usr/bin/env bash
# Checks licences, duplicates and sources of the crates that are used, by
# deny.toml. Builds cargo-deny once, in some minutes, where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
deny=${CARGO_HOME:-$HOME/.cargo}/bin/cargo-deny
if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
  echo "deny: building cargo-deny $version"
  # Not optimised: it runs for a second, and is built on every new machine.
  cargo install --quiet --locked --debug --force "cargo-deny@$version"
fi
for manifest in Cargo.toml fuzz/Cargo.toml; do
  "$deny" --manifest-path "$manifest" --config deny.toml check \
    --allow license-not-encountered --allow license-exception-not-encountered bans licenses sources
done
