//! The figures of the READMEs, from snapshots that other tests hold against real manifests, a real
//! kubelet, the kernel and an API server.

use super::{Lang, readme};
use crate::common::fresh::is_fresh;
use crate::common::testdata;
use serde::Deserialize;
use std::path::Path;

const BEGIN: &str = "<!-- figures -->\n";
const END: &str = "<!-- /figures -->\n";

/// A snapshot without its head.
fn snapshot(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("snapshots/{name}.snap"));
    let text = std::fs::read_to_string(&path).unwrap();
    text.splitn(3, "---\n").nth(2).unwrap().to_owned()
}

/// The number before these words.
///
/// # Panics
/// Where no line is so, or several are.
fn number(snapshot: &str, words: &str) -> usize {
    let lines = snapshot.lines().filter_map(|line| line.trim_start().split_once(' '));
    let found: Vec<&str> =
        lines.filter(|(_, rest)| rest.trim() == words).map(|(number, _)| number).collect();
    let [number] = found[..] else { panic!("{words}: {found:?}") };
    number.parse().unwrap()
}

/// What the API server said, summed over all kinds.
#[derive(Default)]
struct Server {
    version: String,
    accepted: usize,
    rewritten: usize,
}

impl Server {
    fn read() -> Self {
        let text = snapshot("apiserver");
        let head = "accepted, of these rewritten and accepted again, refused\n";
        let (before, table) = text.split_once(head).unwrap();
        let version = before.trim_start().lines().next().unwrap();
        let version = version.strip_prefix("kube-apiserver ").unwrap().to_owned();
        let mut server = Self { version, ..Self::default() };
        for line in table.lines().take_while(|line| !line.trim().is_empty()) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let [accepted, rewritten, ..] = cells[..] else { panic!("{line}") };
            server.accepted += accepted.parse::<usize>().unwrap();
            server.rewritten += rewritten.parse::<usize>().unwrap();
        }
        assert!(server.rewritten > 0);
        server
    }
}

/// A row of `testdata/observed.yaml`.
#[derive(Deserialize)]
struct Observed {
    observed: String,
}

fn figures(lang: Lang) -> String {
    let (census, oracle) = (snapshot("census"), snapshot("oracle"));
    let (halves, kernel) = (snapshot("half_moved"), snapshot("kernel"));
    let files = number(&census, "files");
    let with_root = number(&census, "files that spell the root");
    let places = number(&census, "spellings of the root");
    let moved = number(&census, "moved");
    let kept = number(&census, "kept");
    let comments = number(&census, "comment");
    let others = number(&census, "another path");
    let open = number(&census, "unclassified");
    assert_eq!(moved + kept + comments + others + open, places);
    let charts = number(&oracle, "charts");
    let equal = number(&oracle, "equal to what the author renders");
    let listed = number(&oracle, "equal but for differences that are right");
    let different = number(&oracle, "that differ");
    assert_eq!(equal + listed + different, charts);
    let halves = number(&halves, "half-moved states come out as the whole one");
    let cases = number(&kernel, "cases, thought out");
    let pods = number(&kernel, "pods, generated");
    let rows: Vec<Observed> = serde_yaml::from_str(&testdata("observed.yaml")).unwrap();
    let lost = rows.iter().filter(|row| row.observed == "lost").count();
    let rows = rows.len();
    let Server { version, accepted, rewritten } = Server::read();
    let bullets = match lang {
        Lang::English => [
            format!(
                "**{files} published manifests and charts**, with the root in {places} places of \
                 {with_root}: {moved} move, {kept} stay for a stated reason, {comments} are \
                 comments, {others} other paths, {open} [unexplained](snapshots/census.snap)."
            ),
            format!(
                "**{charts} Helm charts with a value for the root**: {equal} come out as their \
                 authors render them, {listed} but for [listed \
                 differences](testdata/oracle/accepted.yaml), {different} otherwise."
            ),
            format!(
                "**{halves} half-moved states** of such manifests, made at random: each comes out \
                 as the whole one."
            ),
            format!(
                "**A real kubelet** with another root, and {rows} node plugins, most with one \
                 mistake: `check` says what became of each; {lost} lost data in silence ([the \
                 rows](testdata/observed.yaml))."
            ),
            format!(
                "**The Linux kernel**: {cases} pods thought out and {pods} generated, laid out in \
                 real mount namespaces. Where a pod came up and `check` has an answer (the volume \
                 arrives, or doesn't), it was right."
            ),
            format!(
                "**A real API server** ({version}): of the {accepted} objects that it accepts, \
                 {rewritten} are changed by the rewrite, and it accepts them all again."
            ),
        ],
        Lang::Chinese => [
            format!(
                "**{files} 份公开发布的清单和 chart**，其中 {with_root} 份写有默认根目录，共 {places} 处：\
                 改写 {moved} 处，有理由保留 {kept} 处，\n{comments} 处是注释，{others} 处是别的路径，\
                 [原因不明](snapshots/census.snap)的有 {open} 处。"
            ),
            format!(
                "**{charts} 个 Helm chart，作者自己提供了设置根目录的 value**：{equal} 个的改写结果与作者渲染的一致，\n\
                 {listed} 个除[列出理由的差异](testdata/oracle/accepted.yaml)外一致，其他不一致的有 {different} 个。"
            ),
            format!(
                "**{halves} 种只改了一部分的状态**，由这些清单随机生成：改写结果都与从头改写的相同。"
            ),
            format!(
                "**真实的 kubelet**，换了根目录，运行 {rows} 个节点插件，大多各有一处错误：`check` 的结论与实际结果一致；\n\
                 其中 {lost} 个丢了数据而没有任何报错（[逐条记录](testdata/observed.yaml)）。"
            ),
            format!(
                "**Linux 内核**：{cases} 个人工设计的 Pod 和 {pods} 个随机生成的 Pod，都放进真实的挂载命名空间。\n\
                 凡是 Pod 启动了、`check` 又说卷到得了或到不了的，结果都是如此。"
            ),
            format!(
                "**真实的 API 服务器**（{version}）：它接受的 {accepted} 个对象中，改写会改动 {rewritten} 个，\
                 改写之后它仍全部接受。"
            ),
        ],
    };
    let bullets = bullets.iter().map(|text| match lang {
        Lang::English => {
            let options = textwrap::Options::new(100).initial_indent("- ").subsequent_indent("  ");
            textwrap::fill(text, options) + "\n"
        }
        // A line's end is a blank in the page: only where the text has one, or behind a comma.
        Lang::Chinese => format!("- {}\n", text.replace('\n', "\n  ")),
    });
    bullets.collect()
}

#[test]
fn the_figures_are_fresh() {
    for lang in Lang::ALL {
        let (_, text) = readme(lang);
        let (before, rest) = text.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let fresh = format!("{before}{BEGIN}{}{END}{after}", figures(lang));
        is_fresh(lang.readme(), &fresh, "readme");
    }
}

#[test]
fn a_number_is_read_by_its_words() {
    let text = "  83 charts\n  68 equal\n 15 equal but for\n";
    assert_eq!(number(text, "equal"), 68);
    assert_eq!(number(text, "charts"), 83);
}
