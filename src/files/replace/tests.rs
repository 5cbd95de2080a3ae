use super::*;
use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

fn write<'a>(target: impl Into<PathBuf>, text: &'a str) -> Write<'a> {
    Write { target: target.into(), text, read_as: None }
}

fn quietly(writes: &[Write<'_>]) -> Result<(), WriteError> {
    write_all(writes, &|_| {})
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// All that is in a folder: files with their text, folders and others with none.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Option<String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_file = path.symlink_metadata().unwrap().is_file();
        let text = is_file.then(|| fs::read_to_string(&path).unwrap());
        if path.is_dir() && !path.is_symlink() {
            found.extend(contents(&path));
        }
        found.insert(path, text);
    }
    found
}

/// Says that the writes fail, with a message, and that nothing is changed by that.
#[track_caller]
fn fails(folder: &TempDir, writes: &[Write<'_>], message: &str) {
    let before = contents(folder.path());
    let error = quietly(writes).unwrap_err();
    let said = error.to_string().replace(folder.path().to_str().unwrap(), "DIR");
    assert_eq!(said, format!("{message}; nothing was changed"));
    assert_eq!(error.replaced(), 0);
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn files_hold_the_new_text_and_nothing_else_is_there() {
    let folder = folder_with(&[("a.yaml", "old a, longer than the new one"), ("b.yaml", "old b")]);
    let [a, b, c] = ["a.yaml", "b.yaml", "c.yaml"].map(|name| folder.path().join(name));
    let done = AtomicUsize::new(0);
    let writes = [write(&a, "new a"), write(&b, "new b"), write(&c, "")];
    write_all(&writes, &|more| {
        done.fetch_add(more, Ordering::Relaxed);
    })
    .unwrap();
    let expected =
        [(a, "new a"), (b, "new b"), (c, "")].map(|(path, text)| (path, Some(text.into())));
    assert_eq!(contents(folder.path()), BTreeMap::from(expected));
    assert_eq!(done.into_inner(), 3);
    quietly(&[]).unwrap();
}

#[test]
fn many_files_in_many_folders() {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<String> = (0..500).map(|index| format!("text {index}")).collect();
    let target = |index: usize| folder.path().join(format!("{}/{index}.yaml", index % 7));
    let all = || texts.iter().enumerate().map(|(index, text)| write(target(index), text));
    quietly(&all().collect::<Vec<_>>()).unwrap();
    quietly(&all().rev().collect::<Vec<_>>()).unwrap();
    for (index, text) in texts.iter().enumerate() {
        assert_eq!(fs::read_to_string(target(index)).unwrap(), *text);
    }
    assert_eq!(contents(folder.path()).len(), 507);
}

#[test]
fn folders_are_made_as_needed() {
    let folder = folder_with(&[]);
    let at = |path: &str| folder.path().join(path);
    let writes =
        [write(at("a/b/c/1.yaml"), "1"), write(at("a/b/2.yaml"), "2"), write(at("a/x/../3"), "3")];
    quietly(&writes).unwrap();
    assert_eq!(fs::read_to_string(at("a/b/c/1.yaml")).unwrap(), "1");
    assert_eq!(fs::read_to_string(at("a/b/2.yaml")).unwrap(), "2");
    assert_eq!(fs::read_to_string(at("a/3")).unwrap(), "3");
    assert!(!at("a/x").exists());
}

#[test]
fn a_name_may_be_as_long_as_the_system_allows() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["x".repeat(255), "é".repeat(127), format!("{}😀", "x".repeat(99))] {
        let target = folder.path().join(name);
        quietly(&[write(&target, "first")]).unwrap();
        quietly(&[write(&target, "second")]).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "second");
    }
    assert_eq!(contents(folder.path()).len(), 3);
    assert_eq!(prefix(OsStr::new("a.yaml")), ".a.yaml.csi-relocate-");
    let long = "é".repeat(60);
    assert_eq!(prefix(OsStr::new(&long)), format!(".{}.csi-relocate-", "é".repeat(50)));
}

