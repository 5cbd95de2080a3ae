# What a symptom is, what is behind it, how to tell the possible causes apart, and what to do.
# One message for each id in src/knowledge/symptoms.yaml.
#
# In these texts "the kubelet's root" is the directory that the kubelet was given as --root-dir;
# without one it is /var/lib/kubelet. `ROOT` in a command stands for it.

symptom-registry-not-a-directory = The driver's pod looks for plugins_registry where no kubelet lives
    .cause =
        The manifest says that the kubelet's directory for drivers is at the path in the message.
        There is no such directory on the node, because this node's kubelet keeps its files
        somewhere else. The pod can't start, so the driver never does anything.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node. If it shows a `--root-dir` other than the one in
        the message, the manifest is written for another place: this is the usual case. If it shows
        none, run `ls -d /var/lib/kubelet/plugins_registry`; if that is missing too, the kubelet
        hasn't started on this node.
    .fix =
        Rewrite the manifest for the kubelet's root, all of its paths together, and apply it again.
        Don't create the missing directory by hand. The message goes away, but the kubelet doesn't
        look there, and the driver still isn't found.

symptom-kubelet-dir-not-a-directory = The driver's pod looks for the kubelet's files where there are none
    .cause =
        The manifest names a directory of the kubelet that doesn't exist on this node, because the
        kubelet keeps its files somewhere else. The pod can't start.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node and compare it with the path in the message. When
        the path is right and only some nodes complain, the nodes have different roots.
    .fix =
        Rewrite the manifest for the kubelet's root: hostPath and mountPath together, and the
        registration path too. Don't create the directory by hand; volumes would then be mounted
        where no pod sees them.

symptom-driver-volumes-waiting = The driver's own pod waits for one of the kubelet's directories
    .cause =
        The kubelet gives up after some minutes and lists the volumes it couldn't set up. The name
        of the volume says that it is one of the kubelet's own directories. The reason is in an
        earlier message of the same pod, most often a directory that doesn't exist.
    .tell-apart =
        Run `kubectl describe pod` for the driver's pod and look for `hostPath type check failed`.
        The path in it is where the manifest looks. `ps -ef | grep root-dir` on the node tells where
        the kubelet is.
    .fix =
        If the two differ, rewrite the manifest for the kubelet's root. If they don't, the directory
        is missing although it is the right one: see whether the kubelet on this node is healthy.

symptom-stale-registration-socket = The kubelet keeps calling a driver that is gone
    .cause =
        A socket of an earlier driver is left in `plugins_registry`, and nobody answers behind it.
        The kubelet tries again and again. Most often a driver was removed without its files. It
        shows where this kubelet looks for drivers.
    .tell-apart =
        See whether the driver has a pod on this node: `kubectl get pods -A -o wide`. If it has
        none, the socket is left over. If it has one, look at the log of its registrar, which may
        hang. `ss -xl` helps little here: it lists a container's socket by the path inside of the
        container, if at all.
    .fix =
        When the driver is meant to be gone, delete that one `-reg.sock` file. When it should be
        there, restart its pod on this node; it makes a new socket. Delete nothing else.

symptom-registered-socket-missing = The kubelet was sent to a socket that doesn't exist
    .cause =
        The registrar passes the kubelet a path, as text: this is where the driver's socket is. The
        kubelet looks there on the node, and there is nothing. Either the registration path names
        the wrong root, or the socket's directory does: one was changed and the other wasn't.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node. If the path in the message isn't below the
        kubelet's root, `--kubelet-registration-path` (or the variable it is made of) was left
        behind. If it is, look at the hostPath of the volume that holds the socket: the driver makes
        its socket there, and it is still another directory. `ls ROOT/plugins/*/` shows which
        sockets there really are.
    .fix =
        Make the registration path and that hostPath name the same directory, below the kubelet's
        root. Then the registrar stops restarting by itself.

symptom-registered-socket-refused = The kubelet found the driver's socket, but nobody answers
    .cause =
        A socket file stands at the path in the message, and no program listens on it. It may be
        left over from an earlier start while the driver now puts its socket elsewhere. Or the
        driver has crashed, or isn't ready yet.
    .tell-apart =
        See whether the driver's container runs: `kubectl get pods -o wide` and its log. If it keeps
        running and the message stays, compare the path in the message with the hostPath of the
        volume in which the driver has its socket. If they differ, the driver listens somewhere
        else: one of the two was left behind.
    .fix =
        If the driver crashes, read its log first. Otherwise make the registration path and the
        hostPath of the socket's directory the same, below the kubelet's root, and restart the
        driver's pod. Delete the left-over socket file if the message comes back.

