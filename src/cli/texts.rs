//! Examples and exit codes, as `--help` and the manual pages show them.

pub(super) const SHORT_EXAMPLES: &str = "\
Examples:
  csi-relocate --kubelet-root /data/kubelet < csi-nfs-node.yaml | kubectl apply -f -
  csi-relocate --kubelet-root /data/kubelet --in-place deploy/

'--help' has more.";

/// What people do, each with its command; shown by `--help` and in the manual page.
pub(crate) const EXAMPLES: &str = "\
One manifest:
  csi-relocate --kubelet-root /data/kubelet < csi-nfs-node.yaml | kubectl apply -f -
  csi-relocate --kubelet-root /data/kubelet --verbose csi-nfs-node.yaml > moved.yaml

A chart, or what kustomize builds:
  helm template csi ./chart | csi-relocate --kubelet-root /var/lib/k0s/kubelet
  kustomize build overlays/prod | csi-relocate --kubelet-root /data/kubelet --fail-on error

As a function of kustomize or kpt, with a configuration and without arguments:
  kustomize build --enable-alpha-plugins --enable-exec overlays/prod
  kpt fn eval --exec csi-relocate -- kubeletRoot=/data/kubelet

A folder of manifests:
  csi-relocate --kubelet-root /data/kubelet --diff deploy/
  csi-relocate --kubelet-root /data/kubelet --in-place deploy/
  csi-relocate --kubelet-root /data/kubelet --output-dir moved deploy/

Patches instead, where no program may run (Flux, Argo CD):
  helm template csi ./chart | csi-relocate --kubelet-root /data/kubelet --emit kustomize-patches

Manifests that somebody has moved before, wholly or in part:
  csi-relocate --kubelet-root /data/kubelet --from auto --diff half-moved.yaml";

/// What the exit code says; the reasons are in docs/usage.md.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done, whether something had to be moved or not; findings are on standard error
  1  with --diff: there is a difference; with --fail-on: there is such a finding; as a function
     or plugin: there is an error, or the configuration can't be used
  2  wrong usage, input that can't be read, output that can't be written, or a mistake of
     csi-relocate; the message says which, and that nothing was written";

pub(super) const CHECK: &str = "\
Examples:
  csi-relocate check --kubelet-root /data/kubelet deploy/
  kustomize build overlays/prod | csi-relocate check --kubelet-root /data/kubelet -
  csi-relocate check --any-root deploy/
  csi-relocate check --kubelet-root /data/kubelet --format sarif deploy/ > csi.sarif

Exit codes:
  0  no finding of the severity that --fail-on names, or worse
  1  there is one
  2  wrong usage, input that can't be read, or a mistake of csi-relocate
  3  no Kubernetes object was seen";

pub(super) const EXPLAIN: &str = "\
Examples:
  csi-relocate explain --kubelet-root /data/kubelet csi-nfs-node.yaml
  csi-relocate explain --kubelet-root /data/kubelet --mounts csi-nfs-node.yaml
  csi-relocate explain parity-broken
  csi-relocate explain --symptom 'MountVolume.SetUp failed for volume ...'
  journalctl -u kubelet | csi-relocate explain --symptom
  csi-relocate explain --lang zh --symptom kubelet.log

Exit codes:
  0  it was explained
  1  with --symptom: no known symptom was found
  2  wrong usage, input that can't be read, or a mistake of csi-relocate
  3  there was nothing to read";

pub(super) const INSTALL_PLUGIN: &str = "\
Examples:
  csi-relocate install-plugin
  csi-relocate install-plugin --helm
  csi-relocate install-plugin --helm --to ./csi-relocate-plugin
  csi-relocate install-plugin --to ./plugins
  KUSTOMIZE_PLUGIN_HOME=$PWD/plugins kubectl kustomize --enable-alpha-plugins overlays/prod";

pub(super) const COMPLETIONS: &str = "\
Examples:
  csi-relocate completions bash > ~/.local/share/bash-completion/completions/csi-relocate
  csi-relocate completions zsh > ~/.zfunc/_csi-relocate
  csi-relocate completions fish > ~/.config/fish/completions/csi-relocate.fish
  csi-relocate completions powershell >> $PROFILE";

pub(super) const MAN: &str = "\
Examples:
  csi-relocate man | man -l -
  csi-relocate man --to ~/.local/share/man/man1";
