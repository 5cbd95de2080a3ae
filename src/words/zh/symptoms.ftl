# 每种故障现象的说明：标题，以及三个属性：背后的原因、如何判断是哪种原因、该怎么办。
# src/knowledge/symptoms.yaml 里的每个 id 对应一条。显示时各行会连成一段。
#
# “kubelet 根目录”是 kubelet 的 --root-dir 指定的目录；没有指定时是 /var/lib/kubelet。
# 命令里的 `ROOT` 就代表它。

symptom-registry-not-a-directory = 驱动的 Pod 要挂载的 plugins_registry 在节点上不存在
    .cause =
        按清单的写法，kubelet 的注册目录就是报错里的路径。节点上没有这个目录，因为这个节点
        的 kubelet 根目录在别处。Pod 无法启动，驱动也就根本没有运行。
    .tell-apart =
        在节点上运行 `ps -ef | grep root-dir`。如果显示的 `--root-dir` 与报错里的不同，就
        是清单用错了根目录，这是最常见的情况。如果没有显示 `--root-dir`，再运
        行 `ls -d /var/lib/kubelet/plugins_registry`；如果这个目录也没有，说明这个节点
        的 kubelet 还没有启动过。
    .fix =
        按 kubelet 根目录改写清单，所有路径一起改，然后重新应用。不要手动创建缺少的目录：
        报错会消失，但 kubelet 监视的不是它，仍然发现不了驱动。

symptom-kubelet-dir-not-a-directory = 驱动的 Pod 要挂载的 kubelet 目录在节点上不存在
    .cause =
        清单里写的某个 kubelet 目录在这个节点上不存在，因为这里的 kubelet 根目录在别处。
        Pod 无法启动。
    .tell-apart =
        在节点上运行 `ps -ef | grep root-dir`，与报错里的路径比较。如果路径没有错，而且只
        有部分节点报错，说明各个节点的根目录不同。
    .fix =
        按 kubelet 根目录改写清单：hostPath 和 mountPath 一起改，注册路径也要改。不要手动
        创建这个目录，否则卷会挂载到 Pod 看不到的地方。

symptom-driver-volumes-waiting = 驱动自己的 Pod 在等待 kubelet 的某个目录
    .cause =
        kubelet 等待几分钟后放弃，并列出没能准备好的卷。从卷的名称可以看出，它
        是 kubelet 自己的某个目录。真正的原因在同一个 Pod 更早的事件里，最常见的是目录不存
        在。
    .tell-apart =
        对驱动的 Pod 运行 `kubectl describe pod`，查找 `hostPath type check failed`。后面
        的路径就是清单所指的位置。在节点上运行 `ps -ef | grep root-dir`，可以看
        到 kubelet 实际在哪里。
    .fix =
        如果两者不同，按 kubelet 根目录改写清单。如果相同，说明位置没有错，只是目录不存
        在：检查这个节点的 kubelet 是否正常。

symptom-stale-registration-socket = kubelet 不断连接一个已经不在的驱动
    .cause =
        `plugins_registry` 里残留着以前某个驱动的套接字，已经没有程序应答，kubelet 却一直
        重试。多半是删除驱动时没有清理文件。由此可以看出这个 kubelet 在哪里发现驱动。
    .tell-apart =
        运行 `kubectl get pods -A -o wide`，看这个节点上有没有驱动的 Pod。如果没有，套接字就
        是残留。如果有，看其中 node-driver-registrar 的日志，它可能卡住了。`ss -xl` 在这里
        帮助不大：容器的套接字即使列出，也是按容器里的路径列出的。
    .fix =
        如果驱动本来就要删除，只删除那一个 `-reg.sock` 文件。如果驱动应该在，重启它在这个
        节点上的 Pod，会创建新的套接字。其他文件不要删除。

symptom-registered-socket-missing = kubelet 按注册路径连接，但那里没有套接字
    .cause =
        node-driver-registrar 以文本形式把驱动套接字的路径传给 kubelet，kubelet 在节点上连接
        这个路径，但那里什么也没有。要么注册路径的根目录不对，要么套接字所在目录的根目录不
        对：两者只改了一个。
    .tell-apart =
        在节点上运行 `ps -ef | grep root-dir`。如果报错里的路径不在 kubelet 根目录下，就
        是 `--kubelet-registration-path`（或拼出它的变量）漏改了。如果在，检查套接字所在卷
        的 hostPath：驱动在那里创建套接字，而它还是另一个目录。运
        行 `ls ROOT/plugins/*/`（ROOT 换成 kubelet 根目录），可以看到实际有哪些套接字。
    .fix =
        让注册路径和这个 hostPath 指向同一个目录，并且都在 kubelet 根目录下。之
        后 node-driver-registrar 会自行恢复，不再重启。

symptom-registered-socket-refused = kubelet 找到了驱动的套接字，但没有程序应答
    .cause =
        报错里的路径上有套接字文件，但没有程序在监听。它可能是以前启动时残留的，而驱动现在
        把套接字放在别处。也可能是驱动崩溃了，或者还没有就绪。
    .tell-apart =
        看驱动的容器是否在运行：`kubectl get pods -o wide`，以及它的日志。如果容器一直在运
        行，报错也一直在，就把报错里的路径与驱动放套接字的那个卷的 hostPath 比较。如果两者
        不同，说明驱动在别处监听，其中一处漏改了。
    .fix =
        如果驱动崩溃了，先看它的日志。否则，让注册路径和套接字所在目录的 hostPath 一致，并
        且都在 kubelet 根目录下，然后重启驱动的 Pod。如果报错又出现，删除残留的套接字文
        件。