symptom-registration-not-confirmed = The registrar is restarted because the kubelet never confirmed it
    .cause =
        A probe looks for a file that the registrar writes as soon as the kubelet has accepted the
        driver. The file isn't there. Either the kubelet never called, because the registrar's
        socket isn't where this kubelet looks. Or it was called, and the probe looks in the wrong
        place.
    .tell-apart =
        Look at the registrar's log, `kubectl logs -c node-driver-registrar`. Without
        `Received GetInfo call` the kubelet never found the registrar: the hostPath that ends in
        `plugins_registry` isn't below the kubelet's root. With `PluginRegistered:true` the driver
        works, and only the probe is wrong: its path differs from that of the registrar, or the
        registrar is an old one that can't write the file there. With an error, follow that.
    .fix =
        Rewrite the manifest for the kubelet's root, so that `plugins_registry`, the registration
        path and the probe's path move together. If only the probe is wrong, give it the registrar's
        path or a newer registrar.

symptom-registrar-never-called = The registrar is ready, and the kubelet never calls
    .cause =
        The registrar has made its socket and waits. The kubelet watches one directory for such
        sockets, `plugins_registry` below its own root. Nothing follows in this log, so the kubelet
        didn't see it. Most often the socket is in another directory. Nothing else complains: all
        pods of the driver look healthy. If the log ends within seconds of the start, it may just be
        too short.
    .tell-apart =
        Run `ls ROOT/plugins_registry` on the node, with the kubelet's root. If the registrar's
        `-reg.sock` isn't there, the hostPath is wrong. If it is there, look in the kubelet's log
        for `too many open files`: then the kubelet can't watch its directory, which isn't a matter
        of paths.
    .fix =
        Set the hostPath to `plugins_registry` below the kubelet's root, together with all other
        paths of the manifest. Its mountPath may stay. In the other case raise
        `fs.inotify.max_user_instances` and restart the kubelet.

symptom-driver-not-registered = The kubelet doesn't know the driver on this node
    .cause =
        A pod wants a volume, and the driver hasn't made itself known to the kubelet of this node.
        The driver's own pods may all look healthy. Usually the registrar's socket is where this
        kubelet doesn't look, or the driver's socket isn't where the registrar says. A driver that
        doesn't run on this node at all gives the same message.
    .tell-apart =
        Run `kubectl get csinode` with the node's name and `-o yaml`: it lists the drivers the
        kubelet knows. Then see whether the driver has a pod on this very node,
        `kubectl get pods -A -o wide`. If it has none, look at node selectors and tolerations. If it
        has one, read the log of its `node-driver-registrar`. When it ends with
        `Registration Server started`, the path of `plugins_registry` is wrong. When an error in
        it names a `csi.sock`, the registration path is.
    .fix =
        Rewrite the manifest for the kubelet's root and apply it. The waiting pod goes on by itself.
        When nodes have different roots, each root needs a DaemonSet of its own.

symptom-node-without-driver = The node isn't on the list of nodes that have the driver
    .cause =
        Before a volume is attached, somebody looks up whether the node has the driver. It hasn't,
        because the driver didn't register there. The reason is on the node, most often a path that
        doesn't belong to its kubelet.
    .tell-apart =
        Run `kubectl get csinode -o yaml`. If the driver is missing on all nodes, the manifest is
        wrong for all of them. If it is missing on some, these have another root, or no pod of the
        driver. A node that was added a minute ago may need a moment.
    .fix =
        Look at the registrar's log on that node and follow what it says. Usually the manifest has
        to be rewritten for the kubelet's root.

symptom-no-node-offers-driver = No node offers what the volume needs
    .cause =
        The volume can't be made, or the pod can't be placed, because no suitable node has the
        driver registered. The driver's pods may run all the same: they are registered nowhere when
        their paths don't belong to the kubelet. A node with too many volumes, or a storage class
        that asks for a zone nobody is in, gives the same words.
    .tell-apart =
        Run `kubectl get csinode -o yaml`. If no node lists the driver under `drivers`, it isn't
        registered. If nodes do list it, compare their `topologyKeys` and the nodes' labels with the
        storage class, and see how many volumes are allowed.
    .fix =
        If it isn't registered, rewrite the driver's manifest for the kubelet's root. Otherwise put
        the labels or the storage class right.

symptom-staging-path-missing = The driver can't see the directory where volumes are staged
    .cause =
        Volumes are staged first: mounted once per node, before pods get them. The kubelet makes a
        directory for this on the node, and tells the driver to use it. The driver looks for that
        path inside its own container and finds nothing: the directory isn't mounted there, or is
        mounted under another name. A root that is a link has two names, and the container knows
        one of them.
    .tell-apart =
        What stands before `/plugins/kubernetes.io` in the message is the kubelet's root. Some
        drivers don't tell the path in it; then run `ps -ef | grep root-dir` on the node. Compare
        the root with the mountPaths of the driver's container. If they name another root, they were
        left behind. If they are the same, compare the hostPaths.
    .fix =
        Mount the kubelet's `plugins` directory, or the whole root, at the same path in the driver's
        container as on the node. Rewriting the manifest for the root in the message does that.

