# What a finding says, and as `.help` what to do about it. Each begins with its rule's id.
#
# One line for each text: a message with values in it is shown on one line. A value that chooses
# among texts is a word such as `yes`; what it may be stands in the code that says the message.

## The driver's mounts reach the node

propagation-missing = the mount of { $mount } in container `{ $container }` { $declared ->
        [none] has no mountPropagation
       *[other] has mountPropagation: { $declared }
    }: what the driver mounts there stays inside the container; { $purpose ->
        [stage] volumes that are staged first can't be used, or no longer once the driver restarts
       *[publish] pods start, and what they write is lost: it stays on the node's own disk
    }{ $unless ->
        [host] {" "}(unless the driver mounts through the host, which it can reach)
        [stage] {" "}(if the driver stages volumes, or serves raw block volumes)
       *[nothing] {""}
    }
    .help = { $privileged ->
        [yes] write mountPropagation: Bidirectional here
       *[no] set securityContext.privileged: true and write mountPropagation: Bidirectional here; the API server refuses the one without the other
    }

propagation-missing-unmended = the driver's mount of { $mount } { $obstacle ->
        [declared] has mountPropagation `{ $declared }`
        [unprivileged] doesn't propagate to the host, and container `{ $container }` isn't privileged
        [shared] doesn't propagate to the host, and another container shares it by an alias
       *[form] doesn't propagate to the host
    }: what container `{ $container }` mounts there stays inside it and pods write to the node's own disk{ $unless ->
        [host] , unless the driver mounts through the host, which it can reach
       *[nothing] {""}
    }
    .help = { $obstacle ->
        [declared] write mountPropagation: Bidirectional here, if the driver mounts volumes itself
        [unprivileged] set securityContext.privileged: true and mountPropagation: Bidirectional; the API server refuses the one without the other
        [shared] write the mount out in the driver's container, with mountPropagation: Bidirectional
       *[form] write mountPropagation: Bidirectional here
    }

propagation-unprivileged = container `{ $container }` mounts { $mount } Bidirectional and isn't privileged: the API server refuses the pod
    .help = set securityContext.privileged: true

propagation-ambiguous =
    several containers could be the driver; { $containers } { $count ->
        [one] mounts
       *[other] mount
    } the kubelet's directories without Bidirectional propagation
    .help = write mountPropagation: Bidirectional on the mount of the container that mounts volumes

## The driver sees the kubelet's directories at the kubelet's paths

parity-broken = the kubelet asks for paths below { $wanted }, but container `{ $container }` has { $host ->
        [none] a volume
       *[other] { $host }
    } at { $mount }: { $purpose ->
        [stage] volumes that are staged first can't be used, or no longer once the driver restarts
       *[publish] pods start, and what they write is lost: it stays on the node's own disk
    }
    .help = make hostPath and mountPath the same directory: { $directory }{ $sub_path ->
        [yes] , without subPath
       *[no] {""}
    }, with mountPropagation: Bidirectional

parity-broken-read-only = container `{ $container }` has { $mount } read-only: the driver can't make { $purpose ->
        [stage] files and directories there, as some drivers do when they stage a volume
       *[publish] the directory for a volume there, and pods don't start
    }
    .help = drop readOnly here

parity-broken-unmounted = volume `{ $volume }` is { $host }, where the kubelet wants volumes to be mounted, and no container that may be the driver mounts it: pods may start, and what they write is lost: it stays on the node's own disk
    .help = mount it at { $host } in the driver's container, with mountPropagation: Bidirectional; or drop it, if the driver mounts nothing itself

mixed-roots-mount = the kubelet asks for paths below { $wanted }, but container `{ $container }` only has { $mount }: either pods don't start, or { $purpose ->
        [stage] volumes that are staged first can't be used, or no longer once the driver restarts
       *[publish] they start, and what they write is lost: it stays on the node's own disk
    }
    .help = make hostPath and mountPath the same directory: { $directory }{ $sub_path ->
        [yes] , without subPath
       *[no] {""}
    }, with mountPropagation: Bidirectional

## The kubelet finds the driver

