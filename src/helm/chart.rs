//! What a chart says of itself: `Chart.yaml`, and the values that it is written with.

use crate::error::Unreadable;
use crate::knowledge::{ChartRow, ChartTable};
use crate::model::leaves;
use crate::roots::DEFAULT_ROOT;
use crate::stream::parse_part;
use crate::yaml::{Document, chunks};

/// A value that a chart is written with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its key, with dots.
    pub key: String,
    /// What it is.
    pub value: String,
}

/// A chart, as far as it matters for the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it says that it comes from.
    pub homes: Vec<String>,
    /// All scalars among its values.
    pub values: Vec<Own>,
}

impl Chart {
    /// Reads the texts of `Chart.yaml` and `values.yaml`.
    ///
    /// # Errors
    /// When one of them is no YAML: whether it's the values, and what is wrong.
    pub fn read(chart: &str, values: &str) -> Result<Self, (bool, Unreadable)> {
        let doc = first(chart).map_err(|problem| (false, problem))?.unwrap_or_default();
        let text = |key: &str| {
            let value = doc.root().and_then(|root| doc.get(root, key));
            value.and_then(|value| doc.str(value)).unwrap_or_default().to_owned()
        };
        let sources = doc.root().and_then(|root| doc.get(root, "sources"));
        let sources = sources.map(|sources| doc.items(sources)).unwrap_or_default();
        let sources = sources.iter().filter_map(|&source| doc.str(source)).map(str::to_owned);
        Ok(Self {
            name: text("name"),
            version: text("version"),
            homes: std::iter::once(text("home")).chain(sources).collect(),
            values: keys_of(values).map_err(|problem| (true, problem))?,
        })
    }

    /// Whether it says that it comes from a repository, on whatever host.
    #[must_use]
    pub fn comes_from(&self, repository: &str) -> bool {
        let wanted = format!("/{}/", repository.to_lowercase());
        let is_there = |home: &String| {
            let home = home.to_lowercase();
            format!("{}/", home.trim_end_matches('/').trim_end_matches(".git")).contains(&wanted)
        };
        self.homes.iter().any(is_there)
    }

    /// What one of its values is, as the chart is written.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|own| own.key == key).map(|own| own.value.as_str())
    }

    /// Values that look as if they moved the root: they name it, or their key speaks of a directory of
    /// the kubelet.
    pub fn candidates(&self) -> impl Iterator<Item = &Own> {
        self.values.iter().filter(|own| {
            let key = own.key.replace("\\.", "-").to_lowercase();
            let name = key.rsplit('.').next().unwrap_or_default();
            let says_so = ["dir", "path", "root"].iter().any(|word| name.contains(word));
            below_root(&own.value).is_some() || (key.contains("kubelet") && says_so)
        })
    }

    /// What the table knows of it: by its name and then, of several rows, by the repository, the
    /// version and the keys of its values. The newest stands first.
    #[must_use]
    pub fn known_in<'t>(&self, table: &'t ChartTable) -> Option<&'t ChartRow> {
        let named = table.rows().iter().filter(|row| row.chart == self.name).collect();
        let named = narrowed(named, |row| self.comes_from(&row.repository));
        let has_version = |row: &ChartRow| row.version.as_ref() == Some(&self.version);
        let named = narrowed(named, has_version);
        let has_keys = |row: &ChartRow| {
            row.values.iter().any(|value| self.values.iter().any(|own| own.key == value.key))
        };
        narrowed(named, has_keys).first().copied()
    }
}

/// Those for which something holds, or all when it holds for none.
fn narrowed(rows: Vec<&ChartRow>, holds: impl Fn(&ChartRow) -> bool) -> Vec<&ChartRow> {
    let some: Vec<_> = rows.iter().copied().filter(|row| holds(row)).collect();
    if some.is_empty() { rows } else { some }
}

/// What follows the root in a value; `None` when it names another place.
pub(crate) fn below_root(value: &str) -> Option<&str> {
    let rest = value.strip_prefix(DEFAULT_ROOT)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Every scalar of a values file by its key, in order.
///
/// # Errors
/// When it is no YAML.
pub fn keys_of(values: &str) -> Result<Vec<Own>, Unreadable> {
    let mut found = Vec::new();
    if let Some(doc) = first(values)?
        && let Some(root) = doc.root()
    {
        leaves(&doc, root, &mut |key, node| {
            let value = doc.str(node).unwrap_or_default().to_owned();
            found.push(Own { key, value });
        });
    }
    Ok(found)
}

fn first(text: &str) -> Result<Option<Document>, Unreadable> {
    for span in chunks(text) {
        if let Some(doc) = parse_part(text, span)?.into_iter().next() {
            return Ok(Some(doc));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_read() {
        let chart = "name: csi-x\nversion: 1.2.3\nhome: https://example.org/Some/Where.git/\n\
                     sources: [https://example.org/other/place/]\n";
        let values = "node:\n  kubeletDir: /var/lib/kubelet/\n  log: /var/log\n  kubelet.dir: ''\n\
                      kubelet: {logLevel: 2, rootDir: '', dir.x: ''}\nother: /var/lib/kubelet2\nlist: [/var/lib/kubelet]\n\
                      state: /var/lib/kubelet/plugins\nKUBELET_DIR: ''\nkubeletPath: {owner: root}\n";
        let chart = Chart::read(chart, values).unwrap();
        assert_eq!((chart.name.as_str(), chart.version.as_str()), ("csi-x", "1.2.3"));
        assert!(chart.comes_from("some/where") && !chart.comes_from("ome/where"));
        assert!(chart.comes_from("Other/Place") && !chart.comes_from("some/wher"));
        let keys: Vec<&str> = chart.candidates().map(|own| own.key.as_str()).collect();
        let named = ["node.kubeletDir", "node.kubelet\\.dir", "kubelet.rootDir", "kubelet.dir\\.x"];
        assert_eq!(keys, [&named[..], &["state", "KUBELET_DIR"]].concat());
        assert_eq!(chart.value("node.kubeletDir"), Some("/var/lib/kubelet/"));
        let below_a_comment = "# Of a chart.\n---\nname: csi-x\n";
        assert_eq!(Chart::read(below_a_comment, "").unwrap().name, "csi-x");
        assert!(Chart::read("", "").unwrap().values.is_empty());
        assert!(Chart::read("a: 1", "a: [").unwrap_err().0);
    }
}
