# 每条规则的说明页：标题，以及三个属性：有什么、会出什么问题和有没有报错、该怎么办。
# 按规则的顺序排列；显示时各行会连成一段。

rule-propagation-missing = 驱动的挂载到不了节点
    .what =
        负责挂载卷的容器挂载了 kubelet 的 pods 目录或整个根目录，但没有设
        置 `mountPropagation: Bidirectional`。
    .why =
        每个容器都有自己的挂载表。驱动在容器里做的挂载，别处都看不到；
        只有它所在的 volumeMount 是 Bidirectional，它才会出现在节点上，
        也才会出现在申请这个卷的 Pod 里。否则，Pod 得到的只是底下的空目录。
        整个过程没有任何报错：驱动报告成功，Pod 都是 Ready，PVC 都是 Bound，
        而 Pod 写入的数据留在节点自己的磁盘上。有些驱动还会在删除 Pod 时把这些数据一并删
        掉。`HostToContainer` 是相反的方向，同样会丢数据。如果容器可以直接在节点上执行挂载，
        则只是警告。
    .fix =
        在这个挂载上写 `mountPropagation: Bidirectional`。容器必须是特权容器，
        否则 API 服务器会拒绝这个 Pod。在此期间运行过的 Pod 要重新创建，
        它们写的文件要到节点的磁盘上去找。

rule-propagation-unprivileged = 用了 Bidirectional，却不是特权容器
    .what =
        某个挂载是 `Bidirectional`，但它的容器不是特权容器。
    .why =
        只有特权容器才能让自己的挂载出现在节点上。会明确报错：API 服务器拒绝这个对象，
        报 `Bidirectional mount propagation is available only to privileged containers`。
    .fix =
        在这个容器里把 `securityContext.privileged` 设为 `true`。

rule-parity-broken = hostPath 和 mountPath 不是同一个目录
    .what =
        kubelet 的 pods 目录在驱动容器里的路径与节点上的不同，或者那个路径上是别的内容。
        原因是 hostPath 和 mountPath 只改了其中一个。
    .why =
        kubelet 用一个路径告诉驱动把卷挂载到哪里：`/data/kubelet/pods/…`。
        驱动在自己的容器里原样使用这个路径。如果容器里的这个路径不是节点上的那个目录，
        驱动就会新建一个目录，把卷挂载进去，而别处都看不到。多数驱动没有任何报错：Pod 照常运
        行，写入的数据却丢在节点自己的磁盘上；之后删除 Pod 时会卡住。
        只有不自动创建目录的驱动才会报错。如果 Pod 有这个目录的卷，而驱动的程序都没有挂载它，
        则为警告，因为驱动可能不需要它。
    .fix =
        hostPath 和 mountPath 写成同一个路径，并且在 kubelet 根目录下。

rule-registration-dir = 注册套接字放在 kubelet 不监视的目录
    .what =
        node-driver-registrar 把套接字放进了一个 `plugins_registry` 目录，
        但不是 kubelet 根目录下的那个。
    .why =
        kubelet 只在一个目录里发现驱动，即根目录下的 `plugins_registry`。
        放在别处的套接字永远不会被发现。有没有报错，取决于卷的 `type`。用 `Directory` 时，
        如果节点上没有这个目录，Pod 会停在 ContainerCreating。用 `DirectoryOrCreate`、不
        写 type，或者目录是以前留下的，就没有任何报错：驱动的 Pod 显示 Ready，
        健康检查也通过，只有要用卷的 Pod 一直等待，报 `driver name … not found in the list
        of registered CSI drivers`。
    .fix =
        把 hostPath 设为 kubelet 根目录下的 `plugins_registry`；mountPath 可以不变。

rule-registration-path = 注册的路径不是驱动套接字的位置
    .what =
        `--kubelet-registration-path` 写的是节点上的一个位置，而驱动的套接字在另一个位置。
    .why =
        node-driver-registrar 把这个路径原样交给 kubelet，由 kubelet 在节点上连接。
        报错出现在 node-driver-registrar 的日志里：`dial unix …/csi.sock: connect: no such
        file or directory`。它会不断重启，卷一个也挂载不上。仅凭清单无法确定时，则为警告：
        驱动写明的套接字在同一目录，但名称不同；路径里的变量是 shell 的写法；或者路径开头没有斜杠。
    .fix =
        注册套接字在节点上的路径，即套接字所在目录的 hostPath 加上套接字的文件名。

