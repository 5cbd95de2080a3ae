# 路径为什么改写或保持不变，写成半句话。

## 按用途表不随根目录变化的内容；也接在“但”和“因为”之后

stays-flexvolume = 这是 FlexVolume 目录，由 --volume-plugin-dir 指定，不随 --root-dir 变化
stays-device-plugins = 设备插件目录 device-plugins 的位置是固定的，不随 --root-dir 变化
stays-pki = 证书目录由 kubelet 的 --cert-dir 指定，不随 --root-dir 变化
stays-kubeadm-file = 它由 kubeadm 写到固定路径，不随 --root-dir 变化
stays-kubeconfig = 它由 kubelet 的 --kubeconfig 指定，不随 --root-dir 变化
stays-bootstrap-kubeconfig = 它由 kubelet 的 --bootstrap-kubeconfig 指定，不随 --root-dir 变化
stays-client-socket = 客户端打开的路径写死在程序里，实际连到哪个套接字由 hostPath 决定
stays-written-path = 程序写入的路径写死在程序里，实际写到哪里由 hostPath 决定

## 已有对象上不能修改的内容，以及要改该怎么做

immutable-persistent-volume = PersistentVolume 的存储来源
    .how = 先把回收策略设为 Retain，再删除并重新创建
immutable-pod = Pod 的卷、命令和环境变量
    .how = 删除这个 Pod 后重新创建
immutable-job = Job 的模板
    .how = 删除这个 Job 后重新创建

## 为什么这样处理

reason-already-there = 已在新根目录下
reason-host-follows-root = 节点上的 kubelet 目录随 --root-dir 变化
reason-goes-back = 改回原处，因为{ $why }
reason-mount-follows-host = 挂载点随 hostPath 一起改
reason-agent-view = 容器内的路径由 agent 自己约定，只改 hostPath
reason-mounted-from-elsewhere = 这里挂载的卷不来自根目录
reason-empty-dir-below-root = 根目录下的 emptyDir，与引用它的路径一起改
reason-behind-ancestor = 在上级目录的挂载里，改为新根目录在其中的路径
reason-ancestor-lacks-root = 这里挂载的上级目录不包含新根目录
reason-moves-with-mount = 在 { $mount } 的挂载之下，随它一起改
reason-meets-mount = 改动之后就在 { $mount } 的挂载之下
reason-above-mount = 在 { $mount } 的挂载之上，该挂载不变
reason-stays-with-mount = 在 { $mount } 的挂载之下，该挂载不变
reason-readers-differ = 读取它的各个容器在这个路径上看到的是不同的目录
reason-registration-path = 节点上的路径，kubelet 会去连接
reason-host-command = 容器在节点的文件系统里工作
reason-host-setting = { $name } 的值是节点上的路径
reason-pod-moves = 不在任何挂载之下，随 Pod 的其他路径一起改
reason-nothing-moves = 不在任何挂载之下，Pod 里也没有别的路径要改
reason-in-regex = 在匹配模式里，不改写
reason-migration = 命令要处理的就是旧根目录本身
reason-patched = Pod 的一部分，按路径的用途改写
reason-configuration = 配置里写的是节点上的路径
reason-comment = 注释
reason-prose = 给人看的说明
reason-sentinel = 程序用来比较的值
reason-shadowed = 这个键后面又写了一次，以后者为准
reason-patched-base = 描述补丁所针对的原清单：补丁检查它或删除它
reason-remote = 服务器上的路径，不在任何节点上
reason-schema-default = schema 中的默认值
reason-annotation = 注解，通常是对象的副本
reason-policy = 策略，针对的可能是旧根目录，也可能是新根目录
reason-configures-kubelet = kubelet 自身的配置
reason-unknown-field = 在本工具不认识的字段中
reason-part-of-chart = chart 的一个值，单独修改它不能移动整个根目录
reason-windows = Windows 节点的路径，没有为它指定根目录
reason-no-linux-path = 是 Windows 的写法，而这个 Pod 用于 Linux 节点
reason-shared-uses-disagree = 由锚点共用，各处要求不一致
reason-setting-added = 不写它，{ $driver } 就使用默认的根目录
reason-propagation-added = 没有它，驱动挂载的内容到不了节点
