# `explain` 对清单的说明。

## 对象

explain-object = { $object }{ $nature ->
        [node] ：CSI 驱动的节点插件
        [controller] ：CSI 驱动的控制器
       *[other] {""}
    }
explain-follow = { $count } 处路径应在 { $root } 下{ $settled ->
        [none] {""}
        [all] ，并已全部到位
       *[some] ，其中 { $there } 处已到位
    }
explain-stay = { $count } 处路径不随根目录变化
# 写给从没接触过驱动的读者，只说一次。
explain-primer = Pod 是怎样得到卷的：驱动先在 plugins_registry 目录里向 kubelet 注册；kubelet 再通过驱动的套接字调用它，并以文本形式传给它一个 pods 下的节点路径，告诉它把卷挂载到哪里。这些都在 kubelet 根目录（--root-dir）下，因此清单里写的必须是同一个目录。/csi、/registration 这类短路径是容器内部的名称，不用改。
explain-container = 容器 { $container }{ $kind ->
        [init] （Init 容器，最先运行）
        [ephemeral] （临时容器）
       *[regular] {""}
    }
explain-volumes = 卷：Pod 从节点挂载的内容
explain-outside = Pod 之外

## 路径

explain-stays = 保持不变
explain-there = 已到位
explain-added = 新增
explain-where = { $space ->
        [host] 在节点上
        [container] 在容器里
       *[other] 文字
    }：{ $role }（{ $field }）
explain-where-unknown = { $field }
explain-because = 原因：{ $reason }
# `again` 为 yes 时，同样的内容已在 `line` 行说过。
explain-harm = { $fate ->
        [there] 若还在旧的根目录下
        [stays] 若也改掉
        [added] 若没有它
       *[moves] 若不改
    }{ $again ->
        [yes] ：后果与第 { $line } 行相同
       *[no] ：{ $harm }
    }
explain-shared = Bidirectional{ $again ->
        [yes] ：与第 { $line } 行相同
       *[no] ：在这里挂载的内容也会出现在节点上，再由节点进入要用这个卷的 Pod。没有它，挂载就只留在容器里。
    }
explain-more = 还有 { $count } 处没有列出，它们不起作用（例如在注释、说明里），保持不变；加上 --verbose 可显示
explain-finding = { $severity }[{ $rule }]，第 { $line } 行：{ $message }
explain-finding-more = 详情：csi-relocate explain { $rule }

## 结尾

explain-nothing = 这里没有与 kubelet 根目录有关的路径，不用改写。
explain-nothing-help = 如果清单原来用的根目录不是 /var/lib/kubelet，用 --from 指定（或用 --from auto）。
explain-next = 用这条命令改写文件里的这些路径：
explain-done = 这里没有要改写的路径。
explain-only-findings = 这里不会改写任何内容；上面列出的问题需要你来判断。
explain-empty = 没有读到任何内容，无从解释
explain-drawn-none = 这里没有 Pod 挂载节点上的目录

## 路径的用途

role-root = kubelet 根目录
role-pods = 各个 Pod 的目录，卷就挂载在其中
role-plugins = 所有驱动的目录，也用来暂存卷
role-staging = 暂存卷的目录：卷先挂载到这里，再提供给 Pod
role-plugin-socket-dir = 驱动自己的目录，套接字就在其中
role-plugin-socket = 驱动的套接字，kubelet 通过它调用驱动
role-plugins-registry = 注册目录，kubelet 在其中发现驱动
role-registration-socket = 驱动向 kubelet 注册用的套接字
role-pod-resources = 用来查询设备分配给了哪个 Pod 的套接字
role-pods-api = kubelet 的 Pods API 套接字
role-device-plugins = 设备插件的注册目录
role-seccomp = 节点的 seccomp 配置文件
role-checkpoints = 容器的检查点
role-state-file = kubelet 自己保存或读取的文件
role-pki = kubelet 的证书
role-kubeadm-file = kubeadm 为 kubelet 写的文件
role-kubeconfig = kubelet 的 kubeconfig
role-flexvolume = FlexVolume 驱动的目录
role-driver-dir = 驱动的目录，与 kubelet 自己的目录并列
role-unknown = 不属于 kubelet 的目录

## 该随根目录变化的路径没有改，会出什么问题