symptom-globalmount-not-created = The driver says that the kubelet didn't make a directory
    .cause =
        It is the directory of a staged volume (mounted once per node, before pods get it). The
        kubelet did make it, on the node. The driver looks for that path inside its own
        container, where the kubelet's directory isn't mounted, or is mounted under another name.
    .tell-apart =
        What stands before `/plugins/kubernetes.io` in the message is the kubelet's root. Run
        `ls -d` with the whole path on the node. If it exists, the driver's container has the wrong
        mountPath.
    .fix =
        Give the driver's container the kubelet's directory at the same path as on the node, with
        `mountPropagation: Bidirectional`. Rewriting the manifest for the root in the message does
        that.

symptom-staged-volume-missing = The staged volume can't be found when a pod wants it
    .cause =
        The volume was staged: mounted once per node, before pods get it. The driver did this at a
        path that exists only inside its own container. After the driver's pod was restarted, the
        mount is gone. Pods that got the volume before still work, new ones don't. A driver that
        looks for the path in the list of mounts fails in the same way where the kubelet's root is a
        link: the mount is listed by the real path.
    .tell-apart =
        Run `findmnt -T` with the path that ends in `globalmount`, on the node. If it tells the
        node's own disk, the volume was never mounted on the node: the driver's `plugins` directory
        isn't shared with it. If it tells the volume, the driver's container looks at another place;
        compare the mountPath with the path in the message, and run `readlink -f` with that path to
        see whether there is a link. When the node was restarted just before, the driver may have
        failed to mount the volume again, although the paths are right; read its log.
    .fix =
        Mount the kubelet's `plugins` directory, or the whole root, at the same path inside and
        outside, with `mountPropagation: Bidirectional`. Then restart the driver's pod, and delete
        and create the waiting pods.

symptom-mount-point-missing = The driver can't find the place where the volume belongs
    .cause =
        The kubelet told the driver to mount the volume at this path. The driver looks for it inside
        its own container, and there it doesn't exist. The kubelet's directory is mounted there
        under another name, or not at all.
    .tell-apart =
        What stands before `/pods` or `/plugins` in the message is the kubelet's root. Compare it
        with the driver's mountPaths and hostPaths. Both have to begin with it. If they do, the
        driver may be too old: since Kubernetes 1.20 the kubelet leaves it to the driver to make the
        last directory of a path in `pods`, and drivers from before don't.
    .fix =
        Rewrite the manifest for the root in the message: hostPath and mountPath together. If the
        paths were right, take a newer version of the driver.

symptom-target-dir-not-created = The driver can't make the directory that the kubelet asked for
    .cause =
        The driver tries to make the volume's directory at the path in the message, inside of its
        container, and the directory above it doesn't exist there. The kubelet's directory is
        mounted under another name. This also happens when the kubelet's root lies elsewhere and
        `/var/lib/kubelet` is a link to it: the kubelet passes its `--root-dir` as it was typed, and
        the container knows only the link's name.
        Other drivers make the whole path in the same situation, and lose data silently.
    .tell-apart =
        What stands before `/pods` or `/plugins` in the message is the kubelet's root. Run
        `readlink -f /var/lib/kubelet` on the node: if it prints another path, there is a link. If
        there is none, compare the mountPaths of the driver's container with that root.
    .fix =
        Rewrite the manifest for the root in the message, hostPath and mountPath together. A link is
        no way around it.

symptom-target-dir-read-only = The driver would have to make the kubelet's path in a read-only container
    .cause =
        The kubelet told the driver to mount a volume below the kubelet's root. The driver makes
        what is missing of that path, inside of its container, and the container's file system is
        read-only. The message names the first directory that is missing. So the kubelet's directory
        isn't mounted there: the manifest is written for another root, or only a part of it was
        moved. A root that is a link, or a link in it, does the same: the container knows only one
        of the names. This is the lucky case. In a container that isn't read-only the driver makes
        the path, and data is lost silently.
    .tell-apart =
        If the message has a path with `/pods` or `/plugins` in it, what stands before that is the
        kubelet's root. If not, run `ps -ef | grep root-dir` on the node. Compare the root with the
        mountPaths of the driver's container. If the root doesn't begin with the directory in the
        message, look for a link with `readlink -f ROOT/pods`. Without one, it may be a directory of
        the driver's own that it can't make.
    .fix =
        Rewrite the manifest for the kubelet's root, hostPath and mountPath together, or give the
        chart its value for that. Don't make the container writable: the message goes away, and the
        data stays in the container. Links are no way around it.

