# 每个问题的说明，以及 `.help` 里的处理办法。id 以规则的 id 开头。
#
# 每条文字写在一行内：带值的消息只显示一行。用来选择文字的值是 `yes` 这样的词，有哪些取值见发出
# 该消息的代码。

## 驱动的挂载能到达节点

propagation-missing = 容器 `{ $container }` 挂载 { $mount } 时{ $declared ->
        [none] 没有设置 mountPropagation
       *[other] 设置的是 mountPropagation: { $declared }
    }：驱动在其中挂载的内容只在容器内可见；{ $purpose ->
        [stage] 需要先暂存的卷无法使用，或在驱动重启后失效
       *[publish] Pod 能启动，但写入的数据会丢失，只留在节点自己的磁盘上
    }{ $unless ->
        [host] （除非驱动直接在节点上执行挂载，它具备这个条件）
        [stage] （如果驱动会暂存卷，或提供裸块卷）
       *[nothing] {""}
    }
    .help = { $privileged ->
        [yes] 在这里写上 mountPropagation: Bidirectional
       *[no] 设置 securityContext.privileged: true，并在这里写上 mountPropagation: Bidirectional；没有前者，API 服务器会拒绝后者
    }

propagation-missing-unmended = 驱动对 { $mount } 的挂载{ $obstacle ->
        [declared] 设置的是 mountPropagation: `{ $declared }`
        [unprivileged] 不会传播到节点，而且容器 `{ $container }` 不是特权容器
        [shared] 不会传播到节点，而且另一个容器通过别名共用它
       *[form] 不会传播到节点
    }：容器 `{ $container }` 在其中挂载的内容只在容器内可见，Pod 会写到节点自己的磁盘上{ $unless ->
        [host] ，除非驱动直接在节点上执行挂载（它具备这个条件）
       *[nothing] {""}
    }
    .help = { $obstacle ->
        [declared] 如果由驱动自己挂载卷，在这里写上 mountPropagation: Bidirectional
        [unprivileged] 设置 securityContext.privileged: true 和 mountPropagation: Bidirectional；没有前者，API 服务器会拒绝后者
        [shared] 在驱动的容器里不用别名，完整写出这个挂载，并加上 mountPropagation: Bidirectional
       *[form] 在这里写上 mountPropagation: Bidirectional
    }

propagation-unprivileged = 容器 `{ $container }` 不是特权容器，却以 Bidirectional 挂载 { $mount }：API 服务器会拒绝这个 Pod
    .help = 设置 securityContext.privileged: true

propagation-ambiguous = 有多个容器可能是驱动；其中 { $count } 个（{ $containers }）挂载了 kubelet 的目录，却没有设置 Bidirectional 传播
    .help = 在负责挂载卷的容器的挂载上写 mountPropagation: Bidirectional

## 驱动在 kubelet 所用的路径上看到 kubelet 的目录

parity-broken = kubelet 给驱动的路径都在 { $wanted } 下，但容器 `{ $container }` 把{ $host ->
        [none] 别的卷
       *[other] {" "}{ $host }{" "}
    }挂载到了 { $mount }：{ $purpose ->
        [stage] 需要先暂存的卷无法使用，或在驱动重启后失效
       *[publish] Pod 能启动，但写入的数据会丢失，只留在节点自己的磁盘上
    }
    .help = 让 hostPath 和 mountPath 都指向 { $directory } 目录{ $sub_path ->
        [yes] ，不用 subPath
       *[no] {""}
    }，并设置 mountPropagation: Bidirectional

parity-broken-read-only = 容器 `{ $container }` 以只读方式挂载 { $mount }：{ $purpose ->
        [stage] 驱动无法在其中创建文件和目录，而有些驱动在暂存卷时需要这样做
       *[publish] 驱动无法在其中为卷创建目录，Pod 无法启动
    }
    .help = 去掉这里的 readOnly

parity-broken-unmounted = 卷 `{ $volume }` 是 { $host }，kubelet 要求把卷挂载在其中，但没有一个可能是驱动的容器挂载它：Pod 可能照常启动，而写入的数据会丢失，只留在节点自己的磁盘上
    .help = 在驱动的容器里把它挂载到 { $host }，并设置 mountPropagation: Bidirectional；如果驱动自己不挂载任何内容，就删除这个卷

