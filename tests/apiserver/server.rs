//! etcd and a kube-apiserver for as long as somebody holds them.

use crate::client::{Client, Request};
use crate::common::skip;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A first start takes some seconds.
const PATIENCE: Duration = Duration::from_secs(180);

/// Somebody else may take a port between the choice and its use.
const TRIES: usize = 3;

/// Both processes, which end with the value.
pub(crate) struct Server {
    pub(crate) client: Client,
    children: Vec<Child>,
    /// Goes when the processes have ended.
    folder: TempDir,
}

/// Tests that run at the same time share one server; nothing that they ask for outlives a request,
/// but for objects with names of their own.
static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());

/// The server, started if need be; `None` where something that it needs is missing, outside of CI.
pub(crate) fn server(test: &str) -> Option<Arc<Server>> {
    let program = program(test)?;
    // A test that found the server not starting has poisoned the lock, and the others needn't try.
    let mut running = RUNNING.lock().expect("the server started");
    if let Some(server) = running.upgrade() {
        return Some(server);
    }
    let server = Arc::new(Server::start(&program));
    *running = Arc::downgrade(&server);
    Some(server)
}

/// A server that no other test sees, for one that adds kinds to it.
pub(crate) fn server_of_its_own(test: &str) -> Option<Server> {
    program(test).map(|program| Server::start(&program))
}

/// The API server's program, if all is there that it needs.
fn program(test: &str) -> Option<PathBuf> {
    for tool in ["etcd", "curl"] {
        if Command::new(tool).arg("--version").output().is_err() {
            return missing(test, &format!("{tool} is not installed"));
        }
    }
    let program = place();
    if !program.is_file() {
        let why = "there is no kube-apiserver; tests/apiserver/build.sh builds it in some minutes";
        return missing(test, why);
    }
    Some(program)
}

fn missing<T>(test: &str, why: &str) -> Option<T> {
    assert!(std::env::var_os("CI").is_none(), "{test}: {why}");
    skip(test, why);
    None
}

/// Where `build.sh` leaves it, or what the variable says.
fn place() -> PathBuf {
    std::env::var_os("KUBE_APISERVER").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).join("../apiserver/kube-apiserver"),
        PathBuf::from,
    )
}

impl Server {
    fn start(program: &Path) -> Self {
        for _ in 1..TRIES {
            let mut server = Self::spawn(program);
            match server.wait() {
                Ok(()) => return server,
                Err(log) if log.contains("address already in use") => {}
                Err(log) => panic!("{log}"),
            }
        }
        let mut server = Self::spawn(program);
        server.wait().unwrap_or_else(|log| panic!("{log}"));
        server
    }

    fn spawn(program: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        // Held until all are chosen, so that they differ.
        let held: Vec<TcpListener> =
            (0..3).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let port = |which: usize| held[which].local_addr().unwrap().port();
        let (clients, peers, secure) = (
            format!("http://127.0.0.1:{}", port(0)),
            format!("http://127.0.0.1:{}", port(1)),
            port(2),
        );
        drop(held);

        let token = "for-this-run-alone".to_owned();
        std::fs::write(at("tokens"), format!("{token},tester,tester,system:masters\n")).unwrap();
        let mut etcd = Command::new("etcd");
        etcd.args(["--data-dir", &at("etcd")])
            .args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients])
            .args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers])
            .args(["--initial-cluster", &format!("default={peers}")]);
        // It makes this key and the certificate that goes with it.
        let key = at("certs/apiserver.key");
        let mut apiserver = Command::new(program);
        apiserver
            .arg(format!("--etcd-servers={clients}"))
            .args(["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1"])
            .args([format!("--secure-port={secure}"), format!("--cert-dir={}", at("certs"))])
            // The address of the loopback can't be published as an endpoint.
            .args(["--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/12"])
            .args([format!("--token-auth-file={}", at("tokens"))])
            .args(["--authorization-mode=AlwaysAllow", "--service-account-issuer=https://tests"])
            .arg(format!("--service-account-key-file={key}"))
            .arg(format!("--service-account-signing-key-file={key}"))
            // As on any cluster where a CSI driver can run.
            .arg("--allow-privileged=true")
            // A pod waits for its account, which a controller makes that isn't there.
            .arg("--disable-admission-plugins=ServiceAccount");
        let client = Client {
            address: format!("https://127.0.0.1:{secure}"),
            token,
            certificate: at("certs/apiserver.crt").into(),
        };
        let mut server = Self { client, children: Vec::new(), folder };
        for (name, mut command) in [("etcd.log", etcd), ("apiserver.log", apiserver)] {
            let log = File::create(server.folder.path().join(name)).unwrap();
            command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
            // etcd takes its arguments from variables too.
            for (variable, _) in std::env::vars_os() {
                if variable.to_string_lossy().starts_with("ETCD_") {
                    command.env_remove(variable);
                }
            }
            server.children.push(command.spawn().expect("it starts"));
        }
        server
    }

    /// Until the server is ready; or what it and etcd said last.
    fn wait(&mut self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            let ended =
                self.children.iter_mut().any(|child| child.try_wait().is_ok_and(|it| it.is_some()));
            if ended || began.elapsed() > PATIENCE {
                let said = ["etcd.log", "apiserver.log"].map(|name| {
                    let log = std::fs::read_to_string(self.folder.path().join(name));
                    let log = log.unwrap_or_default();
                    let lines: Vec<&str> = log.lines().collect();
                    format!("{name}:\n{}\n", lines[lines.len().saturating_sub(15)..].join("\n"))
                });
                return Err(format!("the server didn't start\n{}", said.concat()));
            }
            if self.client.ask(&[Request::get("/readyz")])[0].status == 200 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The API server first, which would else complain of its etcd. Nothing is to be kept.
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
