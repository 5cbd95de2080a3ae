# The page of each rule: its title, and as attributes what is there, what breaks and how loud, and
# what to do about it. In the order of the rules; lines are joined when they are shown.

rule-propagation-missing = The driver's mounts never reach the node
    .what =
        The container that mounts volumes has the kubelet's pods directory, or the whole root,
        without `mountPropagation: Bidirectional`.
    .why =
        A container has a list of mounts of its own. What the driver mounts there is seen by
        nobody else, unless the mount under it is Bidirectional: only then does it appear on the
        node too, and in the pod that asked for the volume. Without it the pod gets the empty
        directory that lies beneath. This is silent: the driver says that all went well, every pod
        is Ready, every claim is Bound, and what the pods write stays on the node's own disk. With
        some drivers it is deleted together with the pod. `HostToContainer` is the other direction
        and loses data just the same. It is a warning where the container can mount through the
        node itself.
    .fix =
        Write `mountPropagation: Bidirectional` on this mount. The container has to be privileged,
        or the API server refuses the pod. Pods that ran meanwhile have to be created anew, and
        their files looked for on the node's disk.

rule-propagation-unprivileged = Bidirectional without privileged
    .what =
        A mount is `Bidirectional`, and its container isn't privileged.
    .why =
        Only a privileged container may let its mounts appear on the node. Loud: the API server
        refuses the object, with `Bidirectional mount propagation is available only to privileged
        containers`.
    .fix =
        Set `securityContext.privileged` to `true` in this container.

rule-parity-broken = hostPath and mountPath name different directories
    .what =
        The driver's container has the kubelet's pods directory at another path than the node has
        it, or something else at that path. One of hostPath and mountPath was changed without the
        other.
    .why =
        The kubelet tells the driver in words where to mount a volume: `/data/kubelet/pods/…`. The
        driver takes the path as it is, inside its container. If the node's directory isn't at
        that very path there, it makes one and mounts into it, where nobody else sees it. Silent
        with most drivers: pods run, and what they write is lost to the node's own disk; later
        they hang while they are deleted. Loud only with drivers that don't make missing
        directories. It is a warning where the pod has the directory as a volume and no program of
        the driver's mounts it, since a driver may need none.
    .fix =
        Write the same path, below the kubelet's root, as hostPath and as mountPath.

rule-registration-dir = The registrar's socket stands where no kubelet looks
    .what =
        The registrar puts its socket into a `plugins_registry` that isn't the one below the
        kubelet's root.
    .why =
        The kubelet watches one directory for drivers, `plugins_registry` below its root. A socket
        elsewhere is never found. How loud that is depends on the volume's `type`. With `Directory`
        the pod stays in ContainerCreating, if the directory doesn't exist on the node. With
        `DirectoryOrCreate`, without a type, or where the directory is left over, it is silent:
        the driver's pod is Ready, its health checks pass, and only the pods that want a volume
        wait, with `driver name … not found in the list of registered CSI drivers`.
    .fix =
        Set the hostPath to `plugins_registry` below the kubelet's root; its mountPath may stay.