symptom-root-refused = The driver was given another root than the kubelet's, and says so
    .cause =
        The driver (JuiceFS does this) compares the path that the kubelet passes with the hostPath
        of its own volume. The first root in the message is the kubelet's, the second one the
        manifest's. They are compared as text, so that a link to the same directory is another root.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node that the message comes from. If the root is the
        first one in the message, the manifest was left behind. If only some nodes complain, they
        have another root than the others.
    .fix =
        Rewrite the manifest for the first root in the message, or set `kubeletDir` in JuiceFS's
        chart. When nodes have different roots, each root needs a DaemonSet of its own. A link is no
        way around it.

symptom-provider-cannot-write = The secrets provider doesn't find the directory to write to
    .cause =
        Two DaemonSets work together: the secrets driver and a provider, such as Vault's or a
        cloud's. The driver passes the provider a path, as text: the pod's volume. The provider
        writes the secret to it, inside its own container. The path doesn't exist there, because its
        mount names another directory than the driver's.
    .tell-apart =
        What stands before `/pods` in the message is the kubelet's root. Look at both DaemonSets:
        `kubectl get ds -A -o yaml | grep kubelet`. Every hostPath and mountPath of the pods
        directory has to begin with that root. Charts often have one setting for each of the two.
    .fix =
        Rewrite both manifests, or set the value for the kubelet's root in both charts. In the
        provider the mountPath has to be changed too, not just the hostPath.

symptom-target-not-on-node = The driver reported success, but there is no volume on the node
    .cause =
        The driver said that the volume is mounted. The kubelet wants to set the group of its files
        and finds that the directory doesn't exist on the node. The driver has mounted it inside its
        own container only. You see this message just because the pod asks for `fsGroup`: pods
        without it start, and write to the node's own disk.
    .tell-apart =
        The path in the message begins with the kubelet's root. Compare it with the driver's
        mountPaths. If one names another root, this is the reason. If all are right, look for
        `mountPropagation: Bidirectional` on the mount of `pods` or of the whole root; without it
        mounts stay inside the container.
    .fix =
        Look first for files that pods of this driver wrote to the node's disk, and copy them away:
        some drivers delete them together with the pod. Then rewrite the manifest for the root in
        the message, and recreate the pods that use the driver, also those that seem to work.

symptom-block-device-not-shown = The raw device for the pod is an ordinary file
    .cause =
        The pod asked for a raw block volume. The driver put the device at the place the kubelet
        named, but inside its own container only. On the node there is an empty file, and the
        container runtime refuses it.
    .tell-apart =
        Look for `mountPropagation: Bidirectional` in the driver's container, on the mounts of
        `pods` and `plugins` or of the whole root. If it is missing, this is the reason. If it is
        there, compare mountPath and hostPath with the kubelet's root. A pod that names a file as a
        device by mistake gives the same message.
    .fix =
        Add the propagation and put the paths right, which rewriting the manifest does. Then delete
        and create the pod. If it hangs while it is deleted, unmount what is left below
        `volumeDevices`.

symptom-block-device-not-on-node = The raw device isn't where the kubelet expects it
    .cause =
        The pod asked for a raw block volume. The driver says that it has put the device at the
        place the kubelet named, below `plugins/kubernetes.io/csi/volumeDevices`. It did so inside
        its own container only, where that directory isn't the node's. So the kubelet finds nothing
        on the node.
    .tell-apart =
        What stands before `/plugins/kubernetes.io` in the message is the kubelet's root. Look for a
        mount of `plugins`, of `plugins/kubernetes.io/csi` or of the whole root in the driver's
        container. Its hostPath and its mountPath have to begin with that root. A mount of `pods` is
        not enough: volumes with a file system may work while raw ones fail. If all of it is right,
        read the driver's log.
    .fix =
        Mount the kubelet's `plugins` directory, or the whole root, at the same path inside and
        outside, with `mountPropagation: Bidirectional`. Rewriting the manifest for the root in the
        message does that where the mount is there. Then delete and create the pod.

symptom-data-on-node-disk = What pods write stays on the node's own disk
    .cause =
        The driver mounts the volume inside its own container, and the node doesn't see it. The pod
        gets the empty directory beneath. All looks well: the claim is Bound, the pod runs, writing
        works. But nothing reaches the storage, and other nodes see nothing of it. Some drivers
        delete these files together with the pod. The reason is a mountPath that isn't the same as
        the hostPath below the kubelet's root, or a mount without
        `mountPropagation: Bidirectional`. No program reports it.
    .tell-apart =
        Find the pod's directory on the node:
        `findmnt -T ROOT/pods/UID/volumes/kubernetes.io~csi/NAME/mount`. If it prints the server or
        the volume, all is well and the files are missing for another reason. If it prints the
        node's own disk, the data is on the node. In the pod, `df` on the mounted directory says the
        same.
    .fix =
        Stop writing. Copy the files away from the node first; they are in that directory, until the
        pod is deleted. Rewrite the driver's manifest for the kubelet's root, hostPath and mountPath
        together, and apply it. Then recreate the pods, check again with `findmnt`, and put the
        files back.

