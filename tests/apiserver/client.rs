//! Requests to the API server, many at a time.
//!
//! The API server speaks TLS only. A client of our own would need a TLS library, by far the
//! heaviest dependency of the tests, and `kubectl` is a process of a quarter of a second for each
//! object. `curl` is everywhere, takes any number of requests in one file, and sends them over a
//! few connections: a thousand take some seconds.

use serde_json::Value;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Requests under way at a time: enough to keep a small machine busy.
const PARALLEL: &str = "8";

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// With the query.
    pub(crate) path: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Option<Value>,
}

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), content_type: "", body: None }
    }

    pub(crate) fn post(path: String, body: Value) -> Self {
        Self { method: "POST", path, content_type: "application/json", body: Some(body) }
    }
}

/// The HTTP status, and what came with it; 0 when there was no answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
}

pub(crate) struct Client {
    /// Such as `https://127.0.0.1:40123`.
    pub(crate) address: String,
    pub(crate) token: String,
    /// The server's own certificate.
    pub(crate) certificate: PathBuf,
}

impl Client {
    /// The answers to requests, in their order.
    pub(crate) fn ask(&self, requests: &[impl Borrow<Request>]) -> Vec<Response> {
        let folder = tempfile::tempdir().unwrap();
        let answer = |at: usize| folder.path().join(format!("{at}.answer"));
        let mut config = String::new();
        for (at, request) in requests.iter().enumerate() {
            let request = request.borrow();
            if at > 0 {
                config.push_str("next\n");
            }
            let body = folder.path().join(format!("{at}.json"));
            if let Some(value) = &request.body {
                std::fs::write(&body, serde_json::to_vec(value).unwrap()).unwrap();
            }
            self.write(&mut config, request, &body, &answer(at));
        }
        let path = folder.path().join("requests");
        std::fs::write(&path, config).unwrap();
        let output = Command::new("curl")
            // No settings of whoever runs the tests; the first argument or none.
            .arg("--disable")
            .args(["--silent", "--parallel", "--parallel-max", PARALLEL, "--config"])
            .arg(&path)
            .output()
            .expect("curl starts");
        let codes = String::from_utf8(output.stdout).unwrap();
        let codes: BTreeMap<&str, u16> = codes
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(code, file)| (file, code.parse().unwrap()))
            .collect();
        (0..requests.len())
            .map(|at| Response {
                status: codes.get(answer(at).to_str().unwrap()).copied().unwrap_or(0),
                body: std::fs::read_to_string(answer(at)).unwrap_or_default(),
            })
            .collect()
    }

    /// A request as curl's configuration file spells it.
    fn write(&self, config: &mut String, request: &Request, body: &Path, answer: &Path) {
        let mut set = |name: &str, value: &str| {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            let _ = writeln!(config, "{name} = \"{value}\"");
        };
        set("url", &format!("{}{}", self.address, request.path));
        set("request", request.method);
        set("header", &format!("Authorization: Bearer {}", self.token));
        set("cacert", self.certificate.to_str().unwrap());
        set("noproxy", "*");
        set("max-time", "60");
        set("output", answer.to_str().unwrap());
        set("write-out", "%{http_code} %{filename_effective}\\n");
        if request.body.is_some() {
            set("header", &format!("Content-Type: {}", request.content_type));
            set("data-binary", &format!("@{}", body.display()));
        }
    }
}
