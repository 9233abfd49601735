//! What tests do to files that each system does in its own way: who may read them, links, devices, sums.
//!
//! This is the only file of the tests that says how another system does what a test needs. A test of what a
//! system alone has (signals, modes, `/dev`, a shell) is for that system: `#[cfg(unix)]` at the test or at its
//! module. `.ci/left_out.py` counts those, and docs/systems.md gives the reason for each.

pub(crate) use of_system::{
    CLOSING, MARKUP_FILE, NOTHING, OPENINGS, close, gunzip, is_closed, link, open, open_to_all,
    sha256, user, write_at,
};

#[cfg(unix)]
mod of_system {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::process::Command;

    pub(crate) use crate::support::entries::writing::{close, write_at};

    /// A device that takes everything and gives nothing.
    pub(crate) const NOTHING: &str = "/dev/null";

    /// A name for a file that is markup as far as the system allows.
    pub(crate) const MARKUP_FILE: &str = "<b>in&.csv";

    /// What an error tells its owner to type to close a file.
    pub(crate) const CLOSING: &str = "chmod 600";

    /// Modes that let others in.
    pub(crate) const OPENINGS: &[u32] = &[0o644, 0o640, 0o604, 0o666, 0o777];

    /// Lets others in.
    pub(crate) fn open(path: &Path, opening: u32) {
        fs::set_permissions(path, Permissions::from_mode(opening)).expect("a mode");
    }

    /// Lets everybody read it.
    pub(crate) fn open_to_all(path: &Path) {
        open(path, 0o644);
    }

    /// Lays another name for a file.
    pub(crate) fn link(target: &Path, name: &Path) {
        std::os::unix::fs::symlink(target, name).expect("a link");
    }

    /// Whether nobody but its owner can read or write it.
    pub(crate) fn is_closed(path: &Path) -> bool {
        fs::metadata(path).expect("a file").permissions().mode() & 0o7777 == 0o600
    }

    /// The number of the user who runs the tests.
    pub(crate) fn user() -> Option<u32> {
        Some(rustix::process::getuid().as_raw())
    }

    /// What another program unpacks.
    pub(crate) fn gunzip(path: &Path) -> Vec<u8> {
        let output = Command::new("gzip").arg("-dc").arg(path).output();
        let output = output.expect("gzip starts");
        assert!(output.status.success());
        output.stdout
    }

    /// The SHA-256 of a file, by another program.
    pub(crate) fn sha256(path: &Path) -> String {
        let output = Command::new("sha256sum").arg("--").arg(path).output();
        let text = String::from_utf8(output.expect("sha256sum starts").stdout).expect("a sum");
        // A name with a backslash has one before its sum.
        let sum = text.trim_start_matches('\\').get(..64);
        sum.unwrap_or_else(|| panic!("no sum: {text}")).to_owned()
    }
}

#[cfg(windows)]
mod of_system {
    use std::fs::{self, File, OpenOptions};
    use std::io::Read as _;
    use std::os::windows::fs::{FileExt as _, OpenOptionsExt as _};
    use std::os::windows::io::AsHandle as _;
    use std::path::Path;

    use windows_permissions::constants::{SeObjectType, SecurityInformation};
    use windows_permissions::wrappers::{
        ConvertSecurityDescriptorToStringSecurityDescriptor, GetSecurityInfo, SetSecurityInfo,
    };
    use windows_permissions::{LocalBox, SecurityDescriptor};

    pub(crate) const NOTHING: &str = "NUL";

    /// A name for a file that is markup as far as the system allows: not `<`.
    pub(crate) const MARKUP_FILE: &str = "&amp;in&.csv";

    pub(crate) const CLOSING: &str = "icacls";

    const FILE: SeObjectType = SeObjectType::SE_FILE_OBJECT;

    /// Opens a file for its access list alone.
    fn opened(path: &Path) -> File {
        const READ_AND_ACCESS_LIST: u32 = 0x0006_0000;
        let mut options = OpenOptions::new();
        options.access_mode(READ_AND_ACCESS_LIST);
        options.open(path).expect("a file")
    }

    fn described(file: &File, what: SecurityInformation) -> String {
        let found = GetSecurityInfo(&file.as_handle(), FILE, what).expect("a list");
        let text = ConvertSecurityDescriptorToStringSecurityDescriptor(&found, what);
        text.expect("a text").to_string_lossy().into_owned()
    }

    fn owner(file: &File) -> String {
        let text = described(file, SecurityInformation::Owner);
        text.trim_start_matches("O:").to_owned()
    }

    fn set(path: &Path, others: &str) {
        let file = opened(path);
        let text = format!("D:P(A;;FA;;;{})(A;;FA;;;SY){others}", owner(&file));
        let list: LocalBox<SecurityDescriptor> = text.parse().expect("a list");
        let what = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
        let mut handle = file.as_handle();
        SetSecurityInfo(&mut handle, FILE, what, None, None, list.dacl(), None).expect("set");
    }

    pub(crate) fn close(path: &Path) {
        set(path, "");
    }

    /// There are no modes: everybody may read it.
    pub(crate) const OPENINGS: &[u32] = &[0];

    pub(crate) fn open(path: &Path, _: u32) {
        open_to_all(path);
    }

    pub(crate) fn open_to_all(path: &Path) {
        set(path, "(A;;FR;;;WD)");
    }

    /// Only administrators lay symbolic links.
    pub(crate) fn link(target: &Path, name: &Path) {
        fs::hard_link(target, name).expect("a link");
    }

    /// By the list: it has entries, and each is for the owner, the system or the administrators.
    pub(crate) fn is_closed(path: &Path) -> bool {
        let file = opened(path);
        let text = described(&file, SecurityInformation::Dacl);
        let ours = [owner(&file), "SY".to_owned(), "BA".to_owned()];
        let mut entries = text.split('(').skip(1).peekable();
        entries.peek().is_some()
            && entries.all(|entry| {
                let who = entry.trim_end_matches(')').rsplit(';').next();
                who.is_some_and(|who| ours.iter().any(|ours| ours == who))
            })
    }

    /// Users have no numbers.
    pub(crate) fn user() -> Option<u32> {
        None
    }

    pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) {
        let written = file.seek_write(bytes, offset).expect("an open file");
        assert_eq!(written, bytes.len());
    }

    /// There is no other program for it under Wine.
    pub(crate) fn gunzip(path: &Path) -> Vec<u8> {
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(File::open(path).expect("a file"));
        decoder.read_to_end(&mut unpacked).expect("gzip");
        unpacked
    }

    /// Nor for this.
    pub(crate) fn sha256(path: &Path) -> String {
        let content = fs::read(path).expect("a file");
        let sum = ring::digest::digest(&ring::digest::SHA256, &content);
        sum.as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