rule-registration-path = The registered path doesn't lead to the driver's socket
    .what =
        `--kubelet-registration-path` names one place on the node, and the driver's socket stands
        in another.
    .why =
        The registrar hands this path to the kubelet, word for word, and the kubelet dials it on
        the node. Loud, in the registrar's log: `dial unix …/csi.sock: connect: no such file or
        directory`. The registrar restarts again and again, and no volume is mounted. It is a
        warning where the manifest alone doesn't tell: the driver says that it listens beside that
        place, under another name; a variable in the path is spelled as a shell's; or the path
        begins without a slash.
    .fix =
        Register the path at which the socket stands on the node: the hostPath of the socket's
        directory, and the socket's name.

rule-staging-not-shared = Staged volumes stay inside the driver's container
    .what =
        The directory in which volumes are staged, `plugins/kubernetes.io/csi` below the root,
        isn't in the driver's container at the node's own path, or what is mounted there doesn't
        reach the node.
    .why =
        Many drivers mount a volume once for the node (staging) and then once more for each pod. A
        staged mount that stays inside the container works at first, since the same container does
        both. Silent until the driver's pod is restarted: then the staged mount is gone, and no
        further pod on that node can use the volume. Raw block volumes fail at once. It is a
        warning where only the propagation is missing, because many drivers mount `plugins` for
        their socket alone.
    .fix =
        Mount `plugins` (or `plugins/kubernetes.io/csi`) of the root at the same path, with
        `mountPropagation: Bidirectional`.

rule-mixed-roots = Paths below different kubelet roots
    .what =
        Some paths lie below the kubelet's root, others below another one. With `--any-root`: the
        manifests don't agree on a root. A mount that shows a container what the kubelet has, at another
        path, isn't meant where the container is told that path, the mount isn't shared with the node,
        and the pod registers nothing with the kubelet.
    .why =
        On one node a kubelet has one root. What lies below another is either not there, or was
        left by an earlier kubelet and answers nobody. It is an error where the driver's pods
        directory is concerned or where no root can make all paths right: then pods don't start,
        or run and lose what they write without a word. Elsewhere it is a warning, since nobody
        can tell what the path is for.
    .fix =
        Rewrite the manifest: `csi-relocate --kubelet-root DIR`.

rule-hidden-default = A setting isn't there, and its default has the default root in it
    .what =
        The container is a driver that the tables know. It has a flag, a variable or a field for
        the kubelet's root or a directory below it, the manifest doesn't set it, and the program
        then takes `/var/lib/kubelet`.
    .why =
        Text that isn't there can't be replaced. All paths of the manifest are right, and the
        program still works below another root: it listens where the kubelet doesn't dial, or
        looks for volumes where none are. Some drivers notice at once, others only when they
        restart. Rewriting writes the setting where it belongs; what it can't write, because a
        shell starts the program or an alias shares the list, you have to. It is a warning where a
        part of the driver can do without it, or where it matters to some users only.
    .fix =
        Rewrite the manifest: `csi-relocate --kubelet-root DIR`. Where that says that it can't, set
        the flag or the variable by hand. `csi-relocate knowledge` shows each driver's settings.

rule-built-in-root = A program has the default root built in
    .what =
        The container is a driver or an agent that the tables know, and its program has a path below
        `/var/lib/kubelet` that no setting changes. Or nobody knows the program, it can register itself
        with the kubelet, as DRA drivers and some device plugins do, and nothing in the manifest tells
        it where, or the root: the library for DRA drivers has both of the kubelet's directories as its defaults.
    .why =
        No manifest can help. It is an error where the driver can't work below another root, and a
        warning where only a part of it can't or where nobody knows the program. One that registers
        where the kubelet doesn't look runs, and its devices are missing from the node.
    .fix =
        Ask the program's authors for a setting; of a known program the message names the line. Or keep
        the kubelet's root where the program looks for it. A symbolic link doesn't help: the kubelet
        hands out the path that it was given.

rule-operator-setting = An operator writes workloads below the default root
    .what =
        The input has an operator that the tables know. It writes the driver's workloads by itself,
        and the object or the variable from which it reads the root isn't in the input.
    .why =
        The operator writes `/var/lib/kubelet` into its workloads, and writes it again when somebody
        changes them. It is a warning, since the setting may be made elsewhere; it is an error where
        the operator has none.
    .fix =
        Set the field that the message names. Where the object is in the input, rewriting sets it.

rule-socket-path-too-long = A socket's path is too long for the kernel
    .what =
        The driver's socket or the registrar's would have a path of more than 107 bytes below this
        root.
    .why =
        Linux takes at most 107 bytes as the path of a Unix socket. The driver and the registrar
        don't notice, since inside their containers the path is short; the kubelet does, when it
        dials the long path on the node. Loud in the kubelet's log (`connect: invalid argument`,
        or `context deadline exceeded`), and the driver is never registered.
    .fix =
        Choose a shorter root. With `R` bytes of root and `D` bytes of driver name, `R + D` must
        not be more than 80.

rule-probe-path = The registrar's probe looks for another path
    .what =
        An exec probe of the registrar repeats `--kubelet-registration-path`, with another path
        than the registrar itself has.
    .why =
        Node-driver-registrar 2.3 to 2.8 writes a file beside the socket once it is registered,
        and the probe looks for it. With another path it never finds it. Half loud: registration
        works, and the container is killed again and again with `Kubelet plugin registration
        hasn't succeeded yet`. From 2.9 on the probe does nothing.
    .fix =
        Write the same path in the probe as in the arguments.

