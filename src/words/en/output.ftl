# What stands around findings and sites in output for people.

## Labels of findings

level-error = error
level-warning = warning
level-info = info
level-help = help

## Of a rewrite

rewrite-summary = { $moved ->
        [one] 1 site
       *[other] { $moved } sites
    } moved{ $files ->
        [0] {""}
       *[other] {" "}in { $changed } of { $files } files
    }, { $kept } kept{ $settled ->
        [0] {""}
       *[other] , { $settled } already below { $root }
    }{ $propagated ->
        [0] {""}
        [one] , propagation restored in 1 mount
       *[other] , propagation restored in { $propagated } mounts
    }{ $added ->
        [0] {""}
        [one] , 1 setting added
       *[other] , { $added } settings added
    }, { $findings ->
        [one] 1 finding
       *[other] { $findings } findings
    }{ $suppressed ->
        [0] {""}
       *[other] , { $suppressed } suppressed
    }
root-named = { $name } stands for the kubelet root { $root }
rewrite-refused = nothing was written, because of --fail-on

# In the list of sites; aligned, so short.
action-moved = moved
action-kept = kept
action-there = there
action-added = added

## Of a check

check-summary = { $findings ->
        [one] 1 finding
       *[other] { $findings } findings
    } in { $objects ->
        [one] 1 object
       *[other] { $objects } objects
    }: { $errors ->
        [one] 1 error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] 1 warning
       *[other] { $warnings } warnings
    }, { $infos } for information{ $suppressed ->
        [0] {""}
       *[other] , { $suppressed } suppressed
    }{ $tied ->
        [no] ; no object names a directory of the kubelet: is the node plugin among them?
       *[yes] {""}
    }
check-nothing-seen = no Kubernetes object was seen: there is nothing to judge
check-suppressed = suppressed[{ $rule }]{ $place ->
        [none] {""}
       *[other] {" "}at { $place }
    }: { $finding }
    .reason = reason: { $reason }

## Of both

not-shown = not shown, all with --verbose:
not-shown-rule = { $count } more of { $rule }

# Where a site stands.
field-host-path = hostPath of volume { $volume }
field-mount-path = mountPath
field-env = env { $variable }
field-volume-mounts = volumeMounts
# As it is called in the manifest.
field-other = { $field }
