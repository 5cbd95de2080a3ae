//! The house as `floors.yaml` says it should be, and what the code has against it.

use crate::imports::Imports;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct House {
    /// From the top to the ground.
    pub(crate) floors: Vec<Floor>,
    /// The rooms that a manifest goes through.
    pub(crate) way: Vec<String>,
    /// Libraries that only some rooms know of.
    pub(crate) kept_to: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Floor {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) rooms: Vec<Room>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Room {
    pub(crate) name: String,
    pub(crate) short: String,
    pub(crate) what: String,
    pub(crate) only: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) io: bool,
}

/// What the files of each room name together, with one file that does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    pub(crate) rooms: BTreeMap<String, String>,
    pub(crate) crates: BTreeMap<String, String>,
    pub(crate) world: BTreeMap<String, String>,
}

impl Uses {
    pub(crate) fn add(&mut self, file: &str, imports: &Imports) {
        let pairs = [
            (&mut self.rooms, &imports.rooms),
            (&mut self.crates, &imports.crates),
            (&mut self.world, &imports.world),
        ];
        for (all, names) in pairs {
            for name in names {
                all.entry(name.clone()).or_insert_with(|| file.to_owned());
            }
        }
    }
}

impl House {
    pub(crate) fn rooms(&self) -> impl Iterator<Item = (usize, &Room)> {
        let floors = self.floors.iter().enumerate();
        floors.flat_map(|(floor, own)| own.rooms.iter().map(move |room| (floor, room)))
    }

    fn room(&self, name: &str) -> Option<(usize, &Room)> {
        self.rooms().find(|(_, room)| room.name == name)
    }

    /// What the code has against the rule, a line each.
    pub(crate) fn broken(&self, uses: &BTreeMap<String, Uses>) -> Vec<String> {
        let mut broken = Vec::new();
        for (name, uses) in uses {
            let Some((floor, room)) = self.room(name) else {
                broken.push(format!("{name}: no room of floors.yaml"));
                continue;
            };
            for (used, file) in uses.rooms.iter().filter(|(used, _)| *used != name) {
                match self.room(used) {
                    None => broken.push(format!("{file}: crate::{used} is no room of floors.yaml")),
                    Some((other, _)) if other < floor => {
                        broken.push(format!("{file}: {name} uses {used}, which is a floor above"));
                    }
                    Some(_) if room.only.as_ref().is_some_and(|only| !only.contains(used)) => {
                        broken
                            .push(format!("{file}: {name} uses {used}, which isn't in its `only`"));
                    }
                    Some(_) => {}
                }
            }
            for (what, file) in uses.world.iter().filter(|_| !room.io) {
                broken.push(format!("{file}: {name} reaches out of the program: std's {what}"));
            }
            for (library, rooms) in &self.kept_to {
                let file = uses.crates.get(library).filter(|_| !rooms.contains(name));
                broken.extend(file.map(|file| format!("{file}: {name} knows of {library}")));
            }
        }
        broken.extend(self.stale(uses));
        broken
            .extend(circle_of_rooms(uses).map(|rooms| format!("a circle: {}", rooms.join(" → "))));
        broken
    }

    /// What the rule allows and nothing needs.
    fn stale(&self, uses: &BTreeMap<String, Uses>) -> Vec<String> {
        let mut stale = Vec::new();
        for (_, Room { name, only, io, .. }) in self.rooms() {
            let Some(own) = uses.get(name) else {
                stale.push(format!("{name}: there is no such room"));
                continue;
            };
            if *io && own.world.is_empty() {
                stale.push(format!("{name}: `io` isn't needed"));
            }
            let unused = only.iter().flatten().filter(|used| !own.rooms.contains_key(*used));
            stale.extend(unused.map(|used| format!("{name}: it doesn't use {used}")));
        }
        for (library, rooms) in &self.kept_to {
            let knows = |room: &&String| {
                uses.get(*room).is_some_and(|own| own.crates.contains_key(library))
            };
            let unused = rooms.iter().filter(|room| !knows(room));
            stale.extend(unused.map(|room| format!("{room}: it doesn't know of {library}")));
        }
        let missing = self.way.iter().filter(|name| self.room(name).is_none());
        stale.extend(missing.map(|name| format!("{name}: on the way, and no room")));
        stale
    }
}

/// Rooms that use each other in a circle, if there are any.
fn circle_of_rooms(uses: &BTreeMap<String, Uses>) -> Option<Vec<String>> {
    let used = |(name, own): (&String, &Uses)| {
        let used = own.rooms.keys().filter(|used| *used != name && uses.contains_key(*used));
        (name.clone(), used.cloned().collect())
    };
    circle(&uses.iter().map(used).collect())
}

/// Those of some names that use each other in a circle, if there are any.
pub(crate) fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut left: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, used) in uses {
        left.insert(name, used.iter().map(String::as_str).collect());
    }
    // What uses nothing that is left is in no circle.
    while let Some(free) = left.iter().find(|(_, used)| used.is_empty()).map(|(name, _)| *name) {
        left.remove(free);
        left.values_mut().for_each(|used| {
            used.remove(free);
        });
    }
    let mut way = vec![*left.keys().next()?];
    loop {
        let next = *left.get(way.last()?)?.first()?;
        if let Some(begin) = way.iter().position(|name| *name == next) {
            way.push(next);
            return Some(way[begin..].iter().map(|name| (*name).to_owned()).collect());
        }
        way.push(next);
    }
}