mixed-roots-mount = kubelet 给驱动的路径都在 { $wanted } 下，但容器 `{ $container }` 只挂载了 { $mount }：{ $purpose ->
        [stage] 需要先暂存的卷无法使用，或在驱动重启后失效
       *[publish] Pod 能启动，但写入的数据会丢失，只留在节点自己的磁盘上
    }；也可能 Pod 根本无法启动
    .help = 让 hostPath 和 mountPath 都指向 { $directory } 目录{ $sub_path ->
        [yes] ，不用 subPath
       *[no] {""}
    }，并设置 mountPropagation: Bidirectional

## kubelet 能找到驱动

registration-dir = 容器 `{ $container }` 把注册套接字放在 { $host } 目录，但 kubelet 监视的是 { $wanted }{ $once_watched ->
        [yes] （1.17 之前的 kubelet 也监视前者）
       *[no] {""}
    }；{ $type_checked ->
        [yes] 如果节点上没有前一个目录，Pod 无法启动；如果有，Pod 显示 Ready，但驱动永远注册不上
       *[no] 驱动的 Pod 显示 Ready，看不出异常，但卷一直挂载不上，报 `driver name … not found in the list of registered CSI drivers`
    }
    .help = 把卷 `{ $volume }` 的 hostPath 设为 { $wanted }

registration-dir-unmounted = 容器 `{ $container }` 把注册套接字放在 { $directory } 目录，但那里没有挂载节点上的目录：kubelet 看不到这个套接字，驱动永远注册不上
    .help = 把 hostPath 为 { $wanted } 的卷挂载到 { $directory }

registration-dir-read-only = 容器 `{ $container }` 要在 { $directory } 目录中创建注册套接字，而这个目录是只读挂载的：它启动不了，驱动永远注册不上
    .help = 去掉这里的 readOnly

registration-path = kubelet 会去连接 { $path }；而驱动的套接字（容器 `{ $container }` 里的 { $socket }）在节点上是 { $host }：驱动注册不上，node-driver-registrar 会不断重启
    .help = 把注册的路径改为 { $host }；或者让套接字所在的挂载指向 { $path } 所在的目录

registration-path-hidden = kubelet 会去连接 { $path }；而容器 `{ $container }` 里的 { $socket } 不在任何来自节点的目录中：kubelet 找不到它，驱动注册不上
    .help = 把节点的 { $directory } 挂载到容器 `{ $container }` 里这个套接字所在的目录

registration-path-other-name = kubelet 会去连接 { $path }；而容器 `{ $container }` 写明在 { $host } 上监听，这里没有别处提到前者：除非它也创建那个套接字，否则驱动注册不上
    .help = 套接字只用一个名称：这里注册的路径、node-driver-registrar 的 --csi-address 和驱动的 endpoint 要一致

registration-path-variable = 容器 `{ $container }` 注册的路径里写的是 { $written }，Kubernetes 不会展开它，这里也没有 shell：除非在应用之前由别的工具（如 Flux、envsubst）展开，否则交给 kubelet 的就是这几个字符，驱动注册不上
    .help = 写成 $({ $variable })，并在容器的 env 里定义 { $variable }；或者直接写路径

registration-path-left = 容器 `{ $container }` 注册的路径里写的是 { $written }，拿到的也正是这几个字符：env 里的变量只在定义它的那一行之后才会展开，而 $$ 表示一个 $；kubelet 在那里找不到套接字，驱动注册不上
    .help = 把 { $variable } 的定义放到使用它的变量之前，并且只写一个 $：$({ $variable })

registration-path-letters = { $is_one_item ->
        [yes] 容器 `{ $container }` 得到的参数里，选项和路径连在一起，中间有一个空格，没有这样名称的选项：它启动不了
       *[no] 容器 `{ $container }` 得到的路径带着引号，因为没有 shell 会去掉它们：kubelet 在那里找不到套接字
    }，驱动注册不上
    .help = 把选项、等号和路径写成一项，中间不要有空格，里面也不要有引号

