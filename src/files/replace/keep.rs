//! What a new file takes over from the one whose place it takes: owner, permissions, the access
//! control list, extended attributes.

#[cfg(unix)]
pub(super) use on_unix::keep;

#[cfg(not(unix))]
pub(super) fn keep(
    _: &std::fs::File,
    _: &std::path::Path,
    _: &std::fs::Metadata,
    _: &std::path::Path,
) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
pub(super) mod on_unix {
    use std::fmt::Display;
    use std::fs::{File, Metadata, Permissions};
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    use std::path::Path;
    use xattr::FileExt as _;

    /// Where Linux has the access control list of a file.
    ///
    /// Source: acl(5); include/uapi/linux/xattr.h of Linux 6.12.
    pub(in super::super) const ACCESS_LIST: &str = "system.posix_acl_access";

    /// Attributes that don't outlive a change of the text: rights of a program, and sums of bytes.
    /// The kernel takes them away itself when somebody writes into a file, or makes them anew.
    ///
    /// Source: capabilities(7); Documentation/ABI/testing/evm of Linux 6.12.
    const OF_THE_OLD_TEXT: [&str; 3] = ["security.capability", "security.ima", "security.evm"];

    /// Gives the new file what the old one at `path`, in `folder`, has besides its text.
    pub(in super::super) fn keep(
        file: &File,
        path: &Path,
        old: &Metadata,
        folder: &Path,
    ) -> io::Result<()> {
        let mut mode = old.mode() & 0o7777;
        let has_group = keep_owner(file, old, folder, &mut mode)?;
        let list = access_list(|| xattr::get(path, ACCESS_LIST)).map_err(unkept)?;
        if list.is_some() && !has_group {
            return Err(unkept("you may not give the new file the group of the old one"));
        }
        // Before the mode: with a list, the mode's bits for the group are the most that the list
        // grants to anybody, and without it they are the group's own.
        set_access_list(file, list.as_deref()).map_err(unkept)?;
        // Some file systems have modes and let nobody change them.
        if file.metadata()?.mode() & 0o7777 != mode {
            file.set_permissions(Permissions::from_mode(mode))?;
        }
        copy_attributes(file, path);
        Ok(())
    }

    /// Gives the new file its owner and group as far as that is allowed, and takes from the mode
    /// what was meant for others. Whether the group is the same.
    fn keep_owner(file: &File, old: &Metadata, folder: &Path, mode: &mut u32) -> io::Result<bool> {
        let mut new = file.metadata()?;
        if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
            return Ok(true);
        }
        let folder = folder.metadata()?;
        let is_ours = [0, old.uid(), folder.uid()].contains(&new.uid());
        if folder.mode() & 0o1000 != 0 && !is_ours {
            // The rename would fail, with others done.
            let message = "in this folder only its owner may replace it";
            return Err(io::Error::new(ErrorKind::PermissionDenied, message));
        }
        // Who may not give it away may still hand it to the group.
        let _ = fchown(file, Some(old.uid()), Some(old.gid()))
            .or_else(|_| fchown(file, None, Some(old.gid())));
        new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            *mode &= 0o1777;
        }
        if new.gid() != old.gid() {
            // What the old group might do is nothing the new one has been granted.
            *mode = *mode & !0o070 | (*mode & 0o007) << 3;
        }
        Ok(new.gid() == old.gid())
    }

    /// A list that is read; nothing where a file has none, or its file system has no such lists.
    fn access_list(
        read: impl FnOnce() -> io::Result<Option<Vec<u8>>>,
    ) -> io::Result<Option<Vec<u8>>> {
        if cfg!(not(target_os = "linux")) {
            return Ok(None);
        }
        match read() {
            Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
            list => list,
        }
    }

    /// Gives a file this list and no other: it may have one from its folder.
    pub(in super::super) fn set_access_list(file: &File, list: Option<&[u8]>) -> io::Result<()> {
        let inherited = access_list(|| file.get_xattr(ACCESS_LIST))?;
        match list {
            _ if inherited.as_deref() == list => Ok(()),
            Some(list) => file.set_xattr(ACCESS_LIST, list),
            None => file.remove_xattr(ACCESS_LIST),
        }
    }

    /// Copies what else is known of the file. What nobody may give it, such as a label that the
    /// system sets by itself, it has to do without.
    fn copy_attributes(file: &File, path: &Path) {
        let Ok(names) = xattr::list(path) else { return };
        let is_left = |name: &std::ffi::OsStr| {
            name == ACCESS_LIST || OF_THE_OLD_TEXT.iter().any(|left| name == *left)
        };
        for name in names.filter(|name| !is_left(name)) {
            if let Ok(Some(value)) = xattr::get(path, &name) {
                let _ = file.set_xattr(&name, &value);
            }
        }
    }

    fn unkept(why: impl Display) -> io::Error {
        io::Error::other(format!(
            "its access control list can't be kept ({why}); take it off first with setfacl -b, \
             and set it again afterwards"
        ))
    }
}