symptom-registration-not-confirmed = kubelet 一直没有确认注册，node-driver-registrar 被重启
    .cause =
        kubelet 接受驱动之后，node-driver-registrar 会写一个文件；探针检查的就是它，而它不
        存在。可能是 kubelet 从没调用过 node-driver-registrar，因为注册套接字不在这
        个 kubelet 监视的目录里。也可能是已经调用过，只是探针找错了位置。
    .tell-apart =
        看 node-driver-registrar 的日志：`kubectl logs -c node-driver-registrar`。如果没
        有 `Received GetInfo call`，说明 kubelet 从没发现它：以 `plugins_registry` 结尾
        的 hostPath 不在 kubelet 根目录下。如果有 `PluginRegistered:true`，说明驱动工作正
        常，只是探针不对：探针里的路径与 node-driver-registrar 的不同，或
        者 node-driver-registrar 版本太旧，不能在那里写文件。如果有其他报错，按那个报错处
        理。
    .fix =
        按 kubelet 根目录改写清单，让 `plugins_registry`、注册路径和探针里的路径一起改。如
        果只是探针不对，让探针里的路径与 node-driver-registrar 的一致，或者换用较新
        的 node-driver-registrar。

symptom-registrar-never-called = node-driver-registrar 已就绪，但 kubelet 一直没有调用它
    .cause =
        node-driver-registrar 已经创建了套接字，正在等待。kubelet 只在一个目录里发现这种套
        接字，就是自己根目录下的 `plugins_registry`。这份日志到此为止，说明 kubelet 没有发
        现它，多半是套接字放在了另一个目录。除此之外没有任何报错：驱动的 Pod 看上去全都正
        常。如果日志在启动后几秒就结束，也可能只是日志截得太短。
    .tell-apart =
        在节点上运行 `ls ROOT/plugins_registry`（ROOT 换成 kubelet 根目录）。如果里面没有
        这个驱动的 `-reg.sock`，就是 hostPath 不对。如果有，在 kubelet 的日志里查
        找 `too many open files`：如果找到，说明 kubelet 无法监视这个目录，与路径无关。
    .fix =
        把 hostPath 设为 kubelet 根目录下的 `plugins_registry`，清单里的其他路径也一起改；
        它的 mountPath 可以不变。如果是后一种情况，调大 `fs.inotify.max_user_instances`，
        再重启 kubelet。

symptom-driver-not-registered = 驱动没有在这个节点的 kubelet 上注册
    .cause =
        有 Pod 要用卷，而驱动没有在这个节点的 kubelet 上注册。驱动自己的 Pod 可能看上去全
        都正常。通常是注册套接字不在这个 kubelet 监视的目录里，或者驱动的套接字不在注册路
        径上。如果驱动根本没有在这个节点上运行，也会报同样的错。
    .tell-apart =
        运行 `kubectl get csinode`，加上节点名和 `-o yaml`，可以看到 kubelet 已知的驱动。
        再运行 `kubectl get pods -A -o wide`，看这个节点上有没有驱动的 Pod。如果没有，检
        查 nodeSelector 和 tolerations。如果有，看其中 `node-driver-registrar` 的日志：如
        果停在 `Registration Server started`，说明 `plugins_registry` 的路径不对；如果报错
        里有 `csi.sock`，说明注册路径不对。
    .fix =
        按 kubelet 根目录改写清单并应用。等待中的 Pod 会自动继续。如果各个节点的根目录不
        同，每个根目录都要有自己的 DaemonSet。

symptom-node-without-driver = 节点的 CSINode 里没有这个驱动
    .cause =
        把卷挂接（attach）到节点之前，会先查节点上有没有这个驱动。结果是没有，因为驱动没有
        在那里注册。原因在那个节点上，多半是有路径不属于那里的 kubelet。
    .tell-apart =
        运行 `kubectl get csinode -o yaml`。如果所有节点都没有这个驱动，说明清单对所有节点
        都不对。如果只有部分节点没有，说明它们的根目录不同，或者上面没有驱动的 Pod。一分钟
        前才加入的节点，可能还要再等一会儿。
    .fix =
        看那个节点上 node-driver-registrar 的日志，按里面的报错处理。通常需要按 kubelet 根
        目录改写清单。

symptom-no-node-offers-driver = 没有节点能满足卷的要求
    .cause =
        卷无法创建，或者 Pod 无法调度，因为合适的节点都没有注册这个驱动。驱动的 Pod 可能照
        常运行：如果它们的路径不属于 kubelet，就在哪个节点上都注册不上。如果节点上的卷太
        多，或者 StorageClass 要求的可用区里没有节点，也会报同样的错。
    .tell-apart =
        运行 `kubectl get csinode -o yaml`。如果所有节点的 `drivers` 下都没有这个驱动，就
        是没有注册。如果有，把其中的 `topologyKeys` 和节点的标签与 StorageClass 比较，再看
        最多允许多少个卷。
    .fix =
        如果是没有注册，按 kubelet 根目录改写驱动的清单。否则，改正标签或 StorageClass。

