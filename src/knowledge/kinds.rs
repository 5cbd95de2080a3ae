//! Objects and fields outside of pods: which hold host paths, and which are none of this tool's
//! business.

use crate::model::ObjectRef;
use crate::words::Message;

/// What a kind's content is, as far as paths in it are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindNature {
    /// Data that programs on the nodes read.
    Config,
    /// A schema: types, descriptions, defaults.
    Schema,
    /// It configures the kubelet itself.
    KubeletConfig,
    /// It matches, forbids or generates objects.
    Policy,
}

#[derive(Clone, Debug)]
struct Nature {
    /// The kinds; none means every kind of the group.
    kinds: &'static [&'static str],
    group: &'static str,
    nature: KindNature,
    /// For `Config`: the fields that hold the data.
    sections: &'static [&'static str],
}

#[derive(Clone, Debug)]
struct Field {
    kinds: &'static [&'static str],
    group: &'static str,
    field: &'static str,
}

/// How an object says that a chart is installed; fields are keys with dots between them.
#[derive(Clone, Debug)]
pub struct Release {
    kinds: &'static [&'static str],
    group: &'static str,
    /// The mapping that describes an installation, or the list of such mappings.
    pub at: &'static str,
    /// The chart's name there, or a path or address that ends with it.
    pub chart: &'static str,
    /// Its version there.
    pub version: &'static str,
    /// Values as mappings.
    pub values: &'static [&'static str],
    /// Values as YAML in texts.
    pub texts: &'static [&'static str],
    /// Mappings from keys with dots to values.
    pub sets: &'static [&'static str],
    /// Lists of such keys as `name`, with a `value`.
    pub parameters: &'static [&'static str],
}

#[derive(Clone, Debug)]
struct Immutable {
    kind: &'static str,
    text: &'static str,
}

#[derive(Clone, Debug)]
struct Kinds {
    kinds: &'static [&'static str],
    group: &'static str,
}

/// What is known about objects and fields outside of pods.
#[derive(Clone, Debug)]
pub struct KindTable {
    natures: &'static [Nature],
    kubelet_fields: &'static [Field],
    host_fields: &'static [Field],
    releases: &'static [Release],
    prose: &'static [&'static str],
    remote: &'static [&'static str],
    immutable: &'static [Immutable],
    without_namespace: &'static [Kinds],
}

/// The table.
pub(super) static KINDS: KindTable = built_in!("kinds");

impl Field {
    fn is_at(&self, object: &ObjectRef, keys: &[&str]) -> bool {
        self.group == object.group()
            && self.kinds.contains(&object.kind.as_str())
            && ends_with(keys, self.field)
    }
}

impl KindTable {
    /// What an object's content is; `None` for a kind that isn't in the table.
    #[must_use]
    pub fn nature(&self, object: &ObjectRef) -> Option<KindNature> {
        Some(self.row(object)?.nature)
    }

    /// Whether the keys of an object lead into its data.
    #[must_use]
    pub fn is_config(&self, object: &ObjectRef, keys: &[&str]) -> bool {
        let first = keys.first().copied().unwrap_or("");
        self.row(object).is_some_and(|row| row.sections.contains(&first))
    }

    /// The fields of an object that hold data; none for a kind that isn't known to.
    #[must_use]
    pub fn sections(&self, object: &ObjectRef) -> &'static [&'static str] {
        self.row(object).map_or(&[], |row| row.sections)
    }

    fn row(&self, object: &ObjectRef) -> Option<&Nature> {
        let group = object.group();
        self.natures.iter().find(|row| {
            row.group == group
                && (row.kinds.is_empty() || row.kinds.contains(&object.kind.as_str()))
        })
    }

    /// Whether pods and host paths in an object are its own, to be rewritten.
    #[must_use]
    pub fn is_rewritten(&self, object: &ObjectRef) -> bool {
        !matches!(
            self.nature(object),
            Some(KindNature::KubeletConfig | KindNature::Policy | KindNature::Schema)
        )
    }

    /// Whether the field at these keys of an object configures the kubelet itself.
    #[must_use]
    pub fn is_kubelet_field(&self, object: &ObjectRef, keys: &[&str]) -> bool {
        self.kubelet_fields.iter().any(|row| row.is_at(object, keys))
    }

    /// Whether the field at these keys of an object is known to hold a host path; fields of drivers
    /// are known by their own files.
    #[must_use]
    pub fn is_host_field(&self, object: &ObjectRef, keys: &[&str]) -> bool {
        self.host_fields.iter().any(|row| row.is_at(object, keys))
    }

    /// How an object of this name installs charts, if it does.
    pub fn releases(&self, object: &ObjectRef) -> impl Iterator<Item = &'static Release> {
        let (group, kind) = (object.group(), object.kind.as_str());
        let own = move |row: &&Release| row.group == group && row.kinds.contains(&kind);
        self.releases.iter().filter(own)
    }

    /// Whether the field at these keys holds a path of a server.
    #[must_use]
    pub fn is_remote(&self, keys: &[&str]) -> bool {
        self.remote.iter().any(|field| ends_with(keys, field))
    }

    /// What can't be changed on a live object of this kind, and as its attribute `how` what to do
    /// instead.
    #[must_use]
    pub fn immutable(&self, object: &ObjectRef) -> Option<Message> {
        let row = self.immutable.iter().find(|row| row.kind == object.kind)?;
        Some(Message::new(row.text))
    }

    /// Whether kustomize knows that objects of this kind have no namespace.
    #[must_use]
    pub fn has_no_namespace(&self, object: &ObjectRef) -> bool {
        let is_kind =
            |row: &Kinds| row.group == object.group() && row.kinds.contains(&object.kind.as_str());
        self.without_namespace.iter().any(is_kind)
    }

    /// Whether a key's value is prose for people.
    #[must_use]
    pub fn is_prose(&self, key: &str) -> bool {
        self.prose.contains(&key)
    }
}

fn ends_with(keys: &[&str], field: &str) -> bool {
    let field: Vec<&str> = field.split('.').collect();
    keys.ends_with(&field)
}
