#!/bin/bash
# run.sh MODELS BUILD: boards with hardware that users bring, played by the tool (GPIOCLX). MODELS: the
# folder of the shared objects; BUILD: the build folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
models=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GPIOCLX_CACHE=${GPIOCLX_CACHE:-$work/cache}
failed=0

# play NAME EXPECTED_CODE BENCH TEXT...: runs a bench; its output must contain each text.
play() {
  local name=$1 expected=$2 bench=$3 code=0
  shift 3
  "$GPIOCLX" run "$bench" ${flags:-} >"$work/$name.out" 2>&1 || code=$?
  if ((code != expected)); then
    echo "$name: exit code $code, expected $expected"
    cat "$work/$name.out"
    failed=1
    return
  fi
  for text in "$@"; do
    if ! grep -qF -- "$text" "$work/$name.out"; then
      echo "$name: its output lacks: $text"
      cat "$work/$name.out"
      failed=1
    fi
  done
  echo "$name: as expected"
}

# bench NAME MODEL STATEMENT...: a board with one part, a C++ model.
bench() {
  local name=$1 model=$2
  shift 2
  cp "$here/direct.asl" "$work/"
  {
    printf 'schema = 1\ntitle = "%s"\nfirmware = "direct.asl"\n' "$name"
    printf "script = '''\n"
    printf '%s\n' "$@"
    printf "'''\n"
    printf '[[wire]]\nname = "net"\npins = []\n'
    printf '[[part]]\nname = "it"\nmodel = "%s"\npin = "net"\n' "$models/$model.so"
    [[ -z ${with:-} ]] || printf 'with = %s\n' "$with"
  } >"$work/$name.toml"
}

play direct 0 "$here/direct.toml"
play reports 0 "$here/reports.toml" "hardware: \\_SB.GPI0: write to a read-only register" "probe.c:"
play refused 1 "$here/refused.toml" "register-004" "call [" "probe.c:"

# The example, built as its users build it: from an installed header.
cmake --install "$build" --component model_interface --prefix "$work/prefix" >"$work/cmake.out"
cmake -G Ninja -S "$here/../../examples/models/superio" -B "$work/superio" -DCMAKE_PREFIX_PATH="$work/prefix" \
  >>"$work/cmake.out"
cmake --build "$work/superio" >>"$work/cmake.out"
cp "$here/probe.asl" "$work/"
sed "s|@PROBE@|$here/probe|" "$here/superio.toml.in" >"$work/superio.toml"
play superio 0 "$work/superio.toml" "locked"

bench counts misbehaving "do it count" "expect net high" "do it count" "expect net low"
play counts 0 "$work/counts.toml"
bench crash misbehaving "do it crash"
play crash 1 "$work/crash.toml" "fault-013" "misbehaving.so" "misbehaving.cpp:"
with='{ throw = "crash" }' bench crash_at_load misbehaving "wait idle"
play crash_at_load 1 "$work/crash_at_load.toml" "fault-013" "misbehaving.cpp:"
bench throw misbehaving "do it throw"
play throw 1 "$work/throw.toml" "hardware-001" "told to throw"
bench hang misbehaving "do it hang"
flags="--watchdog 500" play hang 3 "$work/hang.toml" "misbehaving.so"
bench unknown misbehaving "do it dance"
play unknown 2 "$work/unknown.toml" "no action 'dance'"
for model in no_entry undefined_symbol wrong_version uses_chance uses_malloc missing; do
  bench "$model" "$model" "wait idle"
  play "$model" 2 "$work/$model.toml" "$model.so"
done
exit $failed