symptom-pod-dir-is-mount-point = The kubelet takes a pod's directory for a mount
    .cause =
        Kubelets up to 1.15 compare which disk a directory and the one above it are on. When the
        kubelet's `pods` directory is a link to another disk, they differ, and the kubelet believes
        that something is mounted. So it never deletes the directories of old pods.
    .tell-apart =
        Run `readlink -f` with the path of the `pods` directory. If it prints another path, there is
        a link. If not, run `findmnt -T` with the path in the message to see what is mounted.
    .fix =
        Use no link. Give the kubelet the real directory with `--root-dir`, and rewrite the
        manifests for it. Newer kubelets don't have this fault, but links cause others.

symptom-orphaned-pod = The kubelet can't clear away the directory of an old pod
    .cause =
        A pod is gone, and something is left in its directory. This is common after a forced delete,
        a crash, or a kubelet that was moved to another root while pods ran. The message comes every
        two seconds and breaks nothing, but what is left may be somebody's data.
    .tell-apart =
        Run `grep UID /proc/mounts` on the node first, with the pod's UID from the message. If it
        prints something, a volume is still mounted, and deleting files deletes them on the server.
        Then look below `ROOT/pods/UID/volumes`. If nothing is mounted and only `vol_data.json` is
        there, it is harmless. If there are other files, a pod wrote them to the node's own disk:
        then a driver's mounts didn't reach the node.
    .fix =
        Unmount what is mounted with `umount`. Copy files away that somebody may want. Then delete
        `vol_data.json` and remove the empty directories with `rmdir`, which can't delete data.
        Don't use `rm -rf` here.

symptom-mount-dir-not-empty = The pod hangs in Terminating, because files lie where its volume was
    .cause =
        The kubelet unmounts a volume and removes the directory, which should be empty then. It
        isn't: there are files below. They were written to the node's own disk, because the volume
        was mounted inside the driver's container only. This is often the first sign of lost data.
        A program that goes on writing while its pod is stopped leaves such a file too, but only one
        or two.
    .tell-apart =
        Run `findmnt -T` with the path in the message, on the node, and `ls -l` on it. If it names
        the node's own disk, nothing is mounted there; and if the files are those that the pod
        wrote, they never reached the storage. Compare
        the driver's mountPaths with the path in the message, and look for
        `mountPropagation: Bidirectional`.
    .fix =
        Copy the files away first; they may be the only copy. When nothing is mounted there, empty
        the directory, and the pod goes away. Do the same for the other pods that use this driver
        before they are deleted: their files may be on the node, too. Rewrite the driver's manifest
        for the kubelet's root, and recreate them. Don't force the delete: it hides the files and
        leaves the directory.

symptom-target-not-mounted = The driver was asked to unmount what wasn't mounted
    .cause =
        At the end of a pod the driver found an ordinary directory where the volume should have been
        mounted. One such line for a volume may be harmless: the unmounting was done twice, after a
        timeout. When it comes for every pod, the volumes are never mounted where the kubelet looks,
        and what the pods wrote was on the node's own disk.
    .tell-apart =
        Start a pod with such a volume and run `findmnt` with the path from the message, its UID
        replaced, while the pod runs. If nothing is mounted there, the data is being lost. If the
        volume is shown, the line was harmless.
    .fix =
        If data is being lost, rewrite the driver's manifest for the root in the message and look
        for `mountPropagation: Bidirectional`. Otherwise there is nothing to do.

symptom-mount-busy = A mount can't be taken away
    .cause =
        Some program still uses the mount, maybe in a container with mounts of its own. Then the
        kernel refuses to let it go. A kubelet's directory that is a link gives the same message:
        the mount is listed under one name and unmounted by the other.
    .tell-apart =
        Run `grep -l PATH /proc/*/mountinfo` on the node, with the end of the path from the message:
        it tells the processes that still have it. `readlink -f` with the kubelet's root shows
        whether there is a link.
    .fix =
        Restart the container that holds the mount; a monitoring agent with the node's whole `/` is
        a usual one. If there is a link, unmount by the real path, and give the kubelet the real
        directory. Don't delete anything while it is mounted.