registration-dir = container `{ $container }` registers in { $host }, but the kubelet watches { $wanted }{ $once_watched ->
        [yes] {" "}(kubelets before 1.17 also watched this one)
       *[no] {""}
    }; { $type_checked ->
        [yes] where { $host } doesn't exist the pod doesn't start; where it does, the pod is Ready and its driver never registers
       *[no] the driver's pod is Ready all the same; only pods that want a volume wait, with `driver name … not found in the list of registered CSI drivers`
    }
    .help = set the hostPath of volume `{ $volume }` to { $wanted }

registration-dir-unmounted = container `{ $container }` has nothing of the node mounted at { $directory }, where it registers: the kubelet never sees its socket, and the driver never registers
    .help = mount a hostPath volume of { $wanted } at { $directory }

registration-dir-read-only = container `{ $container }` has { $directory } read-only, where it is to make its socket: it doesn't start, and the driver never registers
    .help = leave out readOnly here

registration-path = the kubelet will dial { $path }, but the driver's socket ({ $socket } in container `{ $container }`) is { $host } on the node: the driver isn't registered and its registrar restarts for ever
    .help = register { $host }, or let the driver have its socket in the directory of { $path }

registration-path-hidden = the kubelet will dial { $path }, but { $socket } in container `{ $container }` is in none of the node's directories: the kubelet doesn't find it, and the driver isn't registered
    .help = mount { $directory } of the node where container `{ $container }` has this socket

registration-path-other-name = the kubelet will dial { $path }, but container `{ $container }` says that it listens on { $host }, and nothing here speaks of the other: unless it makes that socket, too, the driver isn't registered
    .help = give the socket one name: in the path registered here, in the registrar's --csi-address, and in the driver's endpoint

registration-path-variable = container `{ $container }` is told to register { $written }, which Kubernetes doesn't fill in, and no shell runs here: unless something fills it in before it is applied, as Flux and envsubst do, the kubelet is handed these very letters, and the driver isn't registered
    .help = write $({ $variable }), with { $variable } in the container's env; or the path itself

registration-path-left = container `{ $container }` is told to register { $written }, and gets these very letters: Kubernetes fills in a variable of env only below the line that defines it, and reads $$ as one $; the kubelet finds no socket there, and the driver isn't registered
    .help = define { $variable } above the variable that uses it, and write $({ $variable }) with one $

registration-path-letters = { $is_one_item ->
        [yes] container `{ $container }` gets the flag and its path as one argument, with a blank in it, and knows no flag of that name: it doesn't start
       *[no] container `{ $container }` gets the quotes around this path as well, since no shell takes them away: the kubelet finds no socket there
    }, and the driver isn't registered
    .help = write the flag, an equals sign and the path as one item, without a blank and without quotes inside

registration-path-read-only = container `{ $container }` is to make { $socket } in a directory that it has read-only: it can't, and the driver isn't registered
    .help = leave out readOnly here

registration-path-relative = container `{ $container }` registers { $value }, without a slash before it: the kubelet finds the socket only if it was started in /
    .help = register { $path }

registration-path-untold = container `{ $container }` isn't told where the driver's socket is, and looks for { $socket }, where it has nothing of the node: it finds no driver, and none is registered
    .help = write --csi-address= with the path of the driver's socket in this container

socket-path-too-long = { $whose ->
        [registrar] the registrar's
       *[driver] the driver's
    } socket would be { $socket }, { $length } bytes long; the kubelet can't dial more than { $limit }, so that container `{ $container }` never registers
    .help = choose a shorter root, or a shorter name for the driver's directory

probe-path = this probe looks for { $other }, while container `{ $container }` registers { $path }: with node-driver-registrar 2.3 to 2.8 the probe fails and the container is killed again and again
    .help = write { $path } here too

split-root = the path registered here becomes { $path }, put together from variables; it was left as it is
    .help = write it so that the root stands in one piece, below { $root }

split-root-setting = this becomes { $path }, put together from variables of which none holds the root; it was left as it is
    .help = if it is the kubelet's directory, write it so that the root stands in one piece, below { $root }