registration-path-read-only = 容器 `{ $container }` 要创建 { $socket }，而它所在的目录是只读挂载的：创建不了，驱动注册不上
    .help = 去掉这里的 readOnly

registration-path-relative = 容器 `{ $container }` 注册的是 { $value }，前面没有斜杠：只有在 / 目录中启动的 kubelet 才能找到这个套接字
    .help = 改为注册 { $path }

registration-path-untold = 没有告诉容器 `{ $container }` 驱动的套接字在哪里，它就去找 { $socket }，而那里没有挂载节点上的目录：它找不到驱动，驱动注册不上
    .help = 写上 --csi-address=，值是驱动的套接字在这个容器里的路径

socket-path-too-long = { $whose ->
        [registrar] node-driver-registrar{" "}
       *[driver] 驱动
    }的套接字路径将是 { $socket }（{ $length } 字节）；kubelet 能连接的路径最长 { $limit } 字节，因此容器 `{ $container }` 永远注册不上
    .help = 换一个更短的根目录，或者缩短驱动目录的名称

probe-path = 这个探针检查的是 { $other }；而容器 `{ $container }` 注册的是 { $path }：使用 node-driver-registrar 2.3 到 2.8 时，探针会失败，容器会被反复终止
    .help = 这里也写成 { $path }

split-root = 这里注册的路径由变量拼成，展开后是 { $path }；未改写
    .help = 改一下写法，把新根目录 { $root } 完整地写在一处

split-root-setting = 这里由变量拼成，展开后是 { $path }，而没有一个变量含有完整的根目录；未改写
    .help = 如果这是 kubelet 的目录，就改一下写法，把新根目录 { $root } 完整地写在一处

undefined-variable = 容器 `{ $container }` 注册的路径来自变量 { $variable }；这个容器的 env 里没有写它的值
    .help = 到定义 { $variable } 的地方确认：它指向 kubelet 根目录下的驱动套接字

## 所有路径用同一个根目录

mixed-roots = { $object } 中有 { $count } 个路径在 { $other } 下，但 kubelet 的根目录是 { $root }：kubelet 的文件不在那里，那里的文件 kubelet 也看不到
    .help = 改写清单：csi-relocate --kubelet-root { $root } --from { $other }

mixed-roots-disagree = 有 { $count } 个路径在 { $other } 下，其余大多在 { $most } 下：一个 kubelet 只有一个根目录，不可能两者都对
    .help = 用实际的根目录检查这些清单：csi-relocate check --kubelet-root DIR

other-root = { $root } 看起来是另一个 kubelet 根目录，其下的路径未改写
    .help = 如果也要改写这些路径，加上 --from { $root }（或 --from auto）

## 清单里没有写出来的

hidden-default = { $driver }：容器 `{ $container }` 没有设置 { $setting }，默认值是 { $default }：{ $because }
    .help = { $remedy ->
        [needed] 在这里把 { $setting } 设为 { $value }
       *[maybe] 如果用到它，把 { $setting } 设为 { $value }
    }

hidden-default-missing = { $driver }：{ $written ->
        [yes] 这里没有设置 { $setting }，而内置的值在默认的根目录下
       *[no] 这里没有设置 { $setting }，而以现在的写法无法自动写入
    }
    .help = { $written ->
        [yes] 写上 { $line }，改写清单时会自动写入
       *[no] 手动写上 { $line }
    }

hidden-default-inexpressible = { $driver }：程序会在 { $setting } 的值后面加上 { $appended }，因此无法表示 { $root }
    .help = 选一个以 { $appended } 结尾的根目录

hidden-default-field = { $driver }：这个 { $kind } 没有设置 { $field }，它的控制器会使用默认的根目录
    .help = { $remedy ->
        [needed] 在这里把 { $field } 设为 { $value }
       *[maybe] 如果用到它，把 { $field } 设为 { $value }
    }

built-in-root = { $driver }：程序里内置了 { $path }，改清单没有用：{ $because }
    .help = 请驱动的作者提供设置项，或者让 kubelet 的根目录留在驱动查找的位置（{ $source }）

