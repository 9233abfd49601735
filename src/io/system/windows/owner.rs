//! Files that only their owner can read: the access list. Who administers the machine, and the system itself,
//! can read every file, and stand in every list.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsHandle;
use std::path::Path;

use windows_permissions::constants::{SeObjectType, SecurityInformation};
use windows_permissions::wrappers::{
    ConvertSecurityDescriptorToStringSecurityDescriptor, GetSecurityInfo, SetSecurityInfo,
};
use windows_permissions::{LocalBox, SecurityDescriptor};

use super::unnamed::temporary;
use crate::io::system::shared::Exposure;

const FILE: SeObjectType = SeObjectType::SE_FILE_OBJECT;

/// The system, and the group of administrators, as lists name them.
const ADMINISTRATION: &[&str] = &["SY", "BA", "S-1-5-18", "S-1-5-32-544"];

/// Lets only the owner of a new file read and write it. A file system without access lists (FAT) is left as it is.
pub(crate) fn restrict(file: &File) -> io::Result<()> {
    let_in(file, "")
}

/// The same, with further entries of the list.
pub(super) fn let_in(file: &File, others: &str) -> io::Result<()> {
    const WITHOUT_LISTS: [i32; 2] = [1, 50];
    let owner = owner_of(file)?;
    let text = format!("D:P(A;;FA;;;{owner})(A;;FA;;;SY)(A;;FA;;;BA){others}");
    let list: LocalBox<SecurityDescriptor> = text.parse()?;
    let what = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
    let mut handle = file.as_handle();
    match SetSecurityInfo(&mut handle, FILE, what, None, None, list.dacl(), None) {
        Err(error)
            if error
                .raw_os_error()
                .is_some_and(|code| WITHOUT_LISTS.contains(&code)) =>
        {
            Ok(())
        }
        done => done,
    }
}

/// Makes a folder for its owner alone, if it is not there.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => restrict(&open_for_list(folder)?),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Who may put files into a folder, or replace those in it.
pub(crate) fn folder_exposure(folder: &Path) -> io::Result<Exposure> {
    exposure(&open_for_list(folder)?)
}

/// A folder or a file, to read and to set its access list.
pub(super) fn open_for_list(path: &Path) -> io::Result<File> {
    const READ_AND_ACCESS_LIST: u32 = 0x0006_0000;
    const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let mut options = OpenOptions::new();
    options.access_mode(READ_AND_ACCESS_LIST);
    options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
    options.open(path)
}

/// What its owner types to close a file to others.
pub(crate) fn closing_command(path: &Path) -> String {
    let path = path.display();
    format!("icacls \"{path}\" /inheritance:r /grant:r \"%USERNAME%:F\"")
}

/// Who may read or replace an open file, whatever gets its name meanwhile. A list that nobody understands is one
/// that lets others in.
pub(crate) fn exposure(file: &File) -> io::Result<Exposure> {
    let text = described(file, SecurityInformation::Owner | SecurityInformation::Dacl)?;
    let ours = owner_of(&temporary()?)?;
    Ok(exposure_of(&text, &ours))
}

/// What a description (SDDL) of owner and list says to a user.
pub(super) fn exposure_of(text: &str, ours: &str) -> Exposure {
    let (owner, list) = text.split_once("D:").unwrap_or((text, ""));
    let owner = owner.split("G:").next().unwrap_or_default();
    let owner = owner.trim_start_matches("O:");
    if owner != ours && !ADMINISTRATION.contains(&owner) {
        return Exposure::Foreign;
    }
    let list = list.split("S:").next().unwrap_or_default();
    let mut entries = list.split('(');
    // Without a list, or with an empty one that is none, everybody may.
    let flags = entries.next().unwrap_or_default();
    if list.is_empty() || flags.contains("NO_ACCESS_CONTROL") {
        return Exposure::Others(None);
    }
    let lets_in_ours_only = |entry: &str| {
        let fields: Vec<&str> = entry.trim_end_matches(')').split(';').collect();
        match fields.as_slice() {
            ["D" | "XD" | "OD", ..] => true,
            ["A", _, _, _, _, who] => *who == "OW" || *who == ours || ADMINISTRATION.contains(who),
            _ => false,
        }
    };
    match entries.all(lets_in_ours_only) {
        true => Exposure::None,
        false => Exposure::Others(None),
    }
}

fn owner_of(file: &File) -> io::Result<String> {
    let text = described(file, SecurityInformation::Owner)?;
    Ok(text.trim_start_matches("O:").to_owned())
}

fn described(file: &File, what: SecurityInformation) -> io::Result<String> {
    let found = GetSecurityInfo(&file.as_handle(), FILE, what)?;
    let text = ConvertSecurityDescriptorToStringSecurityDescriptor(&found, what)?;
    Ok(text.to_string_lossy().into_owned())
}