undefined-variable = the path that container `{ $container }` registers comes from the variable { $variable }, which isn't written in this container's env
    .help = check that { $variable } names the driver's socket below the kubelet's root where it is defined

## All paths agree on one root

mixed-roots = { $count ->
        [one] 1 path lies
       *[other] { $count } paths lie
    } below { $other } in { $object }, but the kubelet lives in { $root }: what the kubelet has isn't there, and what is there the kubelet doesn't see
    .help = rewrite the manifest: csi-relocate --kubelet-root { $root } --from { $other }

mixed-roots-disagree = { $count ->
        [one] 1 path lies
       *[other] { $count } paths lie
    } below { $other }, most others below { $most }: on no kubelet can both be right
    .help = hold the manifests against your root: csi-relocate check --kubelet-root DIR

other-root = paths below { $root } look like another kubelet root; they were left as they are
    .help = to move them too, add --from { $root } (or --from auto)

## What the manifest doesn't say

hidden-default = { $driver }: container `{ $container }` doesn't set { $setting }, which is { $default } unless something else is said: { $because }
    .help = { $remedy ->
        [needed] set { $setting } to { $value } here
       *[maybe] set { $setting } to { $value } if you use it
    }

hidden-default-missing = { $driver }: { $written ->
        [yes] nothing sets { $setting } here, and what is built in for it lies below the default root
       *[no] nothing sets { $setting } here, and it can't be written into what stands here
    }
    .help = { $written ->
        [yes] write { $line }, as rewriting the manifest does
       *[no] write { $line } by hand
    }

hidden-default-inexpressible = { $driver }: the program puts { $appended } behind { $setting }, so that { $root } can't be said
    .help = choose a root that ends in { $appended }

hidden-default-field = { $driver }: this { $kind } doesn't set { $field }, so that its controller takes the default root
    .help = { $remedy ->
        [needed] set { $field } to { $value } here
       *[maybe] set { $field } to { $value } if you use it
    }

built-in-root = { $driver }: { $path } is built into the program, and no manifest can change that: { $because }
    .help = ask the driver's authors for a setting, or keep the kubelet's root where the driver looks ({ $source })

built-in-root-unknown = container `{ $container }` can register itself with the kubelet, in { $mount }, and nothing here tells it that directory or the kubelet's root: a program that does so, such as a DRA driver, may have { $default }/plugins and { $default }/plugins_registry built in
    .help = look for a setting of the program's and put { $root } there; if it has none, ask its authors, or keep the kubelet's root where the program looks

operator-setting = { $driver }: this operator writes { $writes } below the default root{ $has ->
        [none] , and has no setting for another
       *[some] {" "}unless a setting names another, and none does here
    }
    .help = { $has ->
        [none] what you change in its workloads it changes back; ask its authors for a setting ({ $source })
       *[some] put { $root } into { $settings }
    }

## Mounts that stand in each other's way

duplicate-mount-path = container `{ $container }` mounts something at { $mount } twice: the API server refuses the pod
    .help = remove one of the two mounts, and its volume if nothing else uses it

duplicate-mount-path-moved = container `{ $container }` has another mount at { $mount } already; the API server refuses two at one place
    .help = remove one of the two mounts, and its volume if nothing else uses it

nested-mount = container `{ $container }` mounts { $inner } inside of { $outer }, which is Bidirectional: this mount comes up on the node as well, at { $covered }; { $covers_kubelets ->
        [yes] it covers the node's own directory for the kubelet and all pods
       *[no] once more for each restart
    }
    .help = drop this mount if the outer one already holds the directory; otherwise let one of the two stand elsewhere in the container

ancestor-mount = { $path } reaches the kubelet's root through the mount of { $host } at { $mount }, and { $host } doesn't hold { $root }
    .help = mount { $root } (or an ancestor of it) into this container and name it here

ancestor-mount-shared = container `{ $container }` shares { $mount } with the host; { $root } lies in it, and { $wanted } doesn't: pods start, and what they write is lost, because it stays in the container
    .help = mount { $wanted } at the same path into this container, with mountPropagation: Bidirectional

ancestor-mount-lacks-root = { $path } reaches another root than { $root } through the mount of a directory above it, which doesn't hold { $root }
    .help = mount { $root } (or an ancestor of it) into this container and name it here