symptom-staging-path-missing = 驱动看不到暂存卷的目录
    .cause =
        卷要先暂存：每个节点只挂载一次，然后才给 Pod。kubelet 在节点上为此创建一个目录，让
        驱动使用。驱动在自己的容器里找同一个路径，但找不到：这个目录没有挂载到容器里，或者
        挂载到了别的路径。如果根目录是符号链接，它就有两个路径，而容器里只有其中一个。
    .tell-apart =
        报错里的路径，`/plugins/kubernetes.io` 前面的部分就是 kubelet 根目录。有些驱动的报错
        里没有路径，就在节点上运行 `ps -ef | grep root-dir`。把根目录与驱动容
        器的各个 mountPath 比较。如果 mountPath 用的是另一个根目录，就是漏改了。如果相同，
        再比较 hostPath。
    .fix =
        把 kubelet 的 `plugins` 目录或整个根目录挂载到驱动的容器里，路径与节点上相同。按报
        错里的根目录改写清单，就能做到这一点。

symptom-globalmount-not-created = 驱动报告 kubelet 没有创建目录
    .cause =
        这是暂存卷的目录（每个节点只挂载一次，然后才给 Pod）。其实 kubelet 已经在节点上创建
        了。驱动是在自己的容器里找这个路径，而 kubelet 的目录
        没有挂载到容器里，或者挂载到了别的路径。
    .tell-apart =
        报错里的路径，`/plugins/kubernetes.io` 前面的部分就是 kubelet 根目录。在节点上对完
        整的路径运行 `ls -d`。如果它存在，就是驱动容器的 mountPath 不对。
    .fix =
        把 kubelet 的目录挂载到驱动的容器里，路径与节点上相同，并设
        置 `mountPropagation: Bidirectional`。按报错里的根目录改写清单，就能做到这一点。

symptom-staged-volume-missing = Pod 要用卷时，找不到已经暂存的卷
    .cause =
        卷已经暂存（每个节点只挂载一次，然后才给 Pod），但暂存的路径只存在于驱动自己的容器
        里。驱动的 Pod 重启之后，暂存的卷就没了。之前已经得到卷的 Pod 还能用，新的 Pod 不行。
        有些驱动在挂载列表里查找这个路径。如果 kubelet 根目录是符号链接，它们也会这样报错：
        列表里的挂载用的是真实路径。
    .tell-apart =
        在节点上对以 `globalmount` 结尾的路径运行 `findmnt -T`。如果显示的是节点自己的磁
        盘，说明卷从没挂载到节点上：驱动对 `plugins` 目录的挂载没有传播到节点。如果显示的
        是卷，说明驱动的容器找的是别处；把 mountPath 与报错里的路径比较，
        再对这个路径运行 `readlink -f`，看有没有符号链接。如果节点刚刚重启过，
        也可能路径没有错，只是驱动没能重新挂载这个卷；看驱动的日志。
    .fix =
        把 kubelet 的 `plugins` 目录或整个根目录挂载到驱动的容器里，容器内外路径相同，并设
        置 `mountPropagation: Bidirectional`。然后重启驱动的 Pod，把等待中的 Pod 删除后重
        新创建。

symptom-mount-point-missing = 驱动找不到要挂载卷的位置
    .cause =
        kubelet 让驱动把卷挂载到这个路径。驱动在自己的容器里找，那里却没有：kubelet 的目录
        挂载到了别的路径，或者没有挂载到容器里。
    .tell-apart =
        报错里的路径，`/pods` 或 `/plugins` 前面的部分就是 kubelet 根目录。把它与驱动
        的 mountPath 和 hostPath 比较，两者都必须以它开头。如果没有错，可能是驱动太旧：
        从 Kubernetes 1.20 起，kubelet 不再创建 `pods` 下这条路径的最后一级目录，要由驱动创
        建，而之前的驱动不会这样做。
    .fix =
        按报错里的根目录改写清单，hostPath 和 mountPath 一起改。如果路径没有错，就换用新版本
        的驱动。

symptom-target-dir-not-created = 驱动无法创建 kubelet 要求的目录
    .cause =
        驱动要在自己的容器里，按报错里的路径创建卷的目录，但上级目录在容器里不存在：
        kubelet 的目录挂载到了别的路径。如果 kubelet 根目录在别处，而 `/var/lib/kubelet`
        只是指向它的符号链接，也会这样：kubelet 给出的是 `--root-dir` 原样写着的路径，而容器里
        只有符号链接那个路径。遇到同样的情况，
        有些驱动会把整条路径都建出来，数据悄悄丢失。
    .tell-apart =
        报错里的路径，`/pods` 或 `/plugins` 前面的部分就是 kubelet 根目录。在节点上运
        行 `readlink -f /var/lib/kubelet`：如果输出的是另一个路径，就是符号链接。如果不
        是，把驱动容器的 mountPath 与这个根目录比较。
    .fix =
        按报错里的根目录改写清单，hostPath 和 mountPath 一起改。靠符号链接解决不了。

symptom-target-dir-read-only = 驱动要在只读的容器里创建 kubelet 的路径
    .cause =
        kubelet 让驱动把卷挂载到 kubelet 根目录下。驱动在自己的容器里，把这条路径中缺少的目录
        都创建出来，但容器的文件系统是只读的。报错里只写了第一个缺少的目录。这说明 kubelet 的
        目录没有挂载到容器里：清单是为另一个根目录写的，或者只改了一部分。如果根目录是符号链接，
        或者其中有符号链接，也会这样：容器里只有其中一个路径。这还算幸运：如果容器不是只读的，
        驱动会把路径建出来，数据悄悄丢失。
    .tell-apart =
        如果报错里有带 `/pods` 或 `/plugins` 的路径，它前面的部分就是 kubelet 根目录。如果没有，
        在节点上运行 `ps -ef | grep root-dir`。把根目录与驱动容器的 mountPath 比较。
        如果根目录不是以报错里的目录开头，用 `readlink -f ROOT/pods` 看有没有符号链接。
        如果也没有，可能是驱动自己要用的另一个目录无法创建。
    .fix =
        按 kubelet 根目录改写清单，hostPath 和 mountPath 一起改，或者在 chart 里设置相应的值。
        不要把容器改成可写：报错会消失，但数据留在容器里。靠符号链接解决不了。

