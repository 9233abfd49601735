//! The `crm-anon` command: parses, calls the library, prints the error, gives the exit status.

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;
use crm_anon::cli::arguments::Arguments;
use crm_anon::io::output::cleanup;

fn main() -> ExitCode {
    cleanup::install_panic_hook();
    let arguments = match Arguments::try_parse() {
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
    let done = match cleanup::install() {
        Ok(()) => crm_anon::run(arguments),
        Err(source) => Err(crm_anon::cli::exit::Error::System {
            what: "signal handlers",
            source,
        }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => cleanup::end_by_sigpipe(),
        Err(error) => {
            // With nobody to read it, the status must do.
            crm_anon::say(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