ancestor-mount-sub-path = this mount shows { $host } through a subPath of a volume that doesn't move with the root, and goes on showing the old directory
    .help = give the volume a hostPath below { $root } and drop the subPath

sub-path = container `{ $container }` reaches { $host } through a subPath of its volume, and only the volume's hostPath follows the root
    .help = give the directory a volume of its own and mount that, without subPath

sub-path-stays = container `{ $container }` reaches { $host } through a subPath of its volume, but { $why }
    .help = give the directory a volume of its own and mount that, without subPath

shared-scalar = { $path } is shared by an anchor, and only some of its uses move with the root
    .help = write the value out where it is used, instead of the alias, and run again

## What doesn't follow the root

stays-below-moved-mount = { $path } is reached through the mount at { $mount }, which shows the new root; but { $why }
    .help = give the container a mount of its own for this directory

stays-below-moved-mount-left = { $path } is no longer in container `{ $container }`, whose mount moved to { $mount }: { $why }
    .help = give the container a mount of its own for this directory

stays-below-moved-mount-absent = { $path } is { $host } on the node, which isn't there: { $why }
    .help = give container `{ $container }` a volume of its own for { $home }

stays-below-moved-mount-not-put = { $path } is { $host } on the node, but { $why }
    .help = if nothing puts it there, give container `{ $container }` a volume of its own for { $home }

stays-below-moved-mount-away = { $path } isn't in container `{ $container }`, whose mount of the root is at { $mount }: { $why }
    .help = give it a volume of its own for { $home }

stays-below-moved-mount-kubeconfig = container `{ $container }` has { $kubeconfig }, which on kubeadm's nodes names { $path }; with the root moved that isn't in the container: { $why }
    .help = mount { $home } too, at the same path and read-only, unless the kubeconfig names another file

stays-below-moved-mount-shown = this mount shows { $shown } now instead of { $host }, but { $why }
    .help = give { $host } a volume of its own and mount that, without subPath

stays-below-moved-mount-variable = this names { $path } through a variable that moves with the root, but { $why }
    .help = write the path out here, below the root that the kubelet has it under

stays-below-moved-mount-view = this names { $path } through a variable that moves with the root, but the mount at { $mount } stays
    .help = write the path out here, below { $mount }

kept-under-new-root = { $path } lies below the new root, but { $why }
    .help = if nothing on the node puts it there, write it below { $default } again

kept-under-new-root-there = { $path } lies below the kubelet's root, but { $why }
    .help = if nothing puts it there, write it below { $default } again

kept-under-new-root-absent = { $path } isn't there: { $why }
    .help = write it below { $default } again

compiled-in-path = container `{ $container }` has { $mount } at the node's path, and may look for it at { $home } only: { $why }
    .help = mount it at { $home }, with the hostPath as it is; or tell the program the new path

whole-root-mount = container `{ $container }` has the whole of { $root }: what stays below { $default } isn't there (device-plugins, and the files that kubeadm writes: config.yaml, pki, kubeconfigs)
    .help = if it looks for one of them, mount that part of { $default } too: a rewrite moves a mount of the whole again

unknown-child = { $directory } is no directory of the kubelet's own; it moved with the root
    .help = make sure that whatever else on the node uses this directory moves too

## What a person has to look at

path-under-no-mount = { $path } lies under no mount of container `{ $container }`{ $outcome ->
        [moved] ; it moved with the rest of the pod
        [left] ; it was left as it is
       *[none] {""}
    }
    .help = check whether the program opens this path itself or hands it to the host

path-under-no-mount-read = { $path } moves, but container `{ $container }` has it at its mount at { $mount }, which stays
    .help = others read the same ConfigMap, for whom it moves; give them one each

path-under-no-mount-differs = containers `{ $one }` and `{ $other }` read { $path } in the same ConfigMap and have different directories there: it was left as it is
    .help = give them a ConfigMap each, or mount the same directory in both

root-in-regex = { $path } stands inside a pattern and was left as it is
    .help = if the pattern is meant to match the kubelet's files, write { $root } there