built-in-root-unknown = 容器 `{ $container }` 可以自行在 { $mount } 向 kubelet 注册，但这里没有告诉它该目录或 kubelet 的根目录：这类程序（如 DRA 驱动）可能内置了 { $default }/plugins 和 { $default }/plugins_registry
    .help = 查找程序有没有相应的设置项，把它设为 { $root }；如果没有，请作者提供，或者让 kubelet 的根目录留在程序查找的位置

operator-setting = { $driver }：这个 operator 会自己生成 { $writes }，{ $has ->
        [none] 用的是默认的根目录，而且没有可用的设置
       *[some] 除非另有设置，用的就是默认的根目录，而这里没有设置
    }
    .help = { $has ->
        [none] 它生成的对象改了也会被改回去；请作者提供设置项（{ $source }）
       *[some] 把 { $root } 写进 { $settings }
    }

## 互相妨碍的挂载

duplicate-mount-path = 容器 `{ $container }` 在 { $mount } 有两个挂载：API 服务器会拒绝这个 Pod
    .help = 删掉其中一个挂载；它的卷如果没有别处使用，也一并删掉

duplicate-mount-path-moved = 容器 `{ $container }` 在 { $mount } 已有另一个挂载；API 服务器不接受同一位置有两个挂载
    .help = 删掉其中一个挂载；它的卷如果没有别处使用，也一并删掉

nested-mount = 容器 `{ $container }` 的挂载 { $inner } 在 { $outer } 之内，而后者是 Bidirectional：这个挂载也会出现在节点的 { $covered }；{ $covers_kubelets ->
        [yes] 节点上原有的目录会被盖住，kubelet 和所有 Pod 都看不到
       *[no] 每重启一次就多一层
    }
    .help = 如果外层挂载里已有这个目录，就去掉这个挂载；否则把其中一个挂载到容器里的其他位置

ancestor-mount = { $path } 通过挂载在 { $mount } 的 { $host } 访问 kubelet 根目录，但 { $host } 里没有 { $root }
    .help = 把 { $root }（或它的上级目录）挂载到这个容器，并在这里改用相应的路径

ancestor-mount-shared = 容器 `{ $container }` 与主机共享 { $mount }，{ $root } 在其中，{ $wanted } 却不在：Pod 能启动，但写入的数据留在容器里，会丢失
    .help = 把 { $wanted } 以同样的路径挂载到这个容器，并设置 mountPropagation: Bidirectional

ancestor-mount-lacks-root = { $path } 通过上级目录的挂载指向另一个根目录，而不是 { $root }；{ $root } 不在那个目录里
    .help = 把 { $root }（或它的上级目录）挂载到这个容器，并在这里写它在容器里的路径

ancestor-mount-sub-path = 这个挂载通过 subPath 访问 { $host }；它的卷不随根目录变化，所以仍指向旧位置
    .help = 把这个卷的 hostPath 设为 { $root } 下的路径，并去掉 subPath

sub-path = 容器 `{ $container }` 通过卷的 subPath 访问 { $host }；只有卷的 hostPath 随根目录变化
    .help = 为这个目录单独定义一个卷来挂载，不用 subPath

sub-path-stays = 容器 `{ $container }` 通过卷的 subPath 访问 { $host }；但{ $why }
    .help = 为这个目录单独定义一个卷来挂载，不用 subPath

shared-scalar = { $path } 由锚点共用，其中只有一部分随根目录变化
    .help = 在使用别名的地方直接写出值，然后重新运行

## 不随根目录变化的内容

stays-below-moved-mount = { $path } 要通过 { $mount } 处的挂载访问，该挂载现在指向新根目录；但{ $why }
    .help = 为容器单独挂载这个目录

stays-below-moved-mount-left = 容器 `{ $container }` 里不再有 { $path }：该挂载已改到 { $mount }，而{ $why }
    .help = 为容器单独挂载这个目录

stays-below-moved-mount-absent = { $path } 对应节点上的 { $host }；那里什么也没有：{ $why }
    .help = 为容器 `{ $container }` 单独挂载一个卷，hostPath 为 { $home }

stays-below-moved-mount-not-put = { $path } 对应节点上的 { $host }，但{ $why }
    .help = 如果没有程序把它放到那里，为容器 `{ $container }` 单独挂载一个卷，hostPath 为 { $home }

