//! The `crm-anon` command: parses, calls the library, prints the error, gives the exit status.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use crm_anon::arguments::Arguments;
use crm_anon::output::cleanup;

fn main() -> ExitCode {
    cleanup::install_panic_hook();
    let arguments = Arguments::parse();
    let done = match cleanup::install() {
        Ok(()) => crm_anon::run(arguments),
        Err(source) => Err(crm_anon::error::Error::System {
            what: "signal handlers",
            source,
        }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => cleanup::end_by_sigpipe(),
        Err(error) => {
            // With nobody to read it, the status must do.
            let _ = writeln!(std::io::stderr(), "crm-anon: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
