//! Who runs the program.

/// The name of the user, as the environment has it: users have no numbers here, and their name can only be asked
/// for by calls that the language does not hold safe.
pub(crate) fn of_process() -> (Option<u32>, Option<String>) {
    let name = std::env::var_os("USERNAME");
    (None, name.map(|name| name.to_string_lossy().into_owned()))
}