stays-below-moved-mount-away = 容器 `{ $container }` 里没有 { $path }：根目录挂载在 { $mount }，而{ $why }
    .help = 为 { $home } 单独加一个卷

stays-below-moved-mount-kubeconfig = 容器 `{ $container }` 挂载了 { $kubeconfig }，在 kubeadm 部署的节点上，该文件引用 { $path }；根目录移动后，容器里没有这个文件：{ $why }
    .help = 把 { $home } 也以只读方式挂载到相同路径，除非该 kubeconfig 引用的是别的文件

stays-below-moved-mount-shown = 这个挂载现在对应 { $shown } 而不是 { $host }；但{ $why }
    .help = 为 { $host } 单独定义一个卷来挂载，不用 subPath

stays-below-moved-mount-variable = 这里通过变量引用 { $path }；变量随根目录变化，但{ $why }
    .help = 在这里直接写出完整路径，用它实际所在的根目录

stays-below-moved-mount-view = 这里通过变量引用 { $path }；变量随根目录变化，但 { $mount } 的挂载不变
    .help = 在这里直接写出 { $mount } 下的完整路径

kept-under-new-root = { $path } 在新根目录下，但{ $why }
    .help = 如果节点上没有程序把它放到那里，就改回 { $default } 下的路径

kept-under-new-root-there = { $path } 在 kubelet 根目录下，但{ $why }
    .help = 如果没有程序把它放到那里，就改回 { $default } 下的路径

kept-under-new-root-absent = kubelet 不使用 { $path }：{ $why }
    .help = 改回 { $default } 下的路径

compiled-in-path = 容器 `{ $container }` 里的 { $mount } 与节点路径相同，但程序可能只到 { $home } 去找：{ $why }
    .help = hostPath 保持不变，把 mountPath 改成 { $home }；或者把新路径告诉程序

whole-root-mount = 容器 `{ $container }` 挂载了整个 { $root }：留在 { $default } 下的内容不在其中（device-plugins，以及 kubeadm 写的文件：config.yaml、pki 和 kubeconfig）
    .help = 如果程序要用到其中某一项，就把 { $default } 下的那一部分也挂载进来；挂载整个目录会在下次改写时再次被移走

unknown-child = { $directory } 不是 kubelet 自己的目录；已随根目录一起改写
    .help = 确认节点上使用这个目录的其他程序也一起改

## 需要人工确认的内容

path-under-no-mount = { $path } 不在容器 `{ $container }` 的任何挂载之下{ $outcome ->
        [moved] ；已随 Pod 的其他路径一起改写
        [left] ；未改写
       *[none] {""}
    }
    .help = 确认程序是自己打开这个路径，还是把它交给节点上的程序

path-under-no-mount-read = { $path } 被改写，但容器 `{ $container }` 是通过 { $mount } 的挂载看到它的，该挂载不变
    .help = 同一个 ConfigMap 还有别的容器在读，对它们来说要改写；请为它们分别准备 ConfigMap

path-under-no-mount-differs = 容器 `{ $one }` 和 `{ $other }` 从同一个 ConfigMap 读到 { $path }，但在这个路径上看到的是不同的目录：未改写
    .help = 请为它们分别准备 ConfigMap，或者让两者挂载同一个目录

root-in-regex = { $path } 在匹配模式里，未改写
    .help = 如果这个模式是用来匹配 kubelet 的文件的，在那里改用 { $root }

root-in-regex-filled-in = { $path } 只是这个路径的一部分，路径要先由别的程序填好；未改写
    .help = 在这里改用 { $root }，或者在填写的地方设置变量

root-in-regex-other-root = { $path } 在匹配模式里，匹配不到 { $root } 下的路径
    .help = 如果这个模式是用来匹配 kubelet 的文件的，在那里改用 { $root }

command-between-roots = { $path } 旁边有一条命令，在它与 { $root } 之间工作，或者移动、删除整个根目录；未改写
    .help = 如果这是把节点上的文件移到新根目录，什么也不用做；否则在这里手动写上 { $root }