rule-staging-not-shared = 暂存的卷出不了驱动的容器
    .what =
        暂存卷的目录是根目录下的 `plugins/kubernetes.io/csi`。它在驱动容器里的路径与节点上不
        同，或者在其中挂载的内容到不了节点。
    .why =
        许多驱动先在节点上挂载一次卷（暂存，即 NodeStageVolume），再为每个 Pod 各挂载一次。
        暂存的挂载如果出不了容器，起初也能用，因为两步都在同一个容器里完成。
        在驱动的 Pod 重启之前没有任何报错；重启之后，暂存的挂载就没了，
        这个节点上新的 Pod 都用不了这个卷。裸块卷则会立即失败。如果只是缺少挂载传播，
        则为警告，因为许多驱动挂载 `plugins` 只是为了放套接字。
    .fix =
        把根目录下的 `plugins`（或 `plugins/kubernetes.io/csi`）挂载到相同的路径，
        并设置 `mountPropagation: Bidirectional`。

rule-mixed-roots = 路径分属不同的 kubelet 根目录
    .what =
        一部分路径在 kubelet 根目录下，另一部分在别的根目录下。使用 `--any-root` 时：
        这些清单用的不是同一个根目录。如果 Pod 不向 kubelet 注册，容器通过不与节点共享的挂载
        在别的路径看到 kubelet 的同一个目录，而且参数或变量写明了那个路径，则不算在内。
    .why =
        一个节点上的 kubelet 只有一个根目录。别的根目录下的内容要么不存在，
        要么是以前的 kubelet 留下的，已经没有程序在用。如果涉及驱动的 pods 目录，
        或者没有哪个根目录能让所有路径都正确，则为错误：Pod 要么无法启动，
        要么能运行但写入的数据会丢失，而且没有任何报错。其他情况为警告，
        因为无法判断路径的用途。
    .fix =
        改写清单：`csi-relocate --kubelet-root DIR`。

rule-hidden-default = 有一项设置没有写出来，默认值里是默认的根目录
    .what =
        这个容器是表中已知的驱动。它有一个参数、变量或字段用来设置 kubelet 的根目录或其下的目录，
        清单没有设置它，程序就会使用 `/var/lib/kubelet`。
    .why =
        没有写出来的文字无法替换。清单里的路径都对，程序却仍在另一个根目录下工作：
        它监听的位置 kubelet 不会去连接，或者在没有卷的地方查找卷。有的驱动马上就会报错，
        有的要等到重启才会出问题。改写会把设置写到该写的位置；如果程序由 shell 启动，
        或者列表被别名共用，就无法写入，需要手动设置。如果只影响驱动的一部分功能或部分用户，则为警告。
    .fix =
        改写清单：`csi-relocate --kubelet-root DIR`。如果提示无法写入，就手动设置这个参数或变量。
        `csi-relocate knowledge` 会列出每个驱动的设置。

rule-built-in-root = 程序里内置了默认的根目录
    .what =
        这个容器是表中已知的驱动或 agent，它的程序里有一个 `/var/lib/kubelet` 下的路径，
        没有任何设置能改变它。或者程序不在表中，却可以自行向 kubelet 注册（如 DRA 驱动和一些设备插件），
        而清单里没有任何地方告诉它注册的目录或根目录：DRA 驱动所用的库默认使用 kubelet 的这两个目录。
    .why =
        改清单没有用。如果驱动在别的根目录下无法工作，为错误；如果只是其中一部分无法工作，或者程序不在表中，
        为警告。在 kubelet 不查找的位置注册的程序能运行，但节点上没有它的设备。
    .fix =
        请程序的作者提供设置项；如果程序在表中，消息里写明了是哪一行。或者让 kubelet 的根目录留在程序查找的位置。
        符号链接没有用：kubelet 给出的是它自己得到的那个路径。