symptom-root-refused = 驱动发现清单里的根目录与 kubelet 的不同
    .cause =
        驱动（例如 JuiceFS）把 kubelet 给出的路径与自己的卷的 hostPath 比较。
        报错里的第一个根目录是 kubelet 的，第二个是清单里的。比较的是文字，
        所以指向同一个目录的符号链接也算不同。
    .tell-apart =
        在报错的节点上运行 `ps -ef | grep root-dir`。如果根目录是报错里的第一个，就是清单漏改了。
        如果只有部分节点报错，就是这些节点的根目录与其他节点不同。
    .fix =
        按报错里的第一个根目录改写清单，或者在 JuiceFS 的 chart 里设置 `kubeletDir`。
        如果各节点的根目录不同，每个根目录要有自己的 DaemonSet。靠符号链接解决不了。

symptom-provider-cannot-write = 密钥 provider 找不到要写入的目录
    .cause =
        这里由两个 DaemonSet 配合工作：secrets-store 驱动，以及 Vault 或云厂商
        的 provider。驱动以文本形式把 Pod 的卷的路径传给 provider，provider 在自己的容器里
        把密钥写到那里。这个路径在它的容器里不存在，因为它挂载的目录与驱动挂载的不同。
    .tell-apart =
        报错里的路径，`/pods` 前面的部分就是 kubelet 根目录。两个 DaemonSet 都要检查：
        `kubectl get ds -A -o yaml | grep kubelet`。挂载 pods 目录的每
        个 hostPath 和 mountPath，都必须以这个根目录开头。在 Helm chart 里，两者往往各有一
        个设置。
    .fix =
        两份清单都要改写，或者在两个 chart 里都设置 kubelet 根目录。provider 不能只
        改 hostPath，mountPath 也必须改。

symptom-target-not-on-node = 驱动报告成功，但节点上没有卷
    .cause =
        驱动报告卷已挂载。kubelet 接着要设置文件的属组，却发现节点上没有这个目录：驱动只在
        自己的容器里挂载了卷。之所以能看到这个报错，只是因为 Pod 设置了 `fsGroup`：没有设
        置的 Pod 会照常启动，写到节点自己的磁盘上。
    .tell-apart =
        报错里的路径以 kubelet 根目录开头。把它与驱动的各个 mountPath 比较。如果有一个用的
        是另一个根目录，原因就在这里。如果都对，看 `pods` 或整个根目录的挂载有没有设
        置 `mountPropagation: Bidirectional`；没有它，挂载就只留在容器里。
    .fix =
        按报错里的根目录改写清单。凡是使用这个驱动的 Pod，看上去正常的也不例外：先到节点的
        磁盘上找它们写的文件，复制出来，再重新创建 Pod。

symptom-block-device-not-shown = Pod 得到的裸块设备是一个普通文件
    .cause =
        Pod 要用裸块卷。驱动把设备放到了 kubelet 指定的位置，但只在自己的容器里。节点上的
        那个位置是一个空文件，容器运行时拒绝使用它。
    .tell-apart =
        看驱动的容器里，`pods` 和 `plugins`（或整个根目录）的挂载有没有设
        置 `mountPropagation: Bidirectional`。如果没有，原因就在这里。如果有，
        把 mountPath 和 hostPath 与 kubelet 根目录比较。如果 Pod 误把普通文件写成设备，也
        会报同样的错。
    .fix =
        改写清单，就会补上挂载传播并改正路径。然后把 Pod 删除后重新创建。如果删除时卡住，
        卸载 `volumeDevices` 下残留的挂载。

symptom-block-device-not-on-node = 裸块设备不在 kubelet 要找的位置
    .cause =
        Pod 要用裸块卷。驱动报告已经把设备放到了 kubelet 指定的位置，
        也就是 `plugins/kubernetes.io/csi/volumeDevices` 下，但只在自己的容器里：
        容器里的这个目录不是节点上的那个。所以 kubelet 在节点上什么也找不到。
    .tell-apart =
        报错里的路径，`/plugins/kubernetes.io` 前面的部分就是 kubelet 根目录。
        看驱动的容器有没有挂载 `plugins`、`plugins/kubernetes.io/csi` 或整个根目录，
        hostPath 和 mountPath 都必须以这个根目录开头。只挂载 `pods` 不够：
        有文件系统的卷可能正常，而裸块卷不行。如果都没有错，看驱动的日志。
    .fix =
        把 kubelet 的 `plugins` 目录或整个根目录挂载到驱动的容器里，容器内外路径相同，
        并设置 `mountPropagation: Bidirectional`。如果清单里已经有这个挂载，
        按报错里的根目录改写清单，就能做到这一点。然后把 Pod 删除后重新创建。

