//! What goes wrong around a run, with what only Unix has: devices that are full, limits that a shell sets, disks of a
//! test's own, folders of the system.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt};
use std::process::{Command, Stdio};

use crate::support::{Scratch, crm, export, program, records, run};

const OLD: &[u8] = b"yesterday's output";

/// The signal of a file that outgrows its limit, told as an exit code.
const XFSZ: i32 = 128 + 25;

#[test]
fn a_full_device_is_an_error() {
    let scratch = Scratch::new();
    // A few rows that fit any buffer, and many: both are lost only when they are flushed.
    for rows in [1, 20_000] {
        let input = scratch.write("in.csv", export(rows));
        let full = || File::options().write(true).open("/dev/full").unwrap();
        let piped = run(crm(["-q"]).arg(&input).stdout(full())).ended(1);
        assert!(!piped.err.is_empty());
        for extra in [&[][..], &["--shuffle"]] {
            let named = run(crm(["-q", "-o", "/dev/full"]).args(extra).arg(&input)).ended(1);
            assert!(!named.err.is_empty());
            assert!(
                fs::metadata("/dev/full")
                    .unwrap()
                    .file_type()
                    .is_char_device()
            );
        }
        let manifest = run(crm(["-q", "--manifest", "/dev/full"])
            .arg(&input)
            .stdout(Stdio::null()))
        .ended(1);
        assert!(!manifest.err.is_empty());
    }
    run(crm(["-q", "-o", "/dev/null"]).arg(scratch.path("in.csv"))).ended(0);
    assert!(
        fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );
    assert_eq!(scratch.names(), ["in.csv"]);
}

/// Runs the program under `prelude` of a shell, with an old output in its folder.
#[track_caller]
fn under_shell(prelude: &str, rows: u64, extra: &[&str], wanted: &[i32]) {
    let scratch = Scratch::new();
    let temporary = Scratch::new();
    scratch.write("in.csv", export(rows));
    scratch.write("out.csv", OLD);
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{prelude}\nexec \"$0\" \"$@\""), program()])
        .args(["-q", "in.csv", "-o", "out.csv"])
        .args(extra)
        .current_dir(scratch.folder())
        .env("TMPDIR", temporary.folder());
    let outcome = run(&mut command);
    assert!(
        wanted.contains(&outcome.code()),
        "{prelude}: {} {}",
        outcome.code(),
        outcome.err
    );
    assert_eq!(scratch.read("out.csv"), OLD, "{prelude}");
    assert_eq!(scratch.names(), ["in.csv", "out.csv"], "{prelude}");
    assert!(
        temporary.names().is_empty(),
        "{prelude}: {:?}",
        temporary.names()
    );
}

#[test]
fn a_file_size_limit_leaves_the_old_output() {
    for extra in [&[][..], &["--shuffle"], &["-j", "1"]] {
        // With the signal ignored, writing fails; without, the signal ends the run.
        under_shell("trap '' XFSZ; ulimit -f 100", 20_000, extra, &[1]);
        under_shell("ulimit -f 100", 20_000, extra, &[1, XFSZ]);
        under_shell("trap '' XFSZ; ulimit -f 0", 1, extra, &[1]);
    }
}

#[test]
fn a_small_disk_leaves_the_old_output() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(20_000));
    // A disk of its own, in name spaces of its own: no rights are needed and nothing stays mounted.
    let script = r#"
        set -e
        mount -t tmpfs -o size=256k none "$1"
        cd "$1"
        printf old > out.csv
        code=0
        shift
        "$@" -q "$IN" -o out.csv 2>/dev/null || code=$?
        echo "$code $(cat out.csv) $(ls -A)"
    "#;
    let attempt = |extra: &[&str]| {
        let mut command = Command::new("unshare");
        command
            .args([
                "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh",
            ])
            .arg(scratch.path("disk"))
            .args(["env", "TMPDIR=.", program()])
            .args(extra)
            .env("IN", &input);
        run(&mut command)
    };
    fs::create_dir(scratch.path("disk")).unwrap();
    for extra in [&[][..], &["--shuffle"]] {
        let outcome = attempt(extra);
        if outcome.err.contains("unshare") || outcome.err.contains("mount") {
            // Where the system forbids it, a limit on the file's size stands for the full disk.
            println!("no small disk here: {}", outcome.err);
            under_shell("trap '' XFSZ; ulimit -f 512", 20_000, extra, &[1]);
        } else {
            assert_eq!(
                outcome.text().trim(),
                "1 old out.csv",
                "{extra:?}: {}",
                outcome.err
            );
        }
    }
}

#[test]
fn a_shell_s_pipe_that_is_closed_ends_the_run_quietly() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20_000));
    // `crm-anon … | head -c 100` in a shell: nothing is said, and head's success is the pipe's.
    let line = format!("'{}' -qq in.csv | head -c 100", program());
    let outcome = run(Command::new("sh")
        .args(["-c", &line])
        .current_dir(scratch.folder()))
    .ended(0);
    assert_eq!((outcome.out.len(), outcome.err.as_str()), (100, ""));
}

#[test]
fn folders_of_the_system_take_no_file() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(10));
    let to = |path: &str| run(crm(["-q", "-o", path]).arg(&input)).ended(1);
    // No rights bind root there, but the system does.
    to("/proc/out.csv").says(&["/proc"]);
    to("/sys/out.csv").says(&["/sys"]);
}

#[test]
fn a_folder_that_may_not_be_written_is_left_alone() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(10));
    let folder = scratch.path("closed");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("out.csv"), OLD).unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o555)).unwrap();
    let outcome = run(crm(["-q", "-o"]).arg(folder.join("out.csv")).arg(&input));
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    let old = fs::read(folder.join("out.csv")).unwrap();
    if rustix::process::geteuid().is_root() {
        // Rights do not bind root: then it is a folder like any other.
        outcome.ended(0);
        assert_eq!(records(&old, b',').len(), 11);
    } else {
        outcome.ended(1);
        assert_eq!(old, OLD);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_failed_manifest_takes_the_output_with_it_or_comes_first() {
    // A run that ends with an error leaves no new output behind, whatever the error was.
    let scratch = Scratch::new();
    scratch.write("in.csv", export(10));
    scratch.write("out.csv", OLD);
    let mut command = crm([
        "-q",
        "in.csv",
        "-o",
        "out.csv",
        "--manifest",
        "/proc/manifest.json",
    ]);
    run(command.current_dir(scratch.folder())).ended(1);
    assert_eq!(scratch.read("out.csv"), OLD);
    assert_eq!(scratch.names(), ["in.csv", "out.csv"]);
}

#[test]
fn standard_input_that_cannot_be_read_is_an_error() {
    let scratch = Scratch::new();
    let folder = File::open(scratch.folder()).unwrap();
    run(crm(["-q", "-", "-o"])
        .arg(scratch.path("out.csv"))
        .stdin(folder))
    .ended(1);
    let mut write_only = File::create(scratch.path("w")).unwrap();
    write_only.write_all(b"metier\na\n").unwrap();
    run(crm(["-q", "-", "-o"])
        .arg(scratch.path("out.csv"))
        .stdin(write_only))
    .ended(1);
    assert_eq!(scratch.names(), ["w"]);
}