rule-ancestor-mount = The new root isn't behind the mount of an ancestor
    .what =
        A container reaches the kubelet's root through a directory above it, such as `/var/lib`,
        and the new root doesn't lie in that directory.
    .why =
        Nothing that could be written into the path leads to the new root, because the container
        can't see it. Left as it is, the program looks into the old root, which on the node is
        empty or left over. Often silent: it finds nothing and reports nothing.
    .fix =
        Mount the new root, or a directory above it, into this container, and name it there.

rule-duplicate-mount-path = Two mounts at one place
    .what =
        A container mounts two things at the same path; or would, once the paths have moved,
        because somebody had added the new ones and kept the old.
    .why =
        The API server refuses two equal mountPaths. Loud: `must be unique`. Two spellings of one
        path, such as one with a slash at its end, pass and one mount hides the other.
    .fix =
        Remove one of the two mounts, and its volume if nothing else uses it.

rule-split-root = A path below the root is put together from pieces
    .what =
        A path lies below the old root, once its variables are filled in, and no single text holds
        that root.
    .why =
        There is no place at which the root could be exchanged, so it was left. For the path that
        the registrar hands to the kubelet it is an error, and loud: the registrar restarts again
        and again, because the kubelet finds no socket at the old path. Any other setting is a
        warning: what the program looks for at the old path may have moved away.
    .fix =
        Write the path so that the whole root stands in one place, and below the new one.

rule-stays-below-moved-mount = Something that never moves, behind a mount that does
    .what =
        A path such as `device-plugins` or `pki` is reached through a mount of the whole root, or
        through a variable that holds the root, and that one moves. Or a container has such a mount
        and the kubelet's kubeconfig, which on kubeadm's nodes names a certificate in `pki`.
    .why =
        Not everything moves with `--root-dir`: device plugins, certificates and kubeadm's files
        stay in `/var/lib/kubelet`. Behind a mount of the new root they aren't. A device plugin
        then registers nowhere, and its devices are missing from the node; some programs say so in
        their log, others wait for ever.
    .fix =
        Give the container a second volume for the directory that stays, with its path below
        `/var/lib/kubelet`.

rule-shared-scalar = One text, used where it moves and where it stays
    .what =
        A path is written once with an anchor (`&name`) and used again by an alias (`*name`). Some
        of its uses move with the root, and others don't.
    .why =
        There is one text for all uses, so whatever is written there is wrong for one of them. It
        was left as it is for all; the manifest is half moved until it is mended. What breaks, and
        whether silently, is that of the use that had to move.
    .fix =
        Write the value out where the alias is, and run the program again.

rule-propagation-ambiguous = Several containers could be the driver
    .what =
        More than one container has the kubelet's directories for writing, at least one of them
        without `mountPropagation: Bidirectional`, and none can be told to be the one that mounts
        volumes.
    .why =
        If the container that mounts volumes is one that lacks it, pods run and write to the
        node's own disk, silently; see [propagation-missing](#propagation-missing). A container
        that only reads or cleans up doesn't need it and shouldn't have it. So nothing was added.
    .fix =
        Write `mountPropagation: Bidirectional` on the mount of the container that mounts volumes,
        and on no other.

rule-kept-under-new-root = A path below the root that the kubelet doesn't put there
    .what =
        `device-plugins`, `pki`, `config.yaml` or another path that doesn't follow `--root-dir`
        stands below the kubelet's root, often because all paths were replaced alike.
    .why =
        The kubelet's directory for device plugins is a constant: it is
        `/var/lib/kubelet/device-plugins` whatever the root. A hostPath below another root gets an
        empty directory, the plugin finds no kubelet in it, and its devices never appear; nothing
        in the manifest tells. That is an error, and the rewriting takes it back. The other paths
        have settings of their own and may have been put there on purpose: a warning.
    .fix =
        Write the path below `/var/lib/kubelet` again, unless something on the node puts it here.

rule-compiled-in-path = A mount was moved that programs look for at the default path
    .what =
        The mountPath of `pod-resources` or `seccomp` was moved along with its hostPath, and no argument
        or variable of the container names the new path.
    .why =
        Agents that ask the kubelet which pod has which device have
        `/var/lib/kubelet/pod-resources/kubelet.sock` compiled in, or as their default. Only the
        host's side of the mount decides which socket that is. With the mountPath moved, too, the agent
        runs and finds no socket: its metrics have no pods, its networks no devices.
    .fix =
        Give the mount its mountPath below `/var/lib/kubelet` back, and leave the hostPath below the new
        root. If the program has a setting for the path, set it instead.