harm-pods-host-path-typed = 旧目录不存在时，Pod 无法启动；旧目录还残留时，卷会挂载到 kubelet 不使用的目录。
harm-pods-host-path = 卷会挂载到 kubelet 不使用的目录。Pod 看到的是空目录，写入的数据留在节点自己的磁盘上。
harm-pods-mount-path = 驱动会把卷挂载到只有它自己能看到的地方：Pod 能启动，没有任何报错，写入的数据却丢在节点自己的磁盘上。这是因为 kubelet 以文本形式把节点上的路径传给驱动，驱动在自己的容器里原样使用，所以这个目录在容器里的路径必须与节点上相同。
harm-staging-host-path = 暂存的卷会放在 kubelet 不使用的目录。裸块卷无法使用；其他卷最迟在驱动重启后失效。
harm-staging-mount-path = 卷会无法使用，或在驱动重启后失效。这是因为 kubelet 告诉驱动的暂存位置也是节点上的路径，容器里的这个路径必须是同一个目录。
harm-socket-dir = kubelet 找不到驱动的套接字：驱动注册不上，卷一个也挂载不上。
harm-registry-typed = 旧目录不存在时，Pod 无法启动；旧目录还残留时，Pod 显示 Ready，但没有 kubelet 在那里监视：需要这个驱动的 Pod 会一直等待。
harm-registry = 驱动会在没有 kubelet 监视的目录里注册。驱动自己的 Pod 显示 Ready，只有需要这个驱动的 Pod 会一直等待。
harm-registration-path = kubelet 会去连接旧路径，而那里没有套接字：node-driver-registrar 会不断重启，卷一个也挂载不上。
harm-probe = 探针会到旧位置去找 node-driver-registrar，它会不断被重启。
harm-pod-resources = 程序打开的套接字背后没有 kubelet，查不到设备分配给了哪个 Pod。
harm-agent-pods = 程序看到的不是各个 Pod 的目录，而是空的或过时的目录。
harm-host-path = 容器看到的不是 kubelet 使用的目录。
harm-mount-path = 程序会按新路径去找文件，而这个挂载还在旧路径上。
harm-host-setting = 程序会在一个没有 kubelet 使用的目录里工作。
harm-reference = 程序会去找一个已经没有挂载任何内容的路径。
harm-allowed-path = 挂载新根目录的 Pod 会被拒绝。
harm-volume-source = 只要旧目录还在，卷就能继续用。里面的文件不会自己移动：改路径之前，先在节点上复制过去。
harm-configuration = 读取这份配置的程序，或者按它创建 Pod 的 operator，会继续使用旧目录。
harm-propagation = 驱动挂载的内容会只留在它自己的容器里：Pod 能启动，没有任何报错，写入的数据却丢在节点自己的磁盘上。
harm-setting = 程序会在默认的根目录下查找：{ $because }。

## 不随根目录变化的路径也改了，会出什么问题

harm-moved-device-plugins = 设备插件会到没有 kubelet 的目录里去注册，节点上就没有它的设备。
harm-moved-file = 那里没有这个文件，因为没有程序把它放到根目录下。
harm-moved-flexvolume = kubelet 在别处找 FlexVolume 驱动，会找不到它们。
harm-moved-private-view = 程序打开的路径写死在程序里，而那里会什么也没有。
harm-moved-agent-view = 程序打开的路径可能写死在程序里，而那里会什么也没有。

## 挂载图

mounts-title = { $object }：各个容器能看到节点的哪些目录
mounts-host = 节点上
mounts-container = 容器里
mounts-read-only = 只读
mounts-sub-path = 只有其中的 { $path }
mounts-private = ──── 容器能看到节点上的这个目录；之后在一边挂载的内容，只留在那一边
mounts-inward = ───▶ 之后在节点上挂载的内容会出现在容器里，反过来则不会（HostToContainer）
mounts-both = ◀══▶ 在一边挂载的内容也会出现在另一边（Bidirectional）：驱动挂载的卷就是这样到达 Pod 的

## 规则的说明页

page-title = { $id }：{ $title }
page-said = { $severity }{ $others ->
        [none] {""}
       *[other] ，有时是{ $others }
    }；由 { $commands } 报告
page-fix = 处理办法：{ $text }
page-tell-apart = 如何判断：{ $text }
page-example = 示例（kubelet 根目录是 /data/kubelet）：
page-sources = 来源：

## 故障现象

symptoms-seen = 共 { $count } 行，首次出现在第 { $line } 行{ $drivers ->
        [none] {""}
       *[other] ，涉及 { $drivers }{ $others ->
            [0] {""}
           *[other] {" "}等，另有 { $others } 个
        }
    }
symptoms-guess = 你描述的可能是这种情况；有事件或日志里的报错原文才能确定。
symptoms-no-path-problem = 这不是路径问题：改写清单解决不了。
symptoms-check = csi-relocate check 会报告为：{ $rules }
symptoms-more = 还有 { $count } 种故障现象，加上 --verbose 可查看全文：
symptoms-none = 这 { $lines } 行里没有已知的故障现象
symptoms-none-help = 可以查看：对等待中的 Pod 运行 `kubectl describe pod`，在它所在的节点上运行 `journalctl -u kubelet`，再看这个节点上驱动的 node-driver-registrar 容器的日志。可以用管道传入整份日志。
symptoms-chinese = 中文说明：加上 --lang zh
symptoms-page = { $id } 有单独的说明：csi-relocate explain { $id }
symptoms-no-file = 没有文件 { $file }，已把它当作一行日志
symptoms-empty = 没有读到任何内容：没有日志
symptoms-given = 按你所说，kubelet 在 { $root }。
symptoms-contradicted = 你说 kubelet 在 { $given }，但{ $is_there ->
        [yes] 日志里它使用的路径在 { $roots } 下
       *[no] 日志里那里什么也没有
    }。在节点上运行 `ps -ef | grep root-dir` 就能知道哪个正确；用它显示的目录代替 DIR。
symptoms-kubelet = kubelet 自己使用的路径在 { $root } 下，所以这就是它的根目录。
symptoms-kubelets = kubelet 使用的路径分属多个根目录：{ $roots }。各个节点的根目录不同，每个根目录都要有自己的清单。
symptoms-manifest = 清单里写的是 { $roots }；{ $known ->
        [yes] kubelet 不在那里。
       *[no] 而报错的节点上没有这个目录。在节点上运行 `ps -ef | grep root-dir`，就能看到 kubelet 根目录；用它代替 DIR。
    }
symptoms-either = { $roots } 出现在日志里，但看不出是 kubelet 就在那里，还是清单里有路径漏改了。在节点上运行 `ps -ef | grep root-dir` 就能知道；用它显示的目录代替 DIR。
symptoms-commands = 先检查，再改写：
