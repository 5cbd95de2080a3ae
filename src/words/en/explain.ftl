# What `explain` says of manifests.

## An object

explain-object = { $object }{ $nature ->
        [node] : a CSI driver's node plugin
        [controller] : a CSI driver's controller
       *[other] {""}
    }
explain-follow = { $count ->
        [one] 1 path here follows the kubelet to { $root }
       *[other] { $count } paths here follow the kubelet to { $root }
    }{ $settled ->
        [none] {""}
        [all] , and { $count ->
            [one] is
           *[other] are
        } there already
       *[some] , { $there } of them { $there ->
            [one] is
           *[other] are
        } there already
    }
explain-stay = { $count ->
        [one] 1 path here doesn't follow the kubelet's root
       *[other] { $count } paths here don't follow the kubelet's root
    }
# Once, for a reader who has never looked into a driver.
explain-primer = How a pod gets a volume: the driver announces itself to the kubelet in plugins_registry; the kubelet calls it through its socket, and passes it the place for the volume as text: a path of the node, below pods. All of this lies below the kubelet's root directory (its --root-dir), so the manifest has to name the same one. Short paths such as /csi or /registration are the container's own names, and stay.
explain-container = container { $container }{ $kind ->
        [init] {" "}(runs first)
        [ephemeral] {" "}(ephemeral)
       *[regular] {""}
    }
explain-volumes = volumes: what the pod takes from the node
explain-outside = outside of pods

## A path

explain-stays = stays
explain-there = is there already
explain-added = is added
explain-where = { $space ->
        [host] on the node
        [container] in the container
       *[other] text
    }: { $role } ({ $field })
explain-where-unknown = { $field }
explain-because = Why: { $reason }
# `again` is yes where the same was said of another path, at `line`.
explain-harm = { $fate ->
        [there] If this were still at the old root
        [stays] If this moved as well
        [added] Without this
       *[moves] If this stayed behind
    }{ $again ->
        [yes] , the same as at line { $line }
       *[no] : { $harm }
    }
explain-shared = Bidirectional{ $again ->
        [yes] , as at line { $line }
       *[no] : what is mounted here appears on the node as well, and from there in the pod that wants the volume. Without this word, a mount stays inside the container.
    }
explain-more = { $count ->
        [one] 1 path stands where nothing acts on it (a comment, a description) and stays; --verbose shows it
       *[other] { $count } paths stand where nothing acts on them (comments, descriptions) and stay; --verbose shows them
    }
explain-finding = { $severity }[{ $rule }], line { $line }: { $message }
explain-finding-more = more: csi-relocate explain { $rule }

## The end

explain-nothing = No path here is tied to a kubelet's root directory: there is nothing to move.
explain-nothing-help = If the manifests were written for another root than /var/lib/kubelet, name it with --from (or --from auto).
explain-next = To change these paths in the file:
explain-done = Nothing here has to move.
explain-only-findings = Nothing here would be moved; what is said above is for you to decide.
explain-empty = nothing was read: there is nothing to explain
explain-drawn-none = no pod here mounts a directory of the node

## What a path is for

role-root = the kubelet's root directory
role-pods = the pods' directories, with their volumes
role-plugins = the drivers' directories, and staged volumes
role-staging = staged volumes
role-plugin-socket-dir = the driver's own directory, with its socket
role-plugin-socket = the driver's socket, which the kubelet calls
role-plugins-registry = where the kubelet looks for drivers
role-registration-socket = a driver's registration with the kubelet
role-pod-resources = the socket that tells which pod has which device
role-pods-api = the socket of the kubelet's pods API
role-device-plugins = where device plugins register
role-seccomp = seccomp profiles of the node
role-checkpoints = checkpoints of containers
role-state-file = a file that the kubelet keeps for itself, or reads as its own
role-pki = the kubelet's certificates
role-kubeadm-file = a file that kubeadm writes for the kubelet
role-kubeconfig = the kubelet's kubeconfig
role-flexvolume = the directory of FlexVolume drivers
role-driver-dir = a driver's directory beside the kubelet's own
role-unknown = a directory that the kubelet itself doesn't know

## What breaks when a path is left behind that follows the root

