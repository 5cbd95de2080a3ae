//! Where a line comes from, when the lines of several pods or nodes are put together.
//!
//! A symptom that consists in nothing following is taken back by the same pod's lines only: the
//! kubelet of one node calling its registrar says nothing of another node.

use regex::Regex;

/// What programs put before a line.
pub(super) const PREFIXES: [&str; 5] = [
    // kubectl logs --prefix: [pod/csi-nfs-node-abcde/node-driver-registrar]
    r"\[(?P<bracket>[^\] ]+)\] ",
    // journald and syslog: Nov 21 10:11:12 node1 kubelet[1234]:
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][^ ]+|[A-Z][a-z]{2} [ 0-9][0-9] [0-9:.]+) (?P<host>[^ ]+) [^ ]+: ",
    // docker compose: csi-1  |
    r"(?P<service>[a-z0-9][^ |]*) +\| ",
    // stern: csi-nfs-node-abcde node-driver-registrar
    r"(?P<stern>[a-z0-9][a-z0-9.-]* [a-z0-9][a-z0-9.-]*) [IWEF][0-9]{4} ",
    // grep in several files: /var/log/pods/kube-system_csi-nfs-node-abcde_0f1e/registrar/0.log:
    r"(?P<file>/[^ :]+\.log):",
];

/// What a record of JSON says of where it comes from.
pub(super) const FIELD: &str =
    r#""(?:pod_name|_HOSTNAME|hostname|host|node_name)" ?: ?"(?P<field>[^"]+)""#;

/// Finds where lines come from.
#[derive(Debug)]
pub(super) struct Origins {
    prefix: Regex,
    field: Regex,
}

impl Origins {
    /// Compiles the expressions.
    pub(super) fn new() -> Result<Self, String> {
        let prefixes = format!("^(?:{})", PREFIXES.join("|"));
        let regex = |text: &str| Regex::new(text).map_err(|error| error.to_string());
        Ok(Self { prefix: regex(&prefixes)?, field: regex(FIELD)? })
    }

    /// The pod or node that a line comes from; empty where it doesn't tell.
    pub(super) fn of<'l>(&self, line: &'l str) -> &'l str {
        let captures = self.prefix.captures(line).or_else(|| self.field.captures(line));
        let named = captures.and_then(|captures| captures.iter().skip(1).flatten().next());
        named.map_or("", |found| found.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_their_origin() {
        let origins = Origins::new().unwrap();
        let line = "I1121 10:11:12.123456       1 main.go:96] \"Received GetInfo call\"";
        for (prefix, origin) in [
            ("", ""),
            ("[pod/a/b] ", "pod/a/b"),
            ("[pod/a/b] 2026-11-21T10:00:00.000000000Z ", "pod/a/b"),
            ("Nov 21 10:11:12 node1 kubelet[1234]: ", "node1"),
            ("Nov  1 10:11:12.123456 node1 kubelet[1234]: ", "node1"),
            ("2026-11-21T10:11:12+0000 node1 kubelet[1234]: ", "node1"),
            ("2026-11-21T10:00:00.000000000Z stderr F ", ""),
            ("csi-1  | ", "csi-1"),
            ("csi-node-abc registrar ", "csi-node-abc registrar"),
            (
                "/var/log/pods/x_y_z/registrar/0.log:2026-11-21T10:00:00Z stderr F ",
                "/var/log/pods/x_y_z/registrar/0.log",
            ),
            ("{\"pod_name\":\"csi-abc\",\"log\":\"", "csi-abc"),
            ("{\"log\":\"", ""),
        ] {
            assert_eq!(origins.of(&format!("{prefix}{line}")), origin, "{prefix}");
        }
    }
}