unknown-field = { $path } 在 { $field } 中，本工具不认识这个字段；未改写
    .help = 如果它是节点上的路径，就改为 { $root } 下的路径

unknown-field-chart = { $path } 在 { $field } 中，它是 chart 的一个值，单独修改它不能移动整个根目录；未改写
    .help = 对该 chart 运行 `csi-relocate helm-values`，查看它遗漏了什么；也可以用 post-renderer 改写 chart 渲染的全部结果

unknown-field-other-root = { $path } 在本工具不认识的字段中，属于另一个根目录
    .help = 如果它是节点上的路径，就必须在 { $root } 下

unknown-field-chart-other-root = { $path } 在 chart 的一个值中，单独修改它不能移动整个根目录，而且它属于另一个根目录
    .help = 对该 chart 运行 `csi-relocate helm-values`，查看它遗漏了什么；也可以用 post-renderer 把 chart 渲染的全部结果改写到 { $root }

unknown-field-patch = { $path } 在补丁中，而补丁的 Pod 不在输入里；未改写
    .help = 如果补丁用于 CSI 节点插件，这里写 { $root }

policy-names-root = { $path } 在策略中，未改写
    .help = 确认策略也包含 { $root }

schema-default = { $path } 是 schema 中某个字段的默认值，未改写
    .help = 创建资源时，把该字段设为 { $moved }

copy-in-annotation = { $path } 在注解中，未改写
    .help = 注解只是副本或示例；写入它的程序会重新写入

copy-in-annotation-other-root = { $path } 在注解中，不属于根目录 { $root }
    .help = 如果是对象的副本（last-applied-configuration），重新应用该对象就会更新；否则修正写入它的程序

configures-kubelet = { $path } 是 kubelet 或节点的配置，未改写
    .help = 根目录就是在这里设定的，所以不会改写；需要修改时请手动修改

windows-path = Windows 节点的路径未改写
    .help = 如果那里的 kubelet 根目录也变了，加上 --windows-kubelet-root，例如 D:\kubelet

windows-path-on-linux = 这个 Pod 用于 Linux 节点，而反斜杠在 Linux 上不分隔路径：{ $path } 在那里是一个名称很长的目录，不是 kubelet 的目录
    .help = 改用斜杠：{ $slashes }

windows-path-unjudged = 不检查 Windows 节点的路径
    .help = 请与 Windows 节点上的 kubelet 根目录核对

immutable-field = { $what }在对象创建后不能修改：如果集群中已有 { $object } 且用的是别的根目录，应用时会被拒绝
    .help = { $how }

## 忽略标记

unused-suppression = { $scope ->
        [object] 这个对象
       *[line] 这一行
    }忽略的 { $rule } 问题并不存在
    .help = { $scope ->
        [object] 如果问题确实已经解决，就删掉这一项
       *[line] 删掉它；或者把它放到问题所在行的末尾或上一行
    }

unused-suppression-malformed = { $problem ->
        [colon] 这个忽略标记缺少冒号
        [id] 这个忽略标记缺少方括号里的规则 id
        [bracket] 这个忽略标记的方括号没有闭合
        [unnamed] 这个注解没有写规则
        [empty] 这个忽略标记没有写规则，也没有写理由
        [no-rule] 这个忽略标记没有写规则
       *[other] 无法理解这条注释
    }
    .help = 正确{ suppression-form }

unused-suppression-reason = { $ids } 的忽略标记没有写理由，因此不生效
    .help = 正确{ suppression-form }

unused-suppression-refused = { $id } 不能忽略
    .help = 改正或删掉它所指的那个忽略标记

unused-suppression-unknown = 没有名为 { $id } 的规则；这个忽略标记不生效
    .help = { $nearest ->
        [none] 每个问题前面的方括号里就是规则 id
       *[other] 你是想写 { $nearest } 吗？
    }

# 忽略标记的写法；`csi-relocate`、`ignore` 和 `rule-id` 不翻译。
suppression-form = { $form ->
        [annotation] 写法：csi-relocate/ignore: "rule-id: 理由"，理由中不要用分号
       *[comment] 写法：# csi-relocate: ignore[rule-id] 理由
    }