rule-operator-setting = Operator 用默认的根目录生成工作负载
    .what =
        输入里有一个表中已知的 operator。它自己生成驱动的工作负载，而它读取根目录的对象或变量不在输入里。
    .why =
        Operator 会把 `/var/lib/kubelet` 写进它的工作负载，有人改了也会再写回去。
        设置可能在别处，所以是警告；如果这个 operator 没有这样的设置，就是错误。
    .fix =
        设置消息里写明的字段。如果那个对象在输入里，改写时会自动设置。

rule-socket-path-too-long = 套接字的路径超过内核的上限
    .what =
        在这个根目录下，驱动或 node-driver-registrar 的套接字路径会超过 107 字节。
    .why =
        Linux 上 Unix 套接字的路径最长 107 字节。驱动和 node-driver-registrar 不会察觉，
        因为路径在它们的容器里很短；kubelet 在节点上连接的是长路径，
        因此会失败。kubelet 的日志里会报错（`connect: invalid argument` 或 `context deadline
        exceeded`），驱动永远注册不上。
    .fix =
        换一个更短的根目录。设根目录长 `R` 字节，驱动名长 `D` 字节，则 `R + D` 不能超过 80。

rule-probe-path = 探针检查的不是注册的路径
    .what =
        node-driver-registrar 的 exec 探针里也写了 `--kubelet-registration-path`，
        但路径与 node-driver-registrar 自己的不同。
    .why =
        node-driver-registrar 2.3 到 2.8 在注册之后会在套接字旁边写一个文件，
        探针检查的就是这个文件。路径不同，探针就永远找不到它。报错不够直接：注册是成功的，
        容器却被反复终止，报 `Kubelet plugin registration hasn't succeeded yet`。从 2.9 起，
        这个探针不做任何检查。
    .fix =
        探针里的路径要与启动参数里的相同。

rule-ancestor-mount = 上级目录的挂载里没有新根目录
    .what =
        容器通过上级目录（例如 `/var/lib`）访问 kubelet 根目录，而新根目录不在这个目录里。
    .why =
        路径怎么写都到不了新根目录，因为容器看不到它。如果不改，程序看的就是旧根目录，
        它在节点上是空的，或者是以前留下的。这往往没有任何报错：程序什么也找不到，
        也什么都不报告。
    .fix =
        把新根目录或它的上级目录挂载到这个容器，并改用相应的路径。

rule-duplicate-mount-path = 同一位置有两个挂载
    .what =
        容器在同一个路径上有两个挂载；或者改写路径之后会变成这样，因为有人加了新路径，
        却没有删掉旧的。
    .why =
        API 服务器不接受两个相同的 mountPath，会明确报错：`must be unique`。
        如果同一个路径有两种写法，例如其中一个末尾有斜杠，就能通过，但一个挂载会盖住另一个。
    .fix =
        删掉其中一个挂载；它的卷如果没有别处使用，也一并删掉。

rule-split-root = 根目录下的路径由几段拼成
    .what =
        一个路径在变量展开之后位于旧根目录下，但没有哪一处完整地写着这个根目录。
    .why =
        没有可以替换根目录的地方，因此没有改写。如果它是 node-driver-registrar 交给 kubelet 的路径，
        就是错误，而且会明确报错：node-driver-registrar 不断重启，因为 kubelet 在旧路径上找不到套接字。
        其他设置只是警告：程序到旧路径去找的内容可能已经不在那里。
    .fix =
        改一下写法，把新根目录完整地写在一处。

rule-stays-below-moved-mount = 不随根目录变化的内容，却在随根目录变化的挂载里
    .what =
        `device-plugins`、`pki` 这样的路径，要通过整个根目录的挂载来访问，
        或者通过值为根目录的变量来引用，而这个挂载或变量随根目录变化。或者容器既有这样的挂载，又有 kubelet 的
        kubeconfig，而 kubeadm 部署的节点上，它引用 `pki` 里的证书。
    .why =
        并非所有内容都随 `--root-dir` 变化：设备插件、证书和 kubeadm 的文件仍
        在 `/var/lib/kubelet`。从新根目录的挂载里看不到它们。设备插件因此无处注册，
        节点上就没有它的设备；有些程序会在日志里说明，有些则一直等下去。
    .fix =
        为容器再加一个卷，路径写 `/var/lib/kubelet` 下的那个目录。

