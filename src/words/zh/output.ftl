# 给人看的输出中，问题和路径列表前后的文字。

## 问题的级别

level-error = 错误
level-warning = 警告
level-info = 提示
level-help = 帮助

## 改写

rewrite-summary = 改写 { $moved } 处路径{ $files ->
        [0] {""}
       *[other] （{ $files } 个文件中的 { $changed } 个）
    }，保留 { $kept } 处{ $settled ->
        [0] {""}
       *[other] ，{ $settled } 处已在 { $root } 下
    }{ $propagated ->
        [0] {""}
       *[other] ，为 { $propagated } 个挂载补上 mountPropagation
    }{ $added ->
        [0] {""}
       *[other] ，补上 { $added } 项设置
    }，发现 { $findings } 个问题{ $suppressed ->
        [0] {""}
       *[other] ；另有 { $suppressed } 个已忽略
    }
root-named = { $name } 代表 kubelet 根目录 { $root }
rewrite-refused = 因为 --fail-on，没有写入任何内容

# 用于路径列表；要对齐，所以要短。
action-moved = 改写
action-kept = 保留
action-there = 已到位
action-added = 新增

## 检查

check-summary = 检查了 { $objects } 个对象，发现 { $findings } 个问题：{ $errors } 个错误，{ $warnings } 个警告，{ $infos } 个提示{ $suppressed ->
        [0] {""}
       *[other] ；另有 { $suppressed } 个已忽略
    }{ $tied ->
        [no] ；没有一个对象写有 kubelet 的目录：其中有节点插件吗？
       *[yes] {""}
    }
check-nothing-seen = 没有看到任何 Kubernetes 对象，无从检查
check-suppressed = 已忽略[{ $rule }]{ $place ->
        [none] {""}
       *[other] {" "}位于 { $place }
    }: { $finding }
    .reason = 理由：{ $reason }

## 两者共用

not-shown = 以下问题没有全部显示，加上 --verbose 可全部显示：
not-shown-rule = { $count } 个 { $rule }

# 路径所在的位置。
field-host-path = 卷 { $volume } 的 hostPath
field-mount-path = mountPath
field-env = 环境变量 { $variable }
field-volume-mounts = volumeMounts
# 清单中的字段名。
field-other = { $field }
