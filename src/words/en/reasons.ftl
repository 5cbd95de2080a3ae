# Why a path moves or stays, in half a sentence.

## What doesn't follow the root, by the table of roles; also ends sentences that begin with `but`

stays-flexvolume = the FlexVolume directory is set by --volume-plugin-dir, not by --root-dir
stays-device-plugins = the kubelet's device-plugins directory is a constant and doesn't follow --root-dir
stays-pki = the kubelet's certificates are set by --cert-dir, not by --root-dir
stays-kubeadm-file = kubeadm writes it to a constant path
stays-kubeconfig = it is set by the kubelet's --kubeconfig, not by --root-dir
stays-bootstrap-kubeconfig = it is set by the kubelet's --bootstrap-kubeconfig, not by --root-dir
stays-client-socket = the client opens the path it has compiled in, and the host side decides which socket that is
stays-written-path = the program writes to the path it has compiled in, and the host side decides where that is

## What can't be changed on a live object, and how to change it nevertheless

immutable-persistent-volume = the source of a PersistentVolume
    .how = set its reclaim policy to Retain, delete it, and create it anew
immutable-pod = the volumes, commands and variables of a Pod
    .how = delete the pod and create it anew
immutable-job = the template of a Job
    .how = delete the Job and create it anew

## Why a decision was taken

reason-already-there = already below the new root
reason-host-follows-root = the kubelet's directory on the host follows --root-dir
reason-goes-back = goes back, because { $why }
reason-mount-follows-host = the mount moves with its hostPath
reason-agent-view = an agent's own view of the root, only the host side moves
reason-mounted-from-elsewhere = the volume mounted here doesn't come from the root
reason-empty-dir-below-root = an emptyDir below the root moves with what refers to it
reason-behind-ancestor = behind the mount of an ancestor directory, where the new root appears
reason-ancestor-lacks-root = the ancestor directory mounted here doesn't hold the new root
reason-moves-with-mount = lies below the mount at { $mount }, which moves
reason-meets-mount = once moved, it lies below the mount at { $mount }
reason-above-mount = lies above the mount at { $mount }, which stays
reason-stays-with-mount = lies below the mount at { $mount }, which stays
reason-readers-differ = containers that read it have different directories there
reason-registration-path = a host path, which the kubelet dials
reason-host-command = the container works in the host's filesystem
reason-host-setting = { $name } holds a host path
reason-pod-moves = under no mount, moves with the rest of the pod
reason-nothing-moves = under no mount, and nothing else in the pod moves
reason-in-regex = inside a pattern, which isn't rewritten
reason-migration = a command works on the old root itself
reason-patched = part of a pod, moves by what the path is for
reason-configuration = configuration speaks of host paths
reason-comment = a comment
reason-prose = a description for people
reason-sentinel = a value that its program compares with
reason-shadowed = its key is written again later, and the last one counts
reason-patched-base = what is patched: the patch tests it, or takes it away
reason-remote = a server's path, on no node
reason-schema-default = a default in a schema
reason-annotation = an annotation, often a copy of the object
reason-policy = a policy, which may be meant for either root
reason-configures-kubelet = configures the kubelet itself
reason-unknown-field = in a field that isn't known here
reason-part-of-chart = a value of a chart that alone doesn't move all of the root
reason-windows = a path of Windows nodes, for which no root was given
reason-no-linux-path = spelled for Windows, in a pod for Linux nodes
reason-shared-uses-disagree = shared by an anchor, and its uses don't agree
reason-setting-added = { $driver } takes the default root unless this says another
reason-propagation-added = without it, what the driver mounts never reaches the host