rule-nested-mount = A mount inside of one that reaches the node
    .what =
        A container mounts something at a path below another of its mounts, and that other one is
        Bidirectional.
    .why =
        What is mounted inside a Bidirectional mount appears on the node, and this counts for the
        container's own mounts too. Silent: each restart leaves one more mount on the node. It's
        an error where the inner mount shows something else than the outer one holds at a place
        that the kubelet uses: then it covers that place on the node, for the kubelet and every
        pod.
    .fix =
        Drop the inner mount if the outer one already holds the directory, or mount it elsewhere.

rule-other-root = The manifest names another kubelet root
    .what =
        Besides the roots that this run moves there is a directory that looks like a kubelet root:
        `plugins_registry` or a driver's socket lie below it.
    .why =
        These paths were left, because they weren't asked for. If the same kubelet is meant, the
        manifest is now half moved, and the driver isn't registered or loses data without a word;
        see [parity-broken](#parity-broken). If it is another cluster's part of the file, all is
        well.
    .fix =
        Add `--from` with that root, or `--from auto`, to move these paths as well.

rule-unknown-field = A path in a field that isn't known
    .what =
        A path below a kubelet root stands in a field of which nobody here knows what it is for: a
        custom resource of some operator, or a patch without its pod.
    .why =
        It may be a path on the node, which has to follow the root, or one inside a container,
        which mustn't. It was left. If it had to move, an operator makes pods with the old path,
        and what follows is silent or loud as it is there.
    .fix =
        Look up what the field means; if it is a path on the node, write it below the kubelet's
        root.

rule-policy-names-root = A policy names the root
    .what =
        A policy that allows or forbids host paths names a path below the old root.
    .why =
        Whether it should name the old root, the new one or both can't be seen from it: a policy
        that forbids the old path must not simply stop doing so. If it only allows the old one,
        the driver's pods are refused; loud, in the events of the DaemonSet.
    .fix =
        Make sure that the policy covers the new root as well.

rule-path-under-no-mount = A path that no mount of the container holds
    .what =
        An argument, a variable or a script names a path below a kubelet root, and the container
        has no mount there.
    .why =
        Either the program opens the path in its own filesystem, where nothing of the kubelet's
        is, or it hands it to somebody on the node. In the second case it has to follow the root;
        in the first it doesn't matter. Silent either way. The rewriting moves it with the rest of
        the pod (info), and leaves it where nothing else in the pod moves (warning).
    .fix =
        Look whether the program opens this path itself or hands it to the node.

rule-sub-path = A directory of the root by way of a subPath
    .what =
        A mount shows a directory below the root by a `subPath` of a volume that holds more.
    .why =
        The path on the node stands in two pieces, hostPath and subPath, and only the first
        follows the root. It works. It is an error where the subPath is one that stays behind,
        such as `device-plugins`: the kubelet makes an empty directory in its place, and nothing
        tells.
    .fix =
        Give the directory a volume of its own, and mount it without a subPath.

rule-whole-root-mount = An agent has the whole root
    .what =
        A container that is no CSI driver mounts the whole of the kubelet's root.
    .why =
        What it reads there may follow the root (`pods`, `pod-resources`) or not
        (`device-plugins`, `pki`, `config.yaml`). For what doesn't, it now looks into the wrong
        place; most programs then report that there is nothing, without an error.
    .fix =
        If the agent needs device plugins, mount `/var/lib/kubelet/device-plugins` too.

rule-root-in-regex = The root inside a regular expression
    .what =
        The old root is part of a pattern, such as a list of mount points to leave out.
    .why =
        A pattern may be meant for more than one node or root, and its dots and bars mean
        something else than in a path, so it isn't rewritten. Silent: the pattern stops matching
        the kubelet's mounts, and a monitor counts each volume of each pod as a disk of the node,
        for one.
    .fix =
        If the pattern is meant for the kubelet's files, add the new root to it.

rule-command-between-roots = A command works between the old root and the new one
    .what =
        A command copies, moves, links or removes files, and names an old root as well as the new
        one, at the same place below both: `rsync -a /var/lib/kubelet/ /data/kubelet/`. Or it names
        an old root as a whole: `mv /var/lib/kubelet /mnt/data/`.
    .why =
        It means both, or the old one. Rewritten, it would work on one directory twice, and an
        `rm -rf` of the old root behind it would remove the live one. So all of that command's text
        stays as it is, and so does the pod whose volumes show the root to the command.
    .fix =
        Usually nothing. Once the node has moved, such a command has done its work and can go.

rule-undefined-variable = The registration path comes from a variable defined elsewhere
    .what =
        `--kubelet-registration-path` begins with a variable that this container doesn't define
        itself: it comes from a ConfigMap that isn't in the input, or from nowhere.
    .why =
        Nobody can see here which root it holds. If it is the old one, or if it isn't defined at
        all, the kubelet dials a path that isn't there. Loud: the registrar restarts again and
        again.
    .fix =
        Look where the variable is defined, and add that file to the input.

rule-windows-path = Paths of Windows nodes were left
    .what =
        The manifest is for Windows nodes too, with paths such as `C:\var\lib\kubelet`, and no
        root was given for them. Or it has such paths in a pod for Linux nodes, because the program
        that wrote it ran on Windows: that is a warning.
    .why =
        A kubelet on Windows has a root of its own. If it is still the default, all is well. If it
        moved, the driver isn't registered there, as on Linux. On Linux nodes a backslash is a
        letter like any other, so that the pod gets an empty directory instead of the kubelet's.
    .fix =
        If that root moved too, add `--windows-kubelet-root`, such as `D:\kubelet`. For Linux nodes
        write slashes.

rule-immutable-field = A field that can't be changed on a live object
    .what =
        A PersistentVolume, a Pod or a Job holds a path below the root, in a part that can't be
        changed once the object exists.
    .why =
        Where the object exists already with another root, applying the manifest is refused. Loud.
        For a PersistentVolume mind its reclaim policy: deleting it may delete the data.
    .fix =
        Delete the object and create it anew; for a PersistentVolume, set its reclaim policy to
        `Retain` first.

rule-schema-default = The root is the default in a schema
    .what =
        The schema of a custom resource gives the old root as the default of one of its fields.
    .why =
        A resource that doesn't set the field gets the old root, silently. The schema belongs to
        its operator, which puts it back when it is updated, so it was left as it is.
    .fix =
        Set the field itself in each resource.

rule-copy-in-annotation = An annotation names the root
    .what =
        An annotation holds a path below the old root. Often it is a copy of the object, as it was
        applied last, or an example.
    .why =
        Nothing is mounted by an annotation. What wrote it writes it again: a copy is renewed when
        the object is applied. It was left, so that tools which compare copies aren't misled.
    .fix =
        Nothing, if it is a copy; else mend what writes it.

rule-configures-kubelet = An object that configures the kubelet
    .what =
        A KubeletConfiguration, a MachineConfig or the like names the root: it sets up the kubelet
        or its node.
    .why =
        This is where the root is decided, or where paths are laid out that don't follow it.
        Changing it would move the kubelet itself, so it was left. All is well if the root is set
        elsewhere.
    .fix =
        Nothing, unless this is where you want to move the kubelet's root; then do it by hand.

rule-unknown-child = A directory below the root that isn't the kubelet's
    .what =
        A path names a directory directly below the root that the kubelet itself doesn't make.
    .why =
        It belongs to a driver or to something else on the node. It was moved with the rest, so
        that all of a driver's paths stay together. If something else on the node keeps using the
        old place, the two no longer meet; silently, as a directory that is missing is often made.
    .fix =
        Make sure that whatever else on the node uses this directory uses the new place too.

rule-unused-suppression = A suppression that suppresses nothing
    .what =
        A comment or an annotation accepts a finding that isn't there; or it counts for nothing,
        because it has no reason, or names no rule or one that doesn't exist (a warning).
    .why =
        Somebody once looked at a finding and accepted it. Where the finding is gone, the words
        that are left would hide the next one of its kind in the same place, silently. Where they
        count for nothing, the finding is still reported, and whoever wrote them believes it
        isn't.
    .fix =
        Remove the suppression; or put it on the line of its finding, with the rule's id and a
        reason.
