#!/usr/bin/env bash
# run.sh TARGET SECONDS: runs a fuzz target on its grown corpus. Needs cargo-fuzz and a nightly
# toolchain, which FUZZ_TOOLCHAIN names (`nightly` without it). What it finds is written to
# fuzz/artifacts/TARGET.
set -euo pipefail

unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

if (($# != 2)) || [[ ! -f fuzz_targets/$1.rs ]] || [[ ! $2 =~ ^[0-9]+$ ]]; then
    printf 'usage: fuzz/run.sh TARGET SECONDS; targets:%s\n' \
        "$(printf ' %s' fuzz_targets/*.rs | sed 's|fuzz_targets/||g; s|\.rs||g')" >&2
    exit 64
fi
target=$1
seconds=$2

case $target in
    parser) max_len=4096 dict=yaml ;;
    filter) max_len=8192 dict=yaml ;;
    krm) max_len=8192 dict=yaml ;;
    paths) max_len=1024 dict=path ;;
    symptom) max_len=4096 dict=log ;;
    *) printf 'error: %s has no limits here\n' "$target" >&2; exit 70 ;;
esac

if [[ -z $(find "corpus/$target" -type f -print -quit 2>/dev/null) ]]; then
    ./seed.sh
fi

# No sanitizer: neither the program nor this has any `unsafe`, and without one it runs three times
# as often.
exec cargo "+${FUZZ_TOOLCHAIN:-nightly}" fuzz run --fuzz-dir . --sanitizer none "$target" -- \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len="$max_len" \
    -dict="dict/$dict.dict" -print_final_stats=1
