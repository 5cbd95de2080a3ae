#!/usr/bin/env bash
# seed.sh [--own]: fills fuzz/corpus/TARGET from what was grown before, from testdata, and, without
# --own, from ../shared where that lies beside the repository. What is in a corpus already stays.
set -euo pipefail

if (($# > 1)) || [[ ${1---own} != --own ]]; then
    echo 'usage: fuzz/seed.sh [--own]' >&2
    exit 64
fi

unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# Larger files make every run slow, and have nothing that smaller ones lack.
max_bytes=16000
corpus=fuzz/corpus
shared=../shared
[[ ${1-} != --own ]] || shared=/dev/null/none

mkdir -p "$corpus"/{parser,filter,paths,krm,symptom}
tar --no-same-owner -xzf fuzz/grown.tar.gz -C "$corpus"

# What a file is called in a corpus: by what is in it, so that nothing is there twice.
name_of() {
    sha1sum | cut -d' ' -f1
}

# plain TARGET FILE: as it is
plain() {
    cp -- "$2" "$corpus/$1/$(name_of <"$2")"
}

# chosen TARGET CHOICE FILE: behind one byte, which says what is done
chosen() {
    local scratch
    scratch=$(mktemp)
    # shellcheck disable=SC2059 # the choice is an escape
    { printf "$2"; cat -- "$3"; } >"$scratch"
    mv -- "$scratch" "$corpus/$1/$(name_of <"$scratch")"
}

# The lower half of the byte is the root; of the upper half, 1 finds roots, 2 has a Windows root,
# 4 parses everything, 8 has one more root to move from.
choices=('\x00' '\x30' '\x12' '\x23' '\x48' '\x81' '\xf4' '\x09')

manifests=0
while IFS= read -r -d '' file; do
    plain parser "$file"
    chosen filter "${choices[manifests % ${#choices[@]}]}" "$file"
    manifests=$((manifests + 1))
done < <(
    find testdata -type f \( -name '*.yaml' -o -name '*.json' \) -size "-${max_bytes}c" -print0
    if [[ -d $shared/corpus ]]; then
        # Small ones: the shapes in the large ones are the same.
        find "$shared/corpus" "$shared/hard" "$shared/no-knob" -type f -size -6000c \
            \( -name '*.yaml' -o -name '*.json' \) -print0
    fi
)

while IFS= read -r -d '' file; do
    chosen krm '\x00' "$file"
    chosen krm '\x01' "$file"
done < <(find testdata/krm -type f -print0)
# A list around the cases' objects.
head='apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  apiVersion: v1
  kind: ConfigMap\n  data: {kubeletRoot: /data/kubelet}\nitems:\n'
scratch=$(mktemp)
trap 'rm -f -- "$scratch"' EXIT
while IFS= read -r -d '' file; do
    # Only what is one document can be one item.
    if ! grep -q '^---' "$file"; then
        # shellcheck disable=SC2059 # the head has escapes
        { printf "$head"; sed -e 's/^/  /' -e '1s/^  /- /' "$file"; } >"$scratch"
        chosen krm '\x00' "$scratch"
    fi
done < <(find testdata/cases -type f -name '*.yaml' -size -4000c -print0)

while IFS= read -r -d '' file; do
    plain symptom "$file"
done < <(find testdata/symptoms -type f -print0)

# Roots and paths: what manifests say, line by line, below a root.
for root in /var/lib/kubelet /data/kubelet 'D:\k8s\kubelet' /k; do
    for path in /var/lib/kubelet/pods ../kubelet /k //var/./lib /opt/kubelet; do
        {
            printf '%s\n%s\n' "$root" "$path"
            # shellcheck disable=SC2016 # as manifests have it
            printf '%s\n' 'unix:///var/lib/kubelet/plugins/x/csi.sock' '--path=C:\var\lib\kubelet' \
                's/\/var\/lib\/kubelet/x/' '${ROOT:-/var/lib/kubelet}' '/host/var/lib/kubelet.'
        } >"$scratch"
        plain paths "$scratch"
    done
done
while IFS= read -r -d '' file; do
    { printf '/data/kubelet\n/var/lib/kubelet\n'; { grep -h kubelet "$file" || true; } | head -20; } >"$scratch"
    plain paths "$scratch"
done < <(find testdata/cases -type f -name '*.yaml' -print0)

# What was once found is a good place to search further.
for file in testdata/fuzz/*/*; do
    [[ -f $file ]] || continue
    plain "$(basename -- "$(dirname -- "$file")")" "$file"
done

for folder in "$corpus"/*/; do
    printf '%6d files  %s\n' "$(find "$folder" -type f | wc -l)" "$(basename -- "$folder")"
done