symptom-data-on-node-disk = Pod 写入的数据留在节点自己的磁盘上
    .cause =
        驱动把卷挂载在自己的容器里，节点看不到。Pod 得到的是底下的空目录。表面上一切正常：
        PVC 是 Bound，Pod 在运行，写入也成功。但数据没有到达存储，其他节点也看不到。有些驱
        动还会在删除 Pod 时把这些文件一并删掉。原因是 mountPath 与 kubelet 根目录下
        的 hostPath 不同，或者挂载没有设置 `mountPropagation: Bidirectional`。没有任何程序
        会报错。
    .tell-apart =
        在节点上检查 Pod 的目录：
        `findmnt -T ROOT/pods/UID/volumes/kubernetes.io~csi/NAME/mount`，其
        中 ROOT 是 kubelet 根目录，UID 是 Pod 的 UID，NAME 是 PV 的名称。如果显示的是存储
        服务器或卷，就没有这个问题，文件不见是因为别的原因。如果显示的是节点自己的磁盘，数
        据就在节点上。在 Pod 里对挂载的目录运行 `df`，结果相同。
    .fix =
        停止写入。先把文件从节点上复制出来：在删除 Pod 之前，它们都在那个目录里。
        按 kubelet 根目录改写驱动的清单，hostPath 和 mountPath 一起改，然后应用。再重新创
        建 Pod，用 `findmnt` 复查，最后把文件放回去。

symptom-pod-dir-is-mount-point = kubelet 把 Pod 的目录当成了挂载点
    .cause =
        1.15 及更早版本的 kubelet 会比较一个目录与它的上级目录是否在同一块磁盘上。如
        果 kubelet 的 `pods` 目录是指向另一块磁盘的符号链接，两者就不同，kubelet 便以为那
        里有挂载，因此一直不删除旧 Pod 的目录。
    .tell-apart =
        对 `pods` 目录的路径运行 `readlink -f`。如果输出的是另一个路径，就是符号链接。如果
        不是，对报错里的路径运行 `findmnt -T`，看挂载了什么。
    .fix =
        不要用符号链接。用 `--root-dir` 把真实目录设为 kubelet 根目录，并按它改写清单。较
        新的 kubelet 没有这个缺陷，但符号链接还会引起其他问题。

symptom-orphaned-pod = kubelet 清理不掉旧 Pod 的目录
    .cause =
        Pod 已经不在了，它的目录里还有残留。强制删除 Pod、节点崩溃，或者在 Pod 运行时
        把 kubelet 移到另一个根目录，之后都常常这样。报错每两秒出现一次，不影响运行，但残留
        的可能是有用的数据。
    .tell-apart =
        在节点上检查 `ROOT/pods/UID/volumes`（ROOT 是 kubelet 根目录，UID 是报错
        里 Pod 的 UID）。先运行 `grep UID /proc/mounts`：如果还有挂载，删除其中的文件就是
        删除服务器上的文件。如果没有挂载，而且只有 `vol_data.json`，就没有问题。如果还有别
        的文件，就是 Pod 写到节点自己的磁盘上的：说明有驱动的挂载没有到达节点。
    .fix =
        用 `umount` 卸载还在的挂载。把可能有用的文件复制出来。然后删除 `vol_data.json`，再
        用 `rmdir` 删除空目录，它不会误删数据。这里不要用 `rm -rf`。

symptom-mount-dir-not-empty = Pod 卡在 Terminating，因为卷的挂载点里有文件
    .cause =
        kubelet 卸载卷之后要删除挂载点的目录，这时它应该是空的，但里面有文件。这些文件是写
        到节点自己的磁盘上的，因为卷只挂载在驱动的容器里。这往往是丢失数据的第一个迹象。程
        序在 Pod 停止时还在写，也会留下这样的文件，但只有一两个。
    .tell-apart =
        在节点上对报错里的路径运行 `findmnt -T` 和 `ls -l`。如果显示的是节点自己的磁盘，说
        明那里没有挂载；文件又正是 Pod 写的，它们就从没到达存储。把驱动的各个 mountPath 与
        报错里的路径比较，再看有没有设置 `mountPropagation: Bidirectional`。
    .fix =
        先把文件复制出来，它们可能是唯一的一份。确认那里没有挂载，再清空目录，Pod 就会消
        失。按 kubelet 根目录改写驱动的清单；使用这个驱动的其他 Pod，也要先复制出文件，再
        重新创建。不要强制删除 Pod：那样文件只是看不到了，目录还在。

symptom-target-not-mounted = 驱动要卸载的位置上没有挂载
    .cause =
        Pod 结束时，驱动发现本应挂载着卷的位置只是一个普通目录。如果一个卷只出现一行，可能
        无害：超时之后重复卸载了一次。如果每个 Pod 都出现，说明卷从没挂载到 kubelet 使用的
        位置，Pod 写入的数据都在节点自己的磁盘上。
    .tell-apart =
        启动一个使用这种卷的 Pod，在它运行时对日志里的路径运行 `findmnt`，其中的 UID 换成
        这个 Pod 的。如果那里没有挂载，数据正在丢失。如果显示出卷，这行日志就是无害的。
    .fix =
        如果数据正在丢失，按日志里的根目录改写驱动的清单，并检查有没有设
        置 `mountPropagation: Bidirectional`。否则不用处理。

symptom-mount-busy = 挂载无法卸载
    .cause =
        还有程序在使用这个挂载，也许在一个有自己挂载表的容器里，内核因此拒绝卸载。如
        果 kubelet 的目录是符号链接，也会报同样的错：挂载表里记的是一个路径，卸载时用的是另
        一个。
    .tell-apart =
        在节点上运行 `grep -l PATH /proc/*/mountinfo`，PATH 换成报错里路径的末尾部分：列出
        的就是还占着它的进程。对 kubelet 根目录运行 `readlink -f`，可以看出有没有符号链
        接。
    .fix =
        重启占着这个挂载的容器；常见的是挂载了节点整个 `/` 的监控 agent。如果有符号链接，
        用真实路径卸载，并把真实目录设为 kubelet 根目录。只要还有挂载，就什么都不要删除。