symptom-mount-not-shared = The node doesn't let mounts of containers through
    .cause =
        The driver's container asks for `Bidirectional`, so that its mounts appear on the node. For
        this the directory on the node has to be on a shared mount, and it isn't. That is a setting
        of the node, not of the manifest. It is usual where the kubelet's root is a disk or a bind
        mount of its own, with Docker's old unit files, and inside of containers. A driver that
        mounts all of the node needs it for `/` itself.
    .tell-apart =
        Run `findmnt -o TARGET,PROPAGATION -T PATH` on the node, with the path in the message. If it
        prints `private`, this is the reason. Unless the path is `/`, look also whether it is the
        kubelet's root at all, `ps -ef | grep root-dir`; if it isn't, the manifest is wrong before
        this matters.
    .fix =
        Run `mount --make-rshared` with the TARGET that findmnt printed, and make it last: in the
        unit that mounts it, or in a small unit that runs before the kubelet and the container
        runtime. Don't remove `Bidirectional`, or the data will be lost silently.

symptom-privileged-required = The API server refuses the pod
    .cause =
        A container asks for `mountPropagation: Bidirectional` and isn't privileged. Only privileged
        containers may let their mounts appear on the node.
    .tell-apart =
        The message names the container and the mount. See whether this container is the driver
        itself: only the driver needs it. A sidecar or the registrar doesn't.
    .fix =
        In the driver's container set `securityContext.privileged` to `true`. In any other container
        remove the `mountPropagation`.

symptom-socket-name-refused = The path of a socket is too long
    .cause =
        The kernel takes at most 107 bytes for the path of a socket. The kubelet's root, the
        driver's name and the file's name together are longer. A deep root such as that of a snap
        leaves little room.
    .tell-apart =
        Count the bytes of the path in the message. With more than 107 this is the reason.
    .fix =
        Give the kubelet a shorter root. If that can't be done, shorten the directory's or the
        driver's name, where the driver allows it. In a container the socket can be reached by a
        short mountPath, but the kubelet uses the node's path.

symptom-socket-dir-missing = A driver can't make its socket
    .cause =
        The driver wants to make its socket at the path in the message, inside of its container. The
        directory doesn't exist there. The argument was changed and the mount wasn't, or the other
        way round. Or the driver has the path built in.
    .tell-apart =
        Compare the path with the mountPaths of this container: one of them has to be a directory
        above it. If none is, see whether an argument or a variable names the path. If nothing does,
        it is built in.
    .fix =
        Let the argument and the mountPath name the same directory. Where the path is built in,
        leave the mountPath as the program wants it and change the hostPath only, or use the setting
        that the driver offers for it.

symptom-sidecar-cannot-connect = A sidecar can't reach the driver's socket
    .cause =
        The sidecar waits for the driver's socket at the path in the message, inside of its own
        container. A few such lines at the start are harmless: the driver takes a moment. When they
        go on, the driver doesn't run, or the two containers don't see the same directory there. The
        latter happens when the address was changed and the mount wasn't.
    .tell-apart =
        Look at the driver's container in the same pod. If it isn't running, read its log first. If
        it is, compare the address in the message with the sidecar's mountPaths: one of them has to
        be a directory above it, and its volume has to be the one in which the driver makes its
        socket.
    .fix =
        Change the address and the mount together. An address such as `/csi/csi.sock` is private to
        the pod and needs no change when the kubelet's root moves.

symptom-dra-registration-timeout = The kubelet doesn't answer a driver for devices
    .cause =
        A driver for dynamic resource allocation made its sockets, and the kubelet never called
        within half a minute. Such drivers often have `/var/lib/kubelet` built in. When the kubelet
        lives elsewhere, it never sees the sockets.
    .tell-apart =
        Look for the `endpoint` of the registrar in the lines before, and compare it with the
        kubelet's root, `ps -ef | grep root-dir`. If they are the same, look in the kubelet's log
        for the driver's name.
    .fix =
        Newer versions of these drivers have a setting for the kubelet's directory; set it, and
        change hostPath and mountPath to the same path. Where there is none, only a newer version
        helps.

symptom-host-pods-not-found = The backup program doesn't find the pods' directories
    .cause =
        A backup agent such as Velero's node agent reads the volumes of pods through a hostPath
        called host-pods. That path isn't the `pods` directory of this node's kubelet, so the agent
        finds no pod there. Drivers aren't concerned.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node and compare it with the hostPath of the agent's
        DaemonSet. If it is right, the pod may just have no such volume, or it was stopped
        meanwhile.
    .fix =
        Change the hostPath to `pods` below the kubelet's root. Leave the mountPath as it is: the
        agent has `/host_pods` built in.