#[test]
fn two_writes_to_one_file_are_refused() {
    let folder = folder_with(&[("a.yaml", "old")]);
    let [a, new] = ["a.yaml", "new.yaml"].map(|name| folder.path().join(name));
    let message = "DIR/a.yaml would be written twice";
    fails(&folder, &[write(&a, "1"), write(&a, "1")], message);
    let roundabout = folder.path().join("x/../new.yaml");
    let message = "DIR/x/../new.yaml would be written twice, also as DIR/new.yaml";
    fails(&folder, &[write(&new, "1"), write(&roundabout, "2")], message);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = folder_with(&[("a.yaml", "old"), ("b.yaml", "old")]);
    let [a, b, sub] = ["a.yaml", "b.yaml", "sub"].map(|name| folder.path().join(name));
    fs::create_dir(&sub).unwrap();
    fails(&folder, &[write(&a, "1"), write(&sub, "2")], "DIR/sub is not a regular file");
    // A file that would have to be a folder: one that is there, and one that is to be made.
    let message = "can't write DIR/b.yaml/c.yaml: Not a directory (os error 20)";
    fails(&folder, &[write(&a, "1"), write(b.join("c.yaml"), "2")], message);
    let new = folder.path().join("new");
    let message = "DIR/new is not a regular file";
    fails(&folder, &[write(new.join("x/c.yaml"), "1"), write(&new, "2")], message);
}

#[test]
fn a_file_that_nobody_may_write_is_refused() {
    let folder = folder_with(&[("a.yaml", "old"), ("b.yaml", "old")]);
    let [a, b] = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
    let mut permissions = fs::metadata(&b).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&b, permissions).unwrap();
    let message = "DIR/b.yaml is read-only; chmod u+w it first";
    fails(&folder, &[write(&a, "1"), write(&b, "2")], message);
}