symptom-mount-not-shared = 节点不让容器的挂载传播出来
    .cause =
        驱动的容器要求 `Bidirectional`，让自己的挂载出现在节点上。为此，节点上的这个目录必
        须在一个传播类型为 shared 的挂载上，而现在不是。这是节点的设置，不是清单的设置。常
        见的情况有：kubelet 根目录单独用了一块磁盘，或者是绑定挂载（bind mount）；用
        了 Docker 的旧 systemd 单元文件；节点本身就是容器。如果驱动挂载了节点的整个 `/`，
        这一点对 `/` 本身也适用。
    .tell-apart =
        在节点上运行 `findmnt -o TARGET,PROPAGATION -T PATH`，PATH 换成报错里的路径。如果
        显示 `private`，原因就在这里。除非路径是 `/`，还要用 `ps -ef | grep root-dir` 看它是不是
        在 kubelet 根目录里；如果不是，先要改的是清单。
    .fix =
        对 findmnt 显示的 TARGET 运行 `mount --make-rshared`，并让它在重启后仍然生效：写进
        负责这个挂载的 systemd 单元，或者另写一个小单元，让它先于 kubelet 和容器运行时执
        行。不要去掉 `Bidirectional`，否则数据会悄悄丢失。

symptom-privileged-required = API 服务器拒绝这个 Pod
    .cause =
        有容器设置了 `mountPropagation: Bidirectional`，但它不是特权容器。只有特权容器才能
        让自己的挂载出现在节点上。
    .tell-apart =
        报错里写明了容器和挂载。看这个容器是不是驱动本身：只有驱动需要这个设置，
        sidecar 和 node-driver-registrar 都不需要。
    .fix =
        在驱动的容器里，把 `securityContext.privileged` 设为 `true`。在其他容器里，去
        掉 `mountPropagation`。

symptom-socket-name-refused = 套接字的路径太长
    .cause =
        内核允许的套接字路径最长 107 字节。kubelet 根目录、驱动名和文件名加在一起超过了这
        个长度。像 snap 那样很深的根目录，留下的余地很小。
    .tell-apart =
        数一数报错里路径的字节数。如果超过 107，原因就在这里。
    .fix =
        给 kubelet 换一个更短的根目录。如果做不到，就在驱动允许的情况下，缩短目录名或驱动
        名。在容器里可以用较短的 mountPath 访问套接字，但 kubelet 用的是节点上的路径。

symptom-socket-dir-missing = 驱动无法创建自己的套接字
    .cause =
        驱动要在自己的容器里，按报错里的路径创建套接字，但那里没有这个目录。可能是参数改了
        而挂载没有改，或者反过来。也可能这个路径写死在驱动里。
    .tell-apart =
        把这个路径与这个容器的各个 mountPath 比较：必须有一个 mountPath 是它的上级目录。如
        果没有，看参数或变量里有没有写这个路径。如果也没有，就是写死在程序里的。
    .fix =
        让参数和 mountPath 指向同一个目录。如果路径是写死的，mountPath 按程序的要求保持不
        变，只改 hostPath；或者使用驱动为此提供的设置。

symptom-sidecar-cannot-connect = sidecar 连接不上驱动的套接字
    .cause =
        sidecar 在自己的容器里，按日志里的路径等待驱动的套接字。刚启动时出现几行没有关系，
        驱动需要一点时间。如果一直出现，说明驱动没有运行，或者两个容器在那里看到的不是同一
        个目录。后者往往是因为改了地址，却没有改挂载。
    .tell-apart =
        看同一个 Pod 里驱动的容器。如果它没有运行，先看它的日志。如果在运行，把日志里的地
        址与 sidecar 的各个 mountPath 比较：必须有一个 mountPath 是它的上级目录，而且那个
        卷必须就是驱动创建套接字的卷。
    .fix =
        地址和挂载要一起改。`/csi/csi.sock` 这样的地址只在 Pod 内部使用，kubelet 根目录变
        了也不用改。

symptom-dra-registration-timeout = kubelet 没有应答 DRA 驱动
    .cause =
        DRA（动态资源分配）驱动创建了套接字，但 kubelet 在半分钟内一直没有调用它。这类驱动
        往往把 `/var/lib/kubelet` 写死在程序里。如果 kubelet 根目录在别处，kubelet 就永远
        看不到这些套接字。
    .tell-apart =
        在更早的日志里查找 registrar 的 `endpoint`，与 kubelet 根目录
        （`ps -ef | grep root-dir`）比较。如果一致，在 kubelet 的日志里查找这个驱动的名
        称。
    .fix =
        这类驱动的较新版本可以设置 kubelet 的目录：设置好它，并把 hostPath 和 mountPath 改
        为同一个路径。如果没有这个设置，只能换用更新的版本。

symptom-host-pods-not-found = 备份程序找不到 Pod 的目录
    .cause =
        备份程序（例如 Velero 的 node agent）通过名为 host-pods 的 hostPath 卷读取 Pod 的
        卷。这个路径不是这个节点上 kubelet 的 `pods` 目录，所以它在里面找不到 Pod。与存储
        驱动无关。
    .tell-apart =
        在节点上运行 `ps -ef | grep root-dir`，与备份程序 DaemonSet 里的 hostPath 比较。如
        果没有错，可能只是那个 Pod 没有这样的卷，或者在此期间已经停止。
    .fix =
        把 hostPath 改为 kubelet 根目录下的 `pods`。mountPath 不要改：`/host_pods` 写死在
        备份程序里。

