//! What goes wrong around a run: full disks, closed pipes, folders that are missing or cannot be
//! written, cut streams. An old output stays whole, nothing new stays, and the exit status tells.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::time::Duration;

use crate::support::system;
use crate::support::{
    Scratch, crm, exit_code, export, gzip, records, run, run_with_input, wait_at_most, zstd,
};

const OLD: &[u8] = b"yesterday's output";
const SOON: Duration = Duration::from_secs(30);

#[test]
fn a_new_output_is_for_its_owner_alone_and_replaces_the_old_one_whole() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(100));
    for _ in 0..2 {
        run(crm(["-q", "--seed", "1", "-o"])
            .arg(scratch.path("out.csv"))
            .arg(&input))
        .ended(0);
        assert!(system::is_closed(&scratch.path("out.csv")));
        assert_eq!(records(&scratch.read("out.csv"), b',').len(), 101);
        // The second run replaces a longer file with other rights.
        scratch.write("out.csv", vec![b'x'; 1 << 20]);
        system::open_to_all(&scratch.path("out.csv"));
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
    to("folder").says(&["folder", "in.csv"]);
    to("in.csv/out.csv").says(&["in.csv"]);
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
