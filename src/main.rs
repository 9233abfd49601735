//! The `crm-anon` command: parses, calls the library, prints the error, gives the exit status.

use std::io::ErrorKind;
use std::process::ExitCode;

use crm_anon::{SystemError, cleanup};

const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("CRM_ANON_BUILD"), ")");

fn main() -> ExitCode {
    cleanup::install_panic_hook();
    match crm_anon::complete() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(_) => return ExitCode::FAILURE,
    }
    let arguments = match crm_anon::parse(crm_anon::words(), BUILD) {
        Ok(arguments) => arguments,
        // Help and version come this way too.
        Err(error) => {
            return match crm_anon::print_usage(&error) {
                Err(pipe) if pipe.kind() == ErrorKind::BrokenPipe => cleanup::end_by_sigpipe(),
                Err(_) if error.exit_code() == 0 => ExitCode::FAILURE,
                _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
            };
        }
    };
    let done = cleanup::install()
        .map_err(|source| SystemError::signal_handlers(source).into())
        .and_then(|()| crm_anon::run(arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if crm_anon::is_closed_pipe(&error) => cleanup::end_by_sigpipe(),
        Err(error) => {
            // With nobody to read it, the status must do.
            crm_anon::tell(&error);
            ExitCode::from(crm_anon::status(&error))
        }
    }
}
