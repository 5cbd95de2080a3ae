//! What a source file names of other rooms, of libraries, and of the world outside.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syn::{Attribute, Item, ItemMod};

/// What one file names, tests apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imports {
    /// The first name behind `crate::`, however that is spelled.
    pub(crate) rooms: BTreeSet<String>,
    /// The first name of every path, as far as it may be a library.
    pub(crate) crates: BTreeSet<String>,
    /// Modules of the same room that `super::` may lead to.
    pub(crate) beside: BTreeSet<Vec<String>>,
    /// What reaches out of the program.
    pub(crate) world: BTreeSet<String>,
    /// Files that are compiled for tests only, by the names of their modules.
    pub(crate) test_modules: Vec<Vec<String>>,
}

/// Modules of the standard library that reach out of the program.
const WORLD: [&str; 4] = ["fs", "env", "net", "process"];

/// Functions of `std::io` that do.
const STREAMS: [&str; 3] = ["stdin", "stdout", "stderr"];

/// Reads a file, which is the module of this path.
pub(crate) fn imports(text: &str, module: &[String]) -> Imports {
    let file = syn::parse_file(text).expect("Rust");
    let mut found = Imports::default();
    items(&file.items, module, &mut found);
    found
}

fn items(all: &[Item], module: &[String], found: &mut Imports) {
    for item in all {
        let is_test = attributes(item).iter().any(is_for_tests);
        match item {
            Item::Mod(inner) => {
                let inside = [module, &[inner.ident.to_string()]].concat();
                match &inner.content {
                    None if is_test => found.test_modules.push(file_of(inner, module, inside)),
                    Some((_, content)) if !is_test => items(content, &inside, found),
                    _ => {}
                }
            }
            _ if is_test => {}
            _ => paths(item.to_token_stream(), module, found),
        }
    }
}

/// The module whose file a declaration means: its own, or the one that `#[path]` names beside it.
fn file_of(declared: &ItemMod, module: &[String], own: Vec<String>) -> Vec<String> {
    let path = declared.attrs.iter().find(|attribute| attribute.path().is_ident("path"));
    let Some(path) = path else { return own };
    let file = path.meta.to_token_stream().to_string();
    let file = file.split('"').nth(1).and_then(|name| name.strip_suffix(".rs")).unwrap();
    [&module[..module.len() - 1], &[file.to_owned()]].concat()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && {
        let condition = attribute.meta.to_token_stream().to_string();
        condition.contains("test") && !condition.contains("not")
    }
}

/// Every path in the tokens, also in the bodies of macros.
fn paths(tokens: TokenStream, module: &[String], found: &mut Imports) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins = at == 0 || !is_colons(&tokens, at.saturating_sub(2));
        match token {
            TokenTree::Group(group) => paths(group.stream(), module, found),
            TokenTree::Ident(name) if begins && is_colons(&tokens, at + 1) => {
                let name = name.to_string();
                let rest = &tokens[at + 3..];
                match name.as_str() {
                    "crate" => firsts(rest, &mut found.rooms),
                    "super" => above(rest, module, found),
                    "std" => world(rest, found),
                    "io" => streams(rest, found),
                    _ => {
                        found.crates.insert(name);
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether `::` stands there.
fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    is_colon(tokens.get(at)) && is_colon(tokens.get(at + 1))
}

/// The names that may follow a `::`: one, or those in braces.
fn firsts(rest: &[TokenTree], names: &mut BTreeSet<String>) {
    match rest.first() {
        Some(TokenTree::Ident(name)) => {
            names.insert(name.to_string());
        }
        Some(TokenTree::Group(group)) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let parts = inner
                .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
            parts.for_each(|part| firsts(part, names));
        }
        _ => {}
    }
}

/// What `super::`, or several of them, leads to: another room, or a module of the same one.
fn above(mut rest: &[TokenTree], module: &[String], found: &mut Imports) {
    let mut ups = 1;
    while matches!(rest.first(), Some(TokenTree::Ident(name)) if name == "super")
        && is_colons(rest, 1)
    {
        ups += 1;
        rest = &rest[3..];
    }
    let Some(parent) = module.len().checked_sub(ups).map(|end| &module[..end]) else { return };
    if parent.is_empty() {
        return firsts(rest, &mut found.rooms);
    }
    let mut names = BTreeSet::new();
    firsts(rest, &mut names);
    found.beside.extend(names.into_iter().map(|name| [parent, &[name]].concat()));
}

fn world(rest: &[TokenTree], found: &mut Imports) {
    let mut names = BTreeSet::new();
    firsts(rest, &mut names);
    if names.contains("io") && is_colons(rest, 1) {
        streams(&rest[3..], found);
    }
    names.retain(|name| WORLD.contains(&name.as_str()));
    found.world.append(&mut names);
}

fn streams(rest: &[TokenTree], found: &mut Imports) {
    let mut names = BTreeSet::new();
    firsts(rest, &mut names);
    names.retain(|name| STREAMS.contains(&name.as_str()));
    found.world.append(&mut names);
}

/// Every file below `src` with the path of its module; the program's own is none.
pub(crate) fn files(src: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut found = Vec::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && !path.ends_with("src/main.rs")
            {
                let module = path.strip_prefix(src).unwrap().with_extension("");
                let parts = module.iter().map(|part| part.to_str().unwrap().to_owned());
                let parts = parts.filter(|part| part != "mod" && part != "lib").collect();
                found.push((path, parts));
            }
        }
    }
    found.sort();
    found
}