#[test]
fn a_file_that_somebody_has_changed_since_it_was_read_is_left() {
    let folder = folder_with(&[("a.yaml", "old"), ("b.yaml", "old")]);
    let [a, b] = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
    let stamp = |path: &Path| Some(Stamp::of(&fs::metadata(path).unwrap()));
    let read_as = stamp(&b);
    let writes = || [write(&a, "1"), Write { read_as: read_as.clone(), ..write(&b, "2") }];
    let message = "DIR/b.yaml has been changed by somebody else since it was read; run it again";

    // While the new text is thought out: longer, or as long and put in its place.
    fs::write(&b, "edited").unwrap();
    fails(&folder, &writes(), message);
    fs::write(folder.path().join("c.yaml"), "new").unwrap();
    fs::rename(folder.path().join("c.yaml"), &b).unwrap();
    fails(&folder, &writes(), message);

    // While the new files are made ready.
    let writes = [write(&a, "1"), Write { read_as: stamp(&b), ..write(&b, "2") }];
    let edit = |_| fs::write(&b, "edited").unwrap();
    let error = write_all(&writes, &edit).unwrap_err();
    assert!(matches!(error, WriteError::Changed(_)), "{error}");
    let expected =
        [(&a, "old"), (&b, "edited")].map(|(path, text)| (path.clone(), Some(text.into())));
    assert_eq!(contents(folder.path()), BTreeMap::from(expected));

    // What wasn't read isn't asked for.
    quietly(&[write(&a, "1"), Write { read_as: stamp(&b), ..write(&b, "2") }]).unwrap();
    assert_eq!(fs::read_to_string(&b).unwrap(), "2");
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Root may write anywhere, so that a test of what isn't allowed can't be done.
    fn is_root(folder: &TempDir) -> bool {
        fs::metadata(folder.path()).unwrap().uid() == 0
    }

    #[test]
    fn permissions_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for wanted in [0o644, 0o600, 0o666, 0o755, 0o200, 0o4755, 0o2750] {
            let target = folder.path().join(format!("{wanted:o}.yaml"));
            fs::write(&target, "old").unwrap();
            set_mode(&target, wanted);
            quietly(&[write(&target, "new")]).unwrap();
            assert_eq!(mode(&target), wanted, "{wanted:o}");
        }
    }

    #[test]
    fn a_new_file_has_the_permissions_of_any_new_file() {
        let folder = folder_with(&[("any", "")]);
        let target = folder.path().join("new/new.yaml");
        quietly(&[write(&target, "text")]).unwrap();
        assert_eq!(mode(&target), mode(&folder.path().join("any")));
    }

    #[test]
    fn the_owner_is_kept_where_that_is_allowed() {
        let folder = folder_with(&[("a.yaml", "old")]);
        if !is_root(&folder) {
            return;
        }
        let target = folder.path().join("a.yaml");
        chown(&target, Some(1234), Some(2345)).unwrap();
        set_mode(&target, 0o6755);
        quietly(&[write(&target, "new")]).unwrap();
        let now = fs::metadata(&target).unwrap();
        assert_eq!((now.uid(), now.gid(), now.mode() & 0o7777), (1234, 2345, 0o6755));
    }

    /// A user with a number has more rights than the group, which has none; `mask` bounds both.
    /// The form is that of `struct posix_acl_xattr_header` and its entries, of Linux 6.12.
    #[cfg(target_os = "linux")]
    fn access_list(mask: u8) -> Vec<u8> {
        let entry =
            |tag: u8, rights: u8, id: u32| [&[tag, 0, rights, 0], &id.to_le_bytes()[..]].concat();
        let nobody = u32::MAX;
        let entries = [
            entry(0x01, 6, nobody),
            entry(0x02, 6, 1234),
            entry(0x04, 0, nobody),
            entry(0x10, mask, nobody),
            entry(0x20, 0, nobody),
        ];
        [&2_u32.to_le_bytes()[..], &entries.concat()].concat()
    }

    /// Sets an attribute, where the file system takes it; says so where it doesn't.
    #[cfg(target_os = "linux")]
    fn takes(test: &str, path: &Path, name: &str, value: &[u8]) -> bool {
        let set = xattr::set(path, name, value);
        if let Err(error) = &set {
            let _ = writeln!(io::stderr().lock(), "{test}: skipped, no {name} here: {error}");
        }
        set.is_ok()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_access_control_list_is_kept() {
        let test = "an_access_control_list_is_kept";
        let folder = folder_with(&[("a.yaml", "old"), ("plain.yaml", "old")]);
        let [target, plain] = ["a.yaml", "plain.yaml"].map(|name| folder.path().join(name));
        set_mode(&target, 0o600);
        for mask in [6, 4] {
            let list = access_list(mask);
            if !takes(test, &target, keep::on_unix::ACCESS_LIST, &list) {
                return;
            }
            quietly(&[write(&target, "new")]).unwrap();
            let kept = xattr::get(&target, keep::on_unix::ACCESS_LIST).unwrap();
            assert_eq!((kept, mode(&target)), (Some(list), 0o600 | u32::from(mask) << 3));
        }
        // A list that the folder gives to every new file is nothing that the old one had.
        set_mode(&plain, 0o640);
        if takes(test, folder.path(), "system.posix_acl_default", &access_list(6)) {
            quietly(&[write(&plain, "new")]).unwrap();
            assert_eq!(xattr::get(&plain, keep::on_unix::ACCESS_LIST).unwrap(), None);
            assert_eq!(mode(&plain), 0o640);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_access_control_list_that_cannot_be_kept_is_an_error() {
        // No file of `/proc` has such a list.
        let file = File::open("/proc/self/status").unwrap();
        keep::on_unix::set_access_list(&file, None).unwrap();
        keep::on_unix::set_access_list(&file, Some(&access_list(6))).unwrap_err();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn extended_attributes_are_kept() {
        let folder = folder_with(&[("a.yaml", "old")]);
        let target = folder.path().join("a.yaml");
        if takes("extended_attributes_are_kept", &target, "user.note", b"\0 any") {
            quietly(&[write(&target, "new")]).unwrap();
            assert_eq!(xattr::get(&target, "user.note").unwrap().unwrap(), b"\0 any");
        }
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_replaced() {
        let folder = folder_with(&[("real.yaml", "old")]);
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("x/y")).unwrap();
        symlink(at("real.yaml"), at("absolute.yaml")).unwrap();
        symlink("../../real.yaml", at("x/y/relative.yaml")).unwrap();
        symlink("relative.yaml", at("x/y/twofold.yaml")).unwrap();
        symlink("x/y", at("folder")).unwrap();
        for link in
            ["absolute.yaml", "x/y/relative.yaml", "x/y/twofold.yaml", "folder/twofold.yaml"]
        {
            quietly(&[write(at(link), link)]).unwrap();
            assert_eq!(fs::read_to_string(at("real.yaml")).unwrap(), link);
            assert!(at(link).is_symlink());
        }
        quietly(&[write(at("folder/new.yaml"), "new")]).unwrap();
        assert_eq!(fs::read_to_string(at("x/y/new.yaml")).unwrap(), "new");
        assert_eq!(contents(folder.path()).len(), 8);

        let both = [write(at("real.yaml"), "1"), write(at("absolute.yaml"), "2")];
        let message = "DIR/absolute.yaml would be written twice, also as DIR/real.yaml";
        fails(&folder, &both, message);
        symlink("nowhere", at("dead.yaml")).unwrap();
        let message = "DIR/dead.yaml is a link to a file that doesn't exist";
        fails(&folder, &[write(at("dead.yaml"), "1")], message);
    }

    #[test]
    fn another_name_of_a_file_keeps_the_old_text() {
        let folder = folder_with(&[("a.yaml", "old")]);
        let [a, b] = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
        fs::hard_link(&a, &b).unwrap();
        quietly(&[write(&a, "new")]).unwrap();
        assert_eq!(fs::read_to_string(&a).unwrap(), "new");
        assert_eq!(fs::read_to_string(&b).unwrap(), "old");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let folder = folder_with(&[("a.yaml", "old")]);
        if is_root(&folder) {
            return;
        }
        let [a, sub] = ["a.yaml", "sub"].map(|name| folder.path().join(name));
        fs::create_dir(&sub).unwrap();
        fs::write(sub.join("b.yaml"), "old").unwrap();
        set_mode(&sub, 0o555);
        let message = "can't make a file in DIR/sub: Permission denied (os error 13); \
                       every file is replaced as a whole, so its folder has to be writable";
        fails(&folder, &[write(&a, "1"), write(sub.join("b.yaml"), "2")], message);
        set_mode(&sub, 0o755);
    }

    /// Nobody can make a file or a folder in `/proc`, and that comes out only when it is tried.
    #[cfg(target_os = "linux")]
    #[test]
    fn when_the_last_file_cannot_be_made_ready_all_is_as_it_was() {
        let folder = folder_with(&[("a.yaml", "old"), ("b.yaml", "old")]);
        let at = |name: &str| folder.path().join(name);
        for impossible in ["/proc/x.yaml", "/proc/new/x.yaml"] {
            let before = contents(folder.path());
            let writes = [
                write(at("a.yaml"), "1"),
                write(at("new/deep/c.yaml"), "2"),
                write(at("b.yaml"), "3"),
                write(impossible, "4"),
            ];
            let error = quietly(&writes).unwrap_err().to_string();
            assert!(error.starts_with("can't make a file in /proc"), "{error}");
            assert!(error.ends_with("; nothing was changed"), "{error}");
            assert_eq!(contents(folder.path()), before);
        }
    }

    #[test]
    fn when_a_file_cannot_be_put_in_place_the_error_says_how_many_were() {
        let folder = folder_with(&[("a.yaml", "old"), ("b.yaml", "old"), ("c.yaml", "old")]);
        let [a, b, c, new] =
            ["a.yaml", "b.yaml", "c.yaml", "new/d.yaml"].map(|name| folder.path().join(name));
        let writes = [write(&a, "1"), write(&b, "2"), write(&c, "3"), write(&new, "4")];
        // Somebody makes a folder in place of the second file, meanwhile.
        let error = write_all(&writes, &|_| {
            let _ = fs::remove_file(&b).and_then(|()| fs::create_dir(&b));
        })
        .unwrap_err();
        let said = error.to_string().replace(folder.path().to_str().unwrap(), "DIR");
        assert_eq!(
            said,
            "can't replace DIR/b.yaml: Is a directory (os error 21); \
             1 of 4 files were replaced; run it again to finish"
        );
        assert_eq!(error.replaced(), 1);
        let expected = [(a, Some("1".into())), (b, None), (c, Some("old".into()))];
        assert_eq!(contents(folder.path()), BTreeMap::from(expected));
    }
}