symptom-root-not-detected = 程序检测不到 kubelet 根目录
    .cause =
        这个程序（例如 Longhorn）在节点的进程里查找 kubelet 和它的 `--root-dir`。在 k3s、
        MicroK8s、k0s 和 OpenShift 上，kubelet 是另一个进程的一部分，或者进程名不同，所以
        找不到。
    .tell-apart =
        在节点上运行 `ps -ef | grep -e kubelet -e k3s -e k0s`，看有哪些进程。里面
        有 `pods` 和 `plugins_registry` 的目录，就是 kubelet 根目录。
    .fix =
        直接告诉程序：对于 Longhorn，在 driver deployer 上设置 `KUBELET_ROOT_DIR`，或者
        在 chart 里设置 `csi.kubeletRootDir`。

symptom-root-was-moved = kubelet 根目录已经移动，或者准备移动
    .cause =
        存储驱动的清单在许多地方写着 kubelet 根目录，有的是节点上的路径，有的是容器里的路
        径，写的都是 `/var/lib/kubelet`。如果 kubelet 换了 `--root-dir`，这些地方必须一起
        改。如果只改了一部分，卷会无法使用，或者数据悄悄丢失。在旧位置放一个符号链接也没有
        用。
    .tell-apart =
        在每个节点上运行 `ps -ef | grep root-dir`。同一个 DaemonSet 所在的节点，根目录必须
        都相同。然后用 `csi-relocate check` 按这个根目录检查每个驱动的清单。
    .fix =
        用 `csi-relocate` 改写清单并应用。移动 kubelet 根目录之前，先排空（drain）节点：移
        动时还在运行的 Pod，挂载会留在旧位置，kubelet 再也找不到。`device-plugins`、证书
        和 kubelet 的配置不随根目录变化。

symptom-pod-stays-terminating = Pod 一直处于 Terminating，可能的原因有好几种
    .cause =
        Pod 的卷都清理完之后，kubelet 才会删除 Pod。可能被以下某一种情况卡住：卷的挂载点里留有
        文件，它们写在节点自己的磁盘上，因此可能已经丢失数据；挂载还在使用；驱动已经不在，没
        有程序能卸载卷；节点或它的 kubelet 没有应答；有别的程序给 Pod 加了 finalizer。
    .tell-apart =
        运行 `kubectl get pod NAME -o yaml`，看有没有 `finalizers`；再运
        行 `kubectl get nodes`，如果节点是 NotReady，原因就在这里。否则在 kubelet 的日志里查
        找这个 Pod：`journalctl -u kubelet | csi-relocate explain --symptom`。
        `directory not empty` 表示留有文件，`target is busy` 表示挂载还在使用，
        `not found in the list of registered CSI drivers` 表示驱动不在。
    .fix =
        在弄清原因之前，不要强制删除 Pod。如果留有文件，先复制出来，它们可能是唯一的一份。然
        后按 kubelet 的日志处理。

symptom-claim-stays-pending = PVC 一直处于 Pending，可能的原因有好几种
    .cause =
        还没有为 PVC 创建卷。可能 StorageClass 不存在，或者没有默认的 StorageClass。如
        果 StorageClass 设置了 `WaitForFirstConsumer`，要等有 Pod 使用才创建，这是正常的。也
        可能存储已满，或者不支持所要求的访问模式。还有可能驱动没有在合适的节点上注册，驱动清
        单里的路径不对就会这样。
    .tell-apart =
        运行 `kubectl describe pvc NAME`，末尾的事件会说明原因。再运
        行 `kubectl get csinode -o yaml`：如果所有节点的 `drivers` 下都没有这个驱动，就是没有
        注册。可以把事件的文字交给 `csi-relocate explain --symptom`。
    .fix =
        按事件处理。只有在驱动没有注册时，才需要用 `csi-relocate check` 按 kubelet 根目录检查
        它的清单。

symptom-pod-stays-creating = Pod 一直处于 ContainerCreating，可能的原因有好几种
    .cause =
        Pod 需要的某样东西还没有就绪。可能是卷无法挂接或挂载：驱动没有在这个节点上注册，服务
        器没有应答，或者卷还在另一个节点上。也可能缺少 ConfigMap 或 Secret，网络插件出错，或
        者镜像还在下载。
    .tell-apart =
        运行 `kubectl describe pod NAME`，末尾的事件会说明是哪一种。`FailedMount`
        和 `FailedAttachVolume` 与卷有关，`FailedCreatePodSandBox` 与网络有关。可以把事件的文
        字交给 `csi-relocate explain --symptom`。
    .fix =
        按事件处理。只有事件与某个驱动的卷有关时，才可能是这个驱动清单里的路径不对。

symptom-device-plugin-dir-missing = 设备插件找不到 kubelet
    .cause =
        GPU 之类的设备插件，在 `/var/lib/kubelet/device-plugins` 里向 kubelet 注册。这个目
        录在 kubelet 里是固定的，不随根目录变化。如果清单是用查找替换改的，插件就会到新根
        目录下找，而那里什么也没有。如果插件只是超时，报错里没有路径，也可能是当
        时 kubelet 没有运行。
    .tell-apart =
        看插件的 DaemonSet 里的 hostPath。如果不是 `/var/lib/kubelet/device-plugins`，原因
        就在这里。如果是，在节点上运行 `ls /var/lib/kubelet/device-plugins`：kubelet 运行
        时，里面必须有 `kubelet.sock`。
    .fix =
        把 hostPath 和 mountPath 都改回 `/var/lib/kubelet/device-plugins`。
        `pod-resources` 则相反，要随根目录变化。

