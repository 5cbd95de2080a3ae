#!/usr/bin/env bash
# Builds the kube-apiserver that tests/apiserver.rs asks, with the ordinary Go client.
#
#     tests/apiserver/build.sh [FOLDER [PROGRAM...]]
#
# FOLDER is target/apiserver unless given, and other programs of the same version, such as kubectl,
# are built where they are named. What is there in the right version is left alone; a first build
# takes some minutes.
set -euo pipefail

# The version whose source lines docs/rules.md cites.
version=v1.36.3

# There in the pinned version, and for this machine: go itself says what a program was built from.
is_there() {
    local built
    built=$(go version -m "$folder/$1" 2>/dev/null) || return 1
    grep -qF $'\tpath\tk8s.io/kubernetes/cmd/'"$1" <<<"$built" &&
        grep -qF $'\tmod\tk8s.io/kubernetes\t'"$version"$'\t' <<<"$built" &&
        grep -qF $'\tbuild\tGOARCH='"$(go env GOARCH)" <<<"$built"
}

# Kubernetes is published as a module that nobody else can require as it is: it asks for v0.0.0 of
# its staging modules, and finds them in folders that aren't in the module. They are published too,
# as v0.x.y for v1.x.y; which ones there are is told by its own replace directives.
write_module() {
    local published staging
    published=$(go mod download -json "k8s.io/kubernetes@$version" |
        sed -n 's/^[[:space:]]*"GoMod": "\(.*\)",\{0,1\}$/\1/p')
    [[ -f $published ]] || {
        echo "error: no go.mod of k8s.io/kubernetes $version" >&2
        return 1
    }
    staging=$(awk '$2 == "=>" && $3 ~ /^\.\/staging\// { print $1 }' "$published")
    [[ -n $staging ]] || {
        echo "error: $published names no staging modules" >&2
        return 1
    }
    printf 'module built.invalid/apiserver\n\n'
    # The Go version and its defaults are part of what was released.
    awk '$1 == "go" || $1 == "godebug" && NF == 2' "$published"
    printf '\nrequire k8s.io/kubernetes %s\n\nreplace (\n' "$version"
    local module
    for module in $staging; do
        printf '\t%s => %s v0.%s\n' "$module" "$module" "${version#v1.}"
    done
    printf ')\n'
}

build() {
    local about=k8s.io/component-base/version flags program
    # Whoever runs it may have a workspace or flags of their own.
    export GOWORK=off GOFLAGS='' CGO_ENABLED=0
    mkdir -p -- "$folder/module"
    cd -- "$folder/module"
    write_module >go.mod.new
    mv -- go.mod.new go.mod
    # Without these a program says that it is v0.0.0-master.
    flags="-s -w -X $about.gitVersion=$version -X $about.gitTreeState=clean"
    flags+=" -X $about.gitMajor=1 -X $about.gitMinor=$(cut -d. -f2 <<<"$version")"
    for program in "$@"; do
        go build -mod=mod -buildvcs=false -trimpath \
            -ldflags "$flags" -o "$program.new" "k8s.io/kubernetes/cmd/$program"
        # Whole or not at all, however this ends.
        mv -- "$program.new" "../$program"
    done
}

command -v go >/dev/null || {
    echo 'error: go is not installed' >&2
    exit 1
}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:-${CARGO_TARGET_DIR:-$root/target}/apiserver}
shift || true
programs=("$@")
(($# > 0)) || programs=(kube-apiserver)
mkdir -p -- "$folder"
folder=$(cd -- "$folder" && pwd)

missing=()
for program in "${programs[@]}"; do
    if is_there "$program"; then
        echo "$program $version is there"
    else
        missing+=("$program")
    fi
done
if ((${#missing[@]} > 0)); then
    echo "building ${missing[*]} $version in $folder"
    SECONDS=0
    build "${missing[@]}"
    echo "built in $SECONDS s"
fi