symptom-root-not-detected = The program couldn't find out where the kubelet lives
    .cause =
        The program (Longhorn does this) looks through the node's processes for the kubelet and its
        `--root-dir`. On k3s, MicroK8s, k0s and OpenShift the kubelet is part of another process, or
        has another name, and nothing is found.
    .tell-apart =
        Run `ps -ef | grep -e kubelet -e k3s -e k0s` on the node to see what runs. The directory
        that holds `pods` and `plugins_registry` is the one you want.
    .fix =
        Tell the program: for Longhorn, set `KUBELET_ROOT_DIR` on the driver's deployer, or
        `csi.kubeletRootDir` in the chart.

symptom-root-was-moved = The kubelet's directory was moved, or is going to be
    .cause =
        Manifests of storage drivers name the kubelet's directory in many places, for the node and
        for the container. They are written for `/var/lib/kubelet`. When the kubelet gets another
        `--root-dir`, all of these have to follow, together. If only some do, volumes fail, or data
        is lost silently. A link at the old place doesn't help.
    .tell-apart =
        Run `ps -ef | grep root-dir` on every node. The roots have to be the same on all nodes that
        one DaemonSet runs on. Then check each driver's manifest against that root with
        `csi-relocate check`.
    .fix =
        Rewrite the manifests with `csi-relocate`, and apply them. Before a kubelet is moved, drain
        the node: pods that run meanwhile keep their mounts in the old place, and the kubelet won't
        find them again. `device-plugins`, certificates and the kubelet's configuration don't move.

symptom-pod-stays-terminating = A pod stays in Terminating; several causes are possible
    .cause =
        The kubelet removes a pod only when its volumes are gone. One of these may hold it up. Files
        were left where a volume was mounted: they were written to the node's own disk, so data may
        be lost. A mount is still in use. The driver isn't there any more, so nobody can unmount.
        The node or its kubelet doesn't answer. Something else has put a finalizer on the pod.
    .tell-apart =
        Run `kubectl get pod NAME -o yaml` and look at `finalizers`, then `kubectl get nodes`: a
        node that is NotReady is the reason. Otherwise look for the pod in the kubelet's log,
        `journalctl -u kubelet | csi-relocate explain --symptom`. `directory not empty` means files
        that were left, `target is busy` a mount in use, and
        `not found in the list of registered CSI drivers` a driver that isn't there.
    .fix =
        Don't force the delete before you know the reason. When files were left, copy them away
        first: they may be the only copy. Then follow what the kubelet's log says.

symptom-claim-stays-pending = A claim stays in Pending; several causes are possible
    .cause =
        No volume was made for the claim yet. The storage class may not exist, or none is the
        default. A class with `WaitForFirstConsumer` waits for a pod, which is normal. The storage
        may be full, or may not offer the access mode. Or the driver isn't registered on any node
        that would do, which a wrong path in its manifest can cause.
    .tell-apart =
        Run `kubectl describe pvc NAME`; the events at the end tell the reason. Then run
        `kubectl get csinode -o yaml`: if no node lists the driver under `drivers`, it isn't
        registered. Pass the text of the event to `csi-relocate explain --symptom`.
    .fix =
        Follow the event. Only if the driver isn't registered, check its manifest against the
        kubelet's root with `csi-relocate check`.

symptom-pod-stays-creating = A pod stays in ContainerCreating; several causes are possible
    .cause =
        Something that the pod needs isn't ready. A volume can't be attached or mounted: the driver
        may not be registered on this node, the server may not answer, or another node may still
        have the volume. A ConfigMap or a Secret may be missing. The network plugin may have failed.
        An image may still be loading.
    .tell-apart =
        Run `kubectl describe pod NAME`; the events at the end tell which it is. `FailedMount` and
        `FailedAttachVolume` are about volumes, `FailedCreatePodSandBox` is about the network. Pass
        the text of the event to `csi-relocate explain --symptom`.
    .fix =
        Follow the event. A path of a driver's manifest is at fault only if the event is about a
        volume of that driver.

symptom-device-plugin-dir-missing = A device plugin doesn't find the kubelet
    .cause =
        Device plugins, for GPUs and the like, meet the kubelet in
        `/var/lib/kubelet/device-plugins`. This directory doesn't move with the kubelet's root: it
        is fixed in the kubelet. When a manifest was rewritten with search and replace, the plugin
        looks below the new root, where there is nothing. A plugin that times out without a path may
        also have met a kubelet that isn't running.
    .tell-apart =
        Look at the hostPath of the plugin's DaemonSet. If it isn't
        `/var/lib/kubelet/device-plugins`, this is the reason. If it is, run
        `ls /var/lib/kubelet/device-plugins` on the node: `kubelet.sock` has to be there while the
        kubelet runs.
    .fix =
        Set hostPath and mountPath back to `/var/lib/kubelet/device-plugins`. `pod-resources`, in
        contrast, does move.