symptom-device-plugin-not-reached = kubelet 按给出的路径连接不上设备插件
    .cause =
        SR-IOV 和 RDMA 的设备插件可以在 `plugins_registry` 里注册。它们把自己套接字的路径告诉 kubelet，
        其中的 `/var/lib/kubelet/plugins_registry` 写死在程序里。kubelet 在节点上找这个路径。
        如果 kubelet 根目录在别处，那里就什么也没有，即使插件自己的挂载没有错。
        插件已经停止或者卡住，也会报同样的错。
    .tell-apart =
        在节点上运行 `ps -ef | grep root-dir`。如果报错里的路径不在 kubelet 根目录下，
        原因就在这里。如果在，看套接字在不在，插件的 Pod 是不是在运行，再看它的日志。
    .fix =
        如果插件有设置 kubelet 目录的选项（例如新版本的 RDMA 插件），就设置它，
        并把 hostPath 和 mountPath 都改成同一个路径。如果没有，就去掉 `plugins_registry` 的挂载：
        这些插件会改为在 `/var/lib/kubelet/device-plugins` 里注册，而它不随根目录变化。

symptom-pod-resources-socket-missing = 监控程序找不到 kubelet 的 pod-resources 套接字
    .cause =
        kubelet 通过根目录下 `pod-resources` 里的 `kubelet.sock`，告诉监控程序哪个 Pod 用了哪个设
        备。这个目录随根目录变化，`device-plugins` 则不变。如果监控程序挂载的是别的根目录下的路
        径，里面就是空的：GPU 指标里没有 Pod 的名字，或者程序启动不了。与存储卷无关。
    .tell-apart =
        在节点上运行 `ps -ef | grep root-dir`，再看监控程序的 hostPath。如果不是 kubelet 根目录
        下的 `pod-resources`，原因就在这里。如果是，看里面有没有 `kubelet.sock`。只挂载套接字文件
        的程序，kubelet 每次重启后都会与它断开；应该挂载目录。1.14 及更早的 kubelet 没有这个套接字，
        或者要打开 `KubeletPodResources` 特性门控才有。
    .fix =
        把 hostPath 改为 kubelet 根目录下的 `pod-resources`。mountPath 不要改，程序就在那里查找；如
        果程序有设置套接字路径的选项，两者必须一致。`device-plugins` 留
        在 `/var/lib/kubelet/device-plugins`。

symptom-server-not-reachable = 节点连不上存储服务器
    .cause =
        驱动工作正常，是服务器没有应答：被防火墙拦截、地址写错，或者服务没有运行。
    .tell-apart =
        在出问题的节点上，NFS 运行 `nc -vz SERVER 2049`，SMB 运行 `nc -vz SERVER 445`，再
        运行 `ping SERVER`（SERVER 换成服务器地址）。能 ping 通，却报“No route to host”，
        是防火墙拒绝了连接。超时，是防火墙丢弃了数据包，或者地址不对。报“Refused”，是服务
        没有运行。
    .fix =
        在服务器上放行端口（NFS 还要放行 `rpc-bind` 和 `mountd`，NFSv4 除外），或者改
        正 StorageClass 里的地址。这与 kubelet 根目录无关。

symptom-inotify-exhausted = 节点的文件监视（inotify）已用完
    .cause =
        程序让内核监视目录，所有程序合计有一个上限，现在已经用完，虽然报错
        说的是打开的文件太多或磁盘空间不足。kubelet 如果无法监视 `plugins_registry`，就发
        现不了驱动，看上去像是路径不对。
    .tell-apart =
        在节点上运行 `sysctl fs.inotify`。`max_user_instances` 的内核默认值是 128，对
        于 Pod 很多的节点来说太小。
    .fix =
        运
        行 `sysctl -w fs.inotify.max_user_instances=8192 fs.inotify.max_user_watches=524288`，
        把同样的设置写到 `/etc/sysctl.d` 下的文件里，然后重启 kubelet。再看驱动有没有注册
        上。

symptom-access-mode-refused = 这个 StorageClass 不能在节点之间共享卷
    .cause =
        PVC 要求 ReadWriteMany 之类的访问模式，而 local-path
        provisioner 把卷放在某一个节点的磁盘上，只支持 ReadWriteOnce。
    .tell-apart =
        运行 `kubectl get pvc` 和 `kubectl get sc`：PVC 用的
        是 `rancher.io/local-path` 的 StorageClass，也许因为它是默认的。如果
        在 chart 的 values 里设置了别的 StorageClass 却没有生效，就是写错了位置。
    .fix =
        改用 ReadWriteOnce，或者换用支持共享的 StorageClass，例如 NFS。
        PVC 的 StorageClass 不能修改；把 PVC 删除后重新创建。

symptom-leftovers-of-an-installation = 以前安装残留的文件，或者缺少证书
    .cause =
        这个节点以前属于某个集群，或者加入集群时没有完成。可能残
        留了不该有的文件，也可能文件已经删除，而 kubelet 的配置里还写着它们。证书
        和 kubelet 的配置不随根目录变化。
    .tell-apart =
        在节点上运行 `ls /etc/kubernetes /etc/kubernetes/pki /var/lib/kubelet/pki`。如果没
        有 `/etc/kubernetes/pki/ca.crt`，说明节点没有加入集群；在 `kubeadm join` 之前，这
        个报错是正常的。如果报错里说的文件已经存在，就是以前残留的。
    .fix =
        先卸载 kubelet 目录下的所有挂载，再运行 `kubeadm reset`，然后重新加入集群。顺序不
        能反：reset 会删除这个目录，还挂载着的卷，服务器上的数据也会一起被删除。
