//! What goes wrong around a run: full disks, closed pipes, folders that are missing or cannot be
//! written, cut streams. An old output stays whole, nothing new stays, and the exit status tells.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{
    Scratch, crm, exit_code, export, gzip, program, records, run, run_with_input, wait_at_most,
    zstd,
};

const OLD: &[u8] = b"yesterday's output";
const SOON: Duration = Duration::from_secs(30);

/// The signal of a file that outgrows its limit, told as an exit code.
const XFSZ: i32 = 128 + 25;

#[test]
fn a_new_output_is_for_its_owner_alone_and_replaces_the_old_one_whole() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(100));
    for _ in 0..2 {
        run(crm(["-q", "--seed", "1", "-o"])
            .arg(scratch.path("out.csv"))
            .arg(&input))
        .ended(0);
        let mode = fs::metadata(scratch.path("out.csv"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(records(&scratch.read("out.csv"), b',').len(), 101);
        // The second run replaces a longer file with other rights.
        scratch.write("out.csv", vec![b'x'; 1 << 20]);
        fs::set_permissions(scratch.path("out.csv"), PermissionsExt::from_mode(0o644)).unwrap();
    }
    run(crm(["-q", "--seed", "1", "-o"])
        .arg(scratch.path("out.csv"))
        .arg(&input))
    .ended(0);
    assert_eq!(records(&scratch.read("out.csv"), b',').len(), 101);
    assert_eq!(scratch.names(), ["in.csv", "out.csv"]);
    // A file name alone is in the current folder.
    run(crm(["-q", "in.csv", "-o", "bare.csv"]).current_dir(scratch.folder())).ended(0);
    assert_eq!(scratch.names(), ["bare.csv", "in.csv", "out.csv"]);
}

#[test]
fn minus_is_standard_output() {
    let scratch = Scratch::new();
    let mut command = crm(["-q", "--seed", "1", "-", "-o", "-"]);
    let outcome = run_with_input(command.current_dir(scratch.folder()), &export(10)).ended(0);
    assert_eq!(records(&outcome.out, b',').len(), 11);
    assert!(scratch.names().is_empty());
}

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
fn a_closed_pipe_ends_the_run_quietly() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(20_000));
    for extra in [&[][..], &["-j", "1"], &["--shuffle"], &["-v"]] {
        let mut command = crm(extra);
        command
            .arg(&input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let mut start = [0; 100];
        stdout.read_exact(&mut start).unwrap();
        assert!(start.starts_with(b"Index_rd,metier,"));
        drop(stdout);
        let status = wait_at_most(&mut child, SOON);
        assert_eq!(exit_code(status), 128 + 13, "{extra:?}");
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        let said = said.to_lowercase();
        assert!(
            !said.contains("error") && !said.contains("panick") && !said.contains("pipe"),
            "{said}"
        );
    }
    // `crm-anon … | head -c 100` in a shell: nothing is said, and head's success is the pipe's.
    let line = format!("'{}' -qq in.csv | head -c 100", program());
    let outcome = run(Command::new("sh")
        .args(["-c", &line])
        .current_dir(scratch.folder()))
    .ended(0);
    assert_eq!((outcome.out.len(), outcome.err.as_str()), (100, ""));
    // What prints text is no different.
    for args in [
        &["rules"][..],
        &["man"],
        &["--help"],
        &["completions", "bash"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let outcome = run(crm(args).stdout(writer));
        assert_eq!(outcome.code(), 128 + 13, "{args:?}: {}", outcome.err);
        assert_eq!(outcome.err, "", "{args:?}");
    }
}

#[test]
fn what_cannot_be_read_or_written_is_an_error_that_names_it() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(10));
    fs::create_dir(scratch.path("folder")).unwrap();
    let to = |path: &str| {
        run(crm(["-q", "-o", path])
            .arg(&input)
            .current_dir(scratch.folder()))
        .ended(1)
    };
    to("missing/out.csv").says(&["missing"]);
    // A folder takes the output under the input's name; not if that is a folder, too.
    fs::create_dir_all(scratch.path("folder/in.csv")).unwrap();
    to("folder").says(&["folder/in.csv"]);
    to("in.csv/out.csv").says(&["in.csv"]);
    // No rights bind root there, but the system does.
    to("/proc/out.csv").says(&["/proc"]);
    to("/sys/out.csv").says(&["/sys"]);
    let from = |path: &str| {
        run(crm(["-q", "-o", "out.csv", path]).current_dir(scratch.folder()))
            .ended(1)
            .says(&[path]);
    };
    from("missing.csv");
    from("folder");
    let manifest = run(crm([
        "-q", "-o", "out.csv", "--manifest", "missing/m.json", "in.csv",
    ])
    .current_dir(scratch.folder()));
    manifest.ended(1).says(&["missing"]);
    assert_eq!(scratch.names(), ["folder", "in.csv"]);
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
fn a_cut_or_damaged_stream_is_never_taken_for_a_whole_one() {
    let plain = export(60);
    let scratch = Scratch::new();
    scratch.write("out.csv", OLD);
    let refuse = |what: &str, bytes: &[u8], codes: &[i32]| {
        for extra in [&[][..], &["--on-invalid", "skip"]] {
            let mut command = crm(["-q", "-", "-o"]);
            let outcome = run_with_input(command.arg(scratch.path("out.csv")).args(extra), bytes);
            assert!(
                codes.contains(&outcome.code()),
                "{what}: {} {}",
                outcome.code(),
                outcome.err
            );
            assert!(!outcome.err.is_empty(), "{what}");
            assert_eq!(scratch.read("out.csv"), OLD, "{what}");
            assert_eq!(scratch.names(), ["out.csv"], "{what}");
        }
    };
    for (name, packed) in [("gzip", gzip(&plain)), ("zstd", zstd(&plain))] {
        let mut cuts: Vec<usize> = (0..24).map(|n| 20 + n * (packed.len() - 21) / 24).collect();
        cuts.extend((1..=9).map(|n| packed.len() - n));
        for cut in cuts {
            refuse(&format!("{name} cut at {cut}"), &packed[..cut], &[1]);
        }
        for at in [packed.len() / 3, packed.len() / 2, packed.len() - 7] {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            if name == "gzip" {
                // Zstandard carries a checksum only on request.
                refuse(&format!("{name} damaged at {at}"), &damaged, &[1, 3]);
            }
        }
        refuse(
            &format!("{name} and rubbish"),
            &[packed.as_slice(), b"rubbish, and more"].concat(),
            &[1, 3],
        );
        refuse(
            &format!("{name} and half of another"),
            &[packed.as_slice(), &packed[..50]].concat(),
            &[1],
        );
    }
    // Ten bytes of header alone, and the magic number alone.
    refuse("gzip header", &gzip(&plain)[..10], &[1]);
    refuse("gzip magic", &gzip(&plain)[..2], &[1, 3]);
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
