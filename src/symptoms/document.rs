//! The pages of all symptoms as one document, `docs/symptoms.md`.

use super::{Harm, Symptom, Symptoms};
use crate::words::Catalogue;
use std::fmt::Write as _;

/// The sections of the document: how much harm, its heading and what it means.
const SECTIONS: [(Harm, &str, &str); 6] = [
    (Harm::Lost, "Data is lost", "What pods write doesn't reach the storage."),
    (Harm::Maybe, "Data may be lost", "A look at the node tells whether it is."),
    (Harm::Stuck, "Something is stuck", "It can't be deleted or unmounted any more."),
    (Harm::Stopped, "Something doesn't start", "Volumes, drivers or the kubelet itself."),
    (Harm::Other, "Programs beside the drivers", "They look for the kubelet in the wrong place."),
    (Harm::Noise, "Noise", "It repeats in a log and breaks nothing by itself."),
];

/// All symptoms, with what people write about them, so that a search finds them.
#[must_use]
pub fn markdown(symptoms: &Symptoms, words: &Catalogue) -> String {
    let mut out = String::from(
        "# What logs say when a kubelet lives elsewhere\n\n\
         <!-- Made from src/knowledge/symptoms.yaml and src/words/en/symptoms.ftl:\n     \
         UPDATE_DOCS=1 cargo test --test symptoms -->\n\n\
         Log lines and complaints that come up when manifests and kubelets don't agree on a root, \
         and some\nthat are easily taken for that. `csi-relocate explain --symptom 'LOG LINE'` \
         finds the one that a line\nshows, and reads whole logs; `--lang zh` answers in Chinese. \
         `ROOT` stands for the kubelet's root\ndirectory.\n",
    );
    let of = |harm: Harm| symptoms.all().iter().filter(move |symptom| symptom.harm == harm);
    for (harm, heading, meaning) in SECTIONS {
        let _ = write!(out, "\n**{heading}.** {meaning}\n\n");
        for symptom in of(harm) {
            let title = words.say(&symptom.title());
            let _ = writeln!(out, "- [{id}](#{id}): {title}", id = symptom.id);
        }
    }
    for (harm, heading, meaning) in SECTIONS {
        let _ = write!(out, "\n## {heading}\n\n{meaning}\n");
        for symptom in of(harm) {
            section(&mut out, symptom, words);
        }
    }
    out
}

fn section(out: &mut String, symptom: &Symptom, words: &Catalogue) {
    let text =
        |part: &str| words.paragraphs(&format!("symptom-{}.{part}", symptom.id)).join("\n\n");
    let _ = write!(out, "\n### {}\n\n**{}.**", symptom.id, words.say(&symptom.title()));
    if !symptom.path_problem {
        out.push_str(" No path problem.");
    }
    let _ = write!(out, "\n\n{}\n\nHow to tell: {}\n", text("cause"), text("tell-apart"));
    let _ = write!(out, "\nWhat to do: {}\n", text("fix"));
    if !symptom.rules.is_empty() {
        let link = |rule: &String| format!("[{rule}](rules.md#{rule})");
        let rules: Vec<String> = symptom.rules.iter().map(link).collect();
        let _ = write!(out, "\nFound by `csi-relocate check` as {}.\n", rules.join(", "));
    }
    let needles: Vec<String> = symptom.needles().map(|needle| format!("`{needle}`")).collect();
    if !needles.is_empty() {
        let _ = write!(out, "\nSaid by programs: {}\n", needles.join(", "));
    }
    if !symptom.phrasings.is_empty() {
        let _ = write!(out, "\nSaid by people: {}\n", symptom.phrasings.join(" · "));
    }
    let _ = write!(out, "\nSources:\n\n");
    for source in &symptom.sources {
        let _ = writeln!(out, "- {source}");
    }
}