root-in-regex-filled-in = { $path } is a part of a path that something else fills in first, and was left as it is
    .help = write { $root } here, or set the variable where it's filled in

root-in-regex-other-root = { $path } stands inside a pattern, which won't match below { $root }
    .help = if the pattern is meant for the kubelet's files, write { $root } there

command-between-roots = { $path } stands beside a command that works between it and { $root }, or moves or removes a whole root; it was left as it is
    .help = nothing, if this moves the node's files to the new root; otherwise write { $root } here by hand

unknown-field = { $path } stands in { $field }, a field that isn't known here; it was left as it is
    .help = if it is a path on the node, change it to lie below { $root }

unknown-field-chart = { $path } stands in { $field }, a value of the chart that alone doesn't move all of the root; it was left as it is
    .help = run `csi-relocate helm-values` on the chart to see what it misses; what the chart renders can be rewritten as a whole by a post-renderer

unknown-field-other-root = { $path } stands in a field that isn't known here, below another root
    .help = if it is a path on the node, it has to lie below { $root }

unknown-field-chart-other-root = { $path } stands in a value of the chart that alone doesn't move all of the root, and lies below another one
    .help = run `csi-relocate helm-values` on the chart to see what it misses; what the chart renders can be rewritten for { $root } as a whole by a post-renderer

unknown-field-patch = { $path } stands in a patch whose pod isn't here; it was left as it is
    .help = in a CSI node plugin, write { $root } here

policy-names-root = { $path } stands in a policy and was left as it is
    .help = make sure that the policy also covers { $root }

schema-default = { $path } is the default of a field in a schema and was left as it is
    .help = set the field itself to { $moved } where the resource is created

copy-in-annotation = { $path } stands in an annotation and was left as it is
    .help = an annotation is a copy or an example; whatever writes it will write it again

copy-in-annotation-other-root = { $path } stands in an annotation, below another root than { $root }
    .help = if it's a copy of an object (last-applied-configuration), applying the object again renews it; otherwise mend what writes it

configures-kubelet = { $path } configures the kubelet or its node and was left as it is
    .help = this is where the root is decided, not where it is followed; change it by hand where it has to change

windows-path = paths of Windows nodes were left as they are
    .help = if the kubelet's root moved there too, add --windows-kubelet-root, such as D:\kubelet

windows-path-on-linux = the pod is for Linux nodes, where backslashes divide no path: { $path } is one directory with a long name there, and none of the kubelet's
    .help = write it with slashes: { $slashes }

windows-path-unjudged = paths of Windows nodes aren't judged
    .help = compare them with the root of the kubelet on your Windows nodes

immutable-field = { $what } can't be changed: if { $object } exists with another root, applying this is refused
    .help = { $how }

## Suppressions

unused-suppression = { $rule } is suppressed, and there is none { $scope ->
        [object] in this object
       *[line] on this line
    }
    .help = { $scope ->
        [object] remove the entry, if the problem is gone for good
       *[line] remove it; or put it at the end of the finding's line, or directly above
    }

unused-suppression-malformed = { $problem ->
        [colon] this suppression lacks a colon
        [id] this suppression lacks the rule's id in brackets
        [bracket] this suppression's bracket isn't closed
        [unnamed] this annotation names no rule
        [empty] this suppression names no rule and no reason
        [no-rule] this suppression names no rule
       *[other] this comment isn't understood
    }
    .help = { suppression-form }

unused-suppression-reason = the suppression of { $ids } has no reason, and so doesn't count
    .help = { suppression-form }

unused-suppression-refused = { $id } can't be suppressed
    .help = mend or remove the suppression that it is about

unused-suppression-unknown = no rule is called { $id }; this suppression doesn't count
    .help = { $nearest ->
        [none] a finding shows its rule's id in brackets
       *[other] did you mean { $nearest }?
    }

# How a suppression is written; `csi-relocate`, `ignore` and `rule-id` are no words to translate.
suppression-form = { $form ->
        [annotation] write: csi-relocate/ignore: "rule-id: the reason", and no semicolon in the reason
       *[comment] write: # csi-relocate: ignore[rule-id] the reason
    }