symptom-device-plugin-not-reached = The kubelet can't reach a device plugin where it was sent
    .cause =
        Device plugins for SR-IOV and RDMA can register in `plugins_registry`. They tell the kubelet
        where their socket is, and `/var/lib/kubelet/plugins_registry` is built in there. The
        kubelet looks for that path on the node. When its root lies elsewhere, nothing is there,
        although the plugin's own mount is right. A plugin that has stopped, or hangs, gives the
        same message.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node. If the path in the message isn't below the
        kubelet's root, this is the reason. If it is, see whether the socket is there and whether
        the plugin's pod runs, and read its log.
    .fix =
        If the plugin has a setting for the kubelet's directory, as newer versions of the RDMA one
        do, set it and change hostPath and mountPath to the same path. If not, leave out the mount
        of `plugins_registry`: these plugins then register in `/var/lib/kubelet/device-plugins`,
        which doesn't move with the root.

symptom-pod-resources-socket-missing = An agent doesn't find the kubelet's pod-resources socket
    .cause =
        The kubelet tells agents which pod has which device, through the socket `kubelet.sock` in
        `pod-resources` below its root. This directory moves with the root, and `device-plugins`
        doesn't. When an agent mounts it below another root, it finds an empty directory: metrics of
        GPUs then name no pods, or the agent doesn't start. Volumes aren't concerned.
    .tell-apart =
        Run `ps -ef | grep root-dir` on the node and look at the agent's hostPath. If that isn't
        `pod-resources` below the kubelet's root, this is the reason. If it is, look for
        `kubelet.sock` in it. An agent that mounts the socket itself loses it whenever the kubelet
        starts again; it has to mount the directory. Kubelets up to 1.14 don't have the socket, or
        only with the feature gate `KubeletPodResources`.
    .fix =
        Change the hostPath to `pod-resources` below the kubelet's root. Leave the mountPath as it
        is, since the agent looks there; where it has a setting for the socket's path, both have to
        agree. `device-plugins` stays at `/var/lib/kubelet/device-plugins`.

symptom-server-not-reachable = The node can't reach the storage server
    .cause =
        The driver works, and the server doesn't answer: a firewall, a wrong address, or a service
        that isn't running.
    .tell-apart =
        Run `nc -vz SERVER 2049` for NFS, or `nc -vz SERVER 445` for SMB, on the node in question,
        and `ping SERVER`. "No route to host" with a working ping is a firewall that rejects. A
        timeout is one that drops, or the wrong address. "Refused" means that the service doesn't
        run.
    .fix =
        Open the port on the server (for NFS also `rpc-bind` and `mountd`, unless it is version 4),
        or put the address in the storage class right. The kubelet's root has nothing to do with it.

symptom-inotify-exhausted = The node has run out of file watches
    .cause =
        Programs ask the kernel to watch directories, and there is a limit for all of them together.
        It is reached, although the message speaks of open files or of disk space. A kubelet that
        can't watch `plugins_registry` finds no drivers, which looks like a wrong path.
    .tell-apart =
        Run `sysctl fs.inotify` on the node. 128 for `max_user_instances` is the kernel's default,
        and little for a node with many pods.
    .fix =
        Run `sysctl -w fs.inotify.max_user_instances=8192 fs.inotify.max_user_watches=524288`, write
        the same into a file in `/etc/sysctl.d`, and restart the kubelet. Then see whether the
        driver registers.

symptom-access-mode-refused = The storage class can't share a volume between nodes
    .cause =
        The claim asks for a mode such as ReadWriteMany, and the local-path provisioner keeps its
        volumes on the disk of one node. It offers ReadWriteOnce only.
    .tell-apart =
        Run `kubectl get pvc` and `kubectl get sc`: the claim uses a class of
        `rancher.io/local-path`, maybe because it is the default one. If you set another class in a
        chart's values and it isn't used, the value is at the wrong place.
    .fix =
        Ask for ReadWriteOnce, or use a class that shares, such as NFS. The class of a claim can't
        be changed; delete the claim and create it again.

symptom-leftovers-of-an-installation = Files of an earlier installation, or missing certificates
    .cause =
        The node was part of a cluster before, or never finished joining one. Files are left that
        shouldn't be, or were deleted although the kubelet's configuration still names them.
        Certificates and the kubelet's configuration don't move with its root.
    .tell-apart =
        Run `ls /etc/kubernetes /etc/kubernetes/pki /var/lib/kubelet/pki` on the node. If
        `/etc/kubernetes/pki/ca.crt` is missing, the node isn't joined; before `kubeadm join` this
        message is normal. If files are there that the message complains of, they are from before.
    .fix =
        First unmount everything below the kubelet's directory: a reset deletes it, and what is
        still mounted would be deleted on the server. Then run `kubeadm reset`, and join again.