rule-shared-scalar = 同一个值，有的地方要改，有的地方不能改
    .what =
        一个路径用锚点（`&name`）写了一次，又用别名（`*name`）引用。其中有的随根目录变化，
        有的不变。
    .why =
        所有引用共用一个值，无论写成什么，总有一处不对。因此全部没有改写；在修正之前，
        清单只改了一半。会出什么问题、有没有报错，取决于本应改写的那一处。
    .fix =
        在使用别名的地方直接写出值，然后重新运行。

rule-propagation-ambiguous = 有多个容器可能是驱动
    .what =
        不止一个容器以可写方式挂载了 kubelet 的目录，其中至少有一个没有设
        置 `mountPropagation: Bidirectional`，而且无法判断负责挂载卷的是哪一个。
    .why =
        如果负责挂载卷的容器恰好没有设置，Pod 就会写到节点自己的磁盘上，而且没有任何报错；
        参见 [propagation-missing](#propagation-missing)。只做读取或清理的容器不需要这个设
        置，也不应该有。因此什么都没有添加。
    .fix =
        在负责挂载卷的容器的挂载上写 `mountPropagation: Bidirectional`，其他容器不要写。

rule-kept-under-new-root = 路径在根目录下，但 kubelet 不会把它放在那里
    .what =
        `device-plugins`、`pki`、`config.yaml` 等路径不随 `--root-dir` 变化，
        却写在了 kubelet 根目录下，往往是因为所有路径被一起替换了。
    .why =
        kubelet 的设备插件目录是固定的：无论根目录在哪里，都
        是 `/var/lib/kubelet/device-plugins`。如果 hostPath 写在别的根目录下，
        得到的是一个空目录，插件在里面找不到 kubelet，它的设备永远不会出现；
        从清单上看不出任何异常。这种情况为错误，改写时会改回原处。其他路径各有自己的设置，
        可能是有意放在那里的，因此为警告。
    .fix =
        把路径改回 `/var/lib/kubelet` 下，除非节点上有程序把它放在这里。

rule-compiled-in-path = 程序到默认路径去找的挂载被一起改了
    .what =
        `pod-resources` 或 `seccomp` 的 mountPath 跟 hostPath 一起改了，
        而容器的参数和环境变量里都没有新路径。
    .why =
        向 kubelet 查询哪个 Pod 占用哪个设备的 agent，把
        `/var/lib/kubelet/pod-resources/kubelet.sock` 写死在程序里，或者当作默认值。
        实际是哪个套接字，只由 hostPath 决定。mountPath 也改掉之后，agent 照常运行，
        却找不到套接字：它的指标里没有 Pod，网络里没有设备。
    .fix =
        把 mountPath 改回 `/var/lib/kubelet` 下，hostPath 留在新根目录下。
        如果程序有设置这个路径的参数，也可以改参数。

rule-nested-mount = 传播到节点的挂载里还有一个挂载
    .what =
        容器的一个挂载在另一个挂载之内，而外层的挂载是 Bidirectional。
    .why =
        在 Bidirectional 的挂载里挂载的内容都会出现在节点上，容器自己的挂载也不例外。
        这没有任何报错：每重启一次，节点上就多留下一个挂载。如果内层挂载的内容与外层在那里的
        内容不同，而且 kubelet 要用那个位置，则为错误：节点上的那个位置会被盖住，kubelet 和
        所有 Pod 都看不到原来的内容。
    .fix =
        如果外层挂载里已有这个目录，就去掉内层挂载；否则把它挂载到别处。

rule-other-root = 清单里还有另一个 kubelet 根目录
    .what =
        除了本次要改写的根目录，还有一个目录看起来也是 kubelet 根目录：
        其下有 `plugins_registry` 或驱动的套接字。
    .why =
        没有要求改写这些路径，因此没有改。如果它们属于同一个 kubelet，清单现在就只改了一半，
        驱动会注册不上，或者丢失数据而没有任何报错；参见 [parity-broken](#parity-broken)。
        如果它们属于另一个集群，就没有问题。
    .fix =
        加上 `--from` 和那个根目录，或者 `--from auto`，把这些路径也一起改写。

rule-unknown-field = 路径在不认识的字段里
    .what =
        一个 kubelet 根目录下的路径写在某个字段里，本工具不知道这个字段的用途：
        它属于某个 operator 的自定义资源，或者属于一个补丁，而补丁的 Pod 不在输入里。
    .why =
        它可能是节点上的路径，必须随根目录变化；也可能是容器里的路径，不能改。因此没有改写。
        如果它本应改写，operator 就会用旧路径创建 Pod，会出什么问题、有没有报错，
        取决于这个路径的用途。
    .fix =
        查清这个字段的含义；如果是节点上的路径，就写成 kubelet 根目录下的路径。

rule-policy-names-root = 策略里写了根目录
    .what =
        一个允许或禁止 hostPath 的策略里写了旧根目录下的路径。
    .why =
        从策略本身看不出应该写旧根目录、新根目录，还是两者都写：禁止旧路径的策略不能就这样失
        去作用。如果它只允许旧路径，驱动的 Pod 就会被拒绝，DaemonSet 的事件里会明确报错。
    .fix =
        确认策略也包含新根目录。

rule-path-under-no-mount = 路径不在容器的任何挂载之下
    .what =
        参数、变量或脚本里写了 kubelet 根目录下的路径，而容器在那里没有挂载。
    .why =
        要么程序在自己的文件系统里打开这个路径，那里没有 kubelet 的任何内容；
        要么它把路径交给节点上的程序。后一种情况下，路径必须随根目录变化；
        前一种情况下无关紧要。两种情况都没有报错。改写时，它随 Pod 的其他路径一起改（提
        示）；如果 Pod 里没有别的路径要改，就不改（警告）。
    .fix =
        确认程序是自己打开这个路径，还是把它交给节点上的程序。

rule-sub-path = 通过 subPath 访问根目录下的目录
    .what =
        一个挂载通过卷的 `subPath` 访问根目录下的目录，而卷里还有别的内容。
    .why =
        节点上的路径分成 hostPath 和 subPath 两段，只有前一段随根目录变化。
        目前可以正常使用。如果 subPath 指向的目录不随根目录变化，例如 `device-plugins`，
        则为错误：kubelet 会在新的位置创建一个空目录，没有任何报错。
    .fix =
        为这个目录单独定义一个卷来挂载，不用 subPath。

rule-whole-root-mount = agent 挂载了整个根目录
    .what =
        一个不是 CSI 驱动的容器挂载了整个 kubelet 根目录。
    .why =
        它读取的内容可能随根目录变化（`pods`、`pod-resources`），也可能不变
        （`device-plugins`、`pki`、`config.yaml`）。如果不变，它现在就找错了地方；
        多数程序只会报告什么也没有，不会报错。
    .fix =
        如果 agent 要用设备插件，就把 `/var/lib/kubelet/device-plugins` 也挂载进来。

rule-root-in-regex = 正则表达式里的根目录
    .what =
        旧根目录是匹配模式的一部分，例如要排除的挂载点列表。
    .why =
        一个模式可能要匹配多个节点或多个根目录，其中的点和竖线也与路径里的含义不同，
        因此不改写。这没有任何报错：模式不再匹配 kubelet 的挂载，例如监控程序会把每个 Pod 的
        每个卷都算作节点的磁盘。
    .fix =
        如果这个模式是用来匹配 kubelet 的文件的，把新根目录加进去。

rule-command-between-roots = 命令在旧根目录和新根目录之间工作
    .what =
        一条命令复制、移动、链接或删除文件，既写了旧根目录，又写了新根目录，并且在两者下的位置相同：
        `rsync -a /var/lib/kubelet/ /data/kubelet/`。或者它写了整个旧根目录：
        `mv /var/lib/kubelet /mnt/data/`。
    .why =
        它指的就是这两个目录，或者旧目录。改写以后，两边会变成同一个目录，后面的 `rm -rf` 删除的就不是旧根目录，
        而是正在使用的根目录。因此这段命令全部保持原样；
        如果 Pod 的卷让这条命令看到根目录，这个 Pod 也保持原样。
    .fix =
        通常什么也不用做。节点迁移完成以后，这样的命令已经完成了任务，可以去掉。

rule-undefined-variable = 注册的路径来自别处定义的变量
    .what =
        `--kubelet-registration-path` 以一个变量开头，而这个容器自己没有定义它：
        它来自输入之外的 ConfigMap，或者根本没有定义。
    .why =
        从这里看不出它的值是哪个根目录。如果是旧根目录，或者根本没有定义，kubelet 连接的路径
        就不存在。会明确报错：node-driver-registrar 不断重启。
    .fix =
        找到定义这个变量的地方，把那个文件也加到输入里。

rule-windows-path = Windows 节点的路径未改写
    .what =
        清单也用于 Windows 节点，其中有 `C:\var\lib\kubelet` 这样的路径，
        但没有为它们指定根目录。或者，因为生成清单的程序运行在 Windows 上，
        用于 Linux 节点的 Pod 里有这样的路径，此时为警告。
    .why =
        Windows 上的 kubelet 有自己的根目录。如果它还是默认值，就没有问题。如果它已经变了，
        驱动在那里会注册不上，与 Linux 上一样。在 Linux 节点上，反斜杠只是普通字符，
        Pod 得到的是一个空目录，而不是 kubelet 的目录。
    .fix =
        如果那里的根目录也变了，加上 `--windows-kubelet-root`，例如 `D:\kubelet`。
        用于 Linux 节点时，改用斜杠。

rule-immutable-field = 对象创建后不能修改的字段
    .what =
        PersistentVolume、Pod 或 Job 里有根目录下的路径，而那个部分在对象创建后不能修改。
    .why =
        如果集群中已有这个对象，且用的是别的根目录，应用清单时会被拒绝，并明确报错。
        对于 PersistentVolume，要注意回收策略：删除它可能会删除数据。
    .fix =
        删除对象后重新创建；对于 PersistentVolume，先把回收策略设为 `Retain`。

rule-schema-default = schema 的默认值是根目录
    .what =
        自定义资源的 schema 把旧根目录作为某个字段的默认值。
    .why =
        没有设置这个字段的资源会得到旧根目录，没有任何报错。schema 属于它的 operator，
        升级时会恢复原状，因此没有改写。
    .fix =
        在每个资源里设置这个字段。

rule-copy-in-annotation = 注解里写了根目录
    .what =
        注解里有旧根目录下的路径。它往往是上次应用对象时留下的副本，或者是示例。
    .why =
        注解不会挂载任何内容。写入它的程序会重新写入：应用对象时，副本就会更新。
        这里没有改写，以免误导比较副本的工具。
    .fix =
        如果是副本，不用处理；否则修正写入它的程序。

rule-configures-kubelet = 配置 kubelet 的对象
    .what =
        KubeletConfiguration、MachineConfig 之类的对象里写了根目录：
        它配置的是 kubelet 或节点。
    .why =
        根目录就是在这里设定的，或者这里写的是不随根目录变化的路径。改动它，
        移动的就是 kubelet 自己的根目录，因此没有改写。如果根目录在别处设定，就没有问题。
    .fix =
        一般不用处理。如果正是要在这里更改 kubelet 的根目录，请手动修改。

rule-unknown-child = 根目录下不属于 kubelet 的目录
    .what =
        路径里有一个直接在根目录下的目录，kubelet 自己不会创建它。
    .why =
        它属于驱动，或者属于节点上的其他程序。它已随其他路径一起改写，
        让一个驱动的所有路径保持在一起。如果节点上还有程序使用旧位置，两者就对不上了，
        而且没有任何报错，因为缺少的目录往往会自动创建。
    .fix =
        确认节点上使用这个目录的其他程序也改用新位置。

rule-unused-suppression = 没有起作用的忽略标记
    .what =
        注释或注解忽略了一个并不存在的问题；或者它不生效，因为没有写理由、没有写规则，
        或者写的规则不存在（警告）。
    .why =
        曾经有人看过一个问题，并接受了它。如果问题已经没有了，留下的标记会悄悄掩盖以后在同一
        处出现的同类问题。如果标记不生效，问题仍然会报告，而写标记的人以为不会。
    .fix =
        删掉忽略标记；或者把它放到问题所在的行，写上规则 id 和理由。