harm-pods-host-path-typed = where the old directory is missing, the pod doesn't start. Where it is left over, volumes would be mounted in a directory in which the kubelet doesn't look.
harm-pods-host-path = volumes would be mounted in a directory in which the kubelet doesn't look. Pods get an empty directory, and what they write stays on the node's own disk.
harm-pods-mount-path = the kubelet passes the driver a path of the node, as text, and the driver uses it inside its container. If the directory has another path there, the driver mounts the volume where only it can see it: pods start, nothing warns, and what they write is lost on the node's own disk.
harm-staging-host-path = staged volumes (mounted once per node, before pods get them) would lie where the kubelet doesn't look. Raw block volumes fail; others fail at the latest when the driver restarts.
harm-staging-mount-path = the kubelet also passes the place where a volume is staged (mounted once per node, before pods get it). If that path means something else in the container, volumes can't be used, or no longer once the driver restarts.
harm-socket-dir = the kubelet wouldn't find the driver's socket: the driver isn't registered, and no volume is mounted.
harm-registry-typed = where the old directory is missing, the pod doesn't start. Where it is left over, the pod is Ready, but no kubelet looks there: pods that need the driver wait.
harm-registry = the driver would announce itself where no kubelet looks. Its own pod is Ready; only the pods that need the driver wait.
harm-registration-path = the kubelet would call the old path and find no socket there: the registrar restarts again and again, and no volume is mounted.
harm-probe = the probe would look for the registrar in the old place, and the registrar would be killed again and again.
harm-pod-resources = the program opens a socket that no kubelet serves, and doesn't learn which pod has which device.
harm-agent-pods = the program would look into a directory that is empty or out of date, instead of the kubelet's.
harm-host-path = the container would see another directory than the one the kubelet uses.
harm-mount-path = the program looks for its files at the new path, and this mount would still be at the old one.
harm-host-setting = the program would work in the directory of a kubelet that isn't there.
harm-reference = the program would look for a path at which nothing is mounted any more.
harm-allowed-path = pods that mount the new root would be refused.
harm-volume-source = the volume would go on as long as the old directory is there. Its files don't move by themselves: copy them on the node before the path changes.
harm-configuration = whoever reads this, a program or an operator that makes pods of it, would go on with the old directory.
harm-propagation = what the driver mounts would stay inside its container: pods start, nothing warns, and what they write is lost on the node's own disk.
harm-setting = the program would look below the default root: { $because }.

## What breaks when a path moves that doesn't follow the root

harm-moved-device-plugins = the device plugin would look for the kubelet in a directory where it isn't, and its devices would be missing on the node.
harm-moved-file = the file isn't there, since nothing puts it below the root.
harm-moved-flexvolume = the kubelet looks for FlexVolume drivers elsewhere, and wouldn't find them.
harm-moved-private-view = the program opens the path that it has compiled in, and there would be nothing.
harm-moved-agent-view = the program may open paths that it has compiled in, and there would be nothing.

## The drawing

mounts-title = { $object }: what its containers see of the node
mounts-host = on the node
mounts-container = in the container
mounts-read-only = read-only
mounts-sub-path = only its { $path }
mounts-private = ──── a directory of the node, seen in the container; what is mounted on one side later stays on that side
mounts-inward = ───▶ what is mounted on the node later appears in the container, and not the other way (HostToContainer)
mounts-both = ◀══▶ what is mounted on one side appears on the other (Bidirectional): so a driver's mounts reach pods

## The page of a rule

page-title = { $id }: { $title }
page-said = { $severity }{ $others ->
        [none] {""}
       *[other] , in some cases { $others }
    }; said by { $commands }
page-fix = What to do: { $text }
page-tell-apart = How to tell: { $text }
page-example = An example, with the kubelet in /data/kubelet:
page-sources = Sources:

## Symptoms

symptoms-seen = { $count ->
        [one] line { $line }
       *[other] { $count } lines, the first is line { $line }
    }{ $drivers ->
        [none] {""}
       *[other] , about { $drivers }{ $others ->
            [0] {""}
           *[other] {" "}and { $others } more
        }
    }
symptoms-guess = This may be what you describe. The message of an event or a log line would tell for sure.
symptoms-no-path-problem = This is no path problem: rewriting a manifest doesn't help.
symptoms-check = csi-relocate check finds it as: { $rules }
symptoms-more = { $count ->
        [one] 1 more symptom; all of it with --verbose:
       *[other] { $count } more symptoms; all of them with --verbose:
    }
symptoms-none = no known symptom is in { $lines ->
        [one] this line
       *[other] these { $lines } lines
    }
symptoms-none-help = What to look at: `kubectl describe pod` of the pod that waits, `journalctl -u kubelet` on its node, and the log of the driver's node-driver-registrar container on that node. A whole log may be piped in.
symptoms-chinese = 中文说明：加上 --lang zh
symptoms-page = { $id } has a page: csi-relocate explain { $id }
symptoms-no-file = there is no file { $file }; it was read as a log line
symptoms-empty = nothing was read: there is no log line
symptoms-given = The kubelet lives in { $root }, as you say.
symptoms-contradicted = You say that the kubelet lives in { $given }, but { $is_there ->
        [yes] in these lines it names paths below { $roots }
       *[no] in these lines nothing is there
    }. `ps -ef | grep root-dir` on the node shows which is right; write it instead of DIR.
symptoms-kubelet = The kubelet itself names paths below { $root }, so this is its root directory.
symptoms-kubelets = The kubelet names paths below several roots: { $roots }. Nodes differ, and each root needs manifests of its own.
symptoms-manifest = The manifest names { $roots }, and { $known ->
        [yes] the kubelet lives elsewhere.
       *[no] the node of this line has no such directory. `ps -ef | grep root-dir` on the node shows the kubelet's root directory; write it instead of DIR.
    }
symptoms-either = The line names { $roots }. It doesn't tell whether the kubelet lives there or the manifest was left behind there; `ps -ef | grep root-dir` on the node does. Write what it shows instead of DIR.
symptoms-commands = Look at what is wrong, then rewrite:
