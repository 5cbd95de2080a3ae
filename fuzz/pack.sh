#!/usr/bin/env bash
# Packs the corpora into fuzz/grown.tar.gz: of what covers the same, the least. They have to be grown
# from the project's own files, by `fuzz/seed.sh --own` and `fuzz/run.sh`. Takes no arguments.
set -euo pipefail

unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
targets=()
for file in fuzz_targets/*.rs; do
    target=$(basename -- "$file" .rs)
    targets+=("$target")
    mkdir -- "$scratch/$target"
    # Only edges: how often each is passed would keep a hundred times as much.
    cargo "+${FUZZ_TOOLCHAIN:-nightly}" fuzz run --fuzz-dir . --sanitizer none "$target" \
        "$scratch/$target" "corpus/$target" -- -set_cover_merge=1 -use_counters=0 -timeout=10
done
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01 -C "$scratch" -cf - \
    "${targets[@]}" | gzip -9n >grown.tar.gz
du -h grown.tar.gz
