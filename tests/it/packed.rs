//! An output that is compressed as its name says.

use std::io::Read as _;
use std::path::Path;

use crate::support::system;
use serde_json::Value;

use crate::support::{Scratch, crm, export, run};

/// What the library for Zstandard unpacks, with its checksum.
fn unpacked_zstd(path: &Path) -> Vec<u8> {
    let mut text = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    let mut decoder = zstd::stream::read::Decoder::new(file).unwrap();
    decoder.read_to_end(&mut text).unwrap();
    text
}

#[test]
fn gzip_and_zstd_hold_the_rows_and_the_manifest_their_digest() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(3000));
    let write = |name: &str, more: &[&str]| {
        let mut command = crm(["in.csv", "-qq", "--seed", "1", "-o", name]);
        run(command.args(more).current_dir(scratch.folder()))
    };
    write("out.csv", &[]).ended(0);
    let plain = scratch.read("out.csv");
    for (name, shuffled) in [
        ("out.csv.gz", false),
        ("OUT.CSV.GZ", false),
        ("s.csv.gz", true),
    ] {
        let more = if shuffled { &["--shuffle"][..] } else { &[] };
        let more = [more, &["--manifest", "run.json"]].concat();
        write(name, &more).ended(0);
        let text = system::gunzip(&scratch.path(name));
        assert_eq!(text == plain, !shuffled, "{name}");
        let lines = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines(&text), lines(&plain), "{name}");
        let manifest: Value = serde_json::from_slice(&scratch.read("run.json")).unwrap();
        let sum = system::sha256(&scratch.path(name));
        assert_eq!(manifest["output"]["sha256"], sum);
        assert_eq!(manifest["output"]["bytes"], scratch.read(name).len());
    }
    write("out.csv.zst", &[]).ended(0);
    assert_eq!(unpacked_zstd(&scratch.path("out.csv.zst")), plain);
    // The same bytes, whatever the number of threads.
    let packed = scratch.read("out.csv.gz");
    write("out.csv.gz", &["-j", "1"]).ended(0);
    assert_eq!(scratch.read("out.csv.gz"), packed);
}

#[test]
fn it_appears_whole_or_not_at_all() {
    let scratch = Scratch::new();
    scratch.write("in.csv", "metier,revenus\na,b\n");
    scratch.write("out.csv.gz", "last night");
    let write = |name: &str| {
        let mut command = crm(["in.csv", "-qq", "-o", name]);
        run(command.current_dir(scratch.folder()))
    };
    write("out.csv.gz").ended(3);
    assert_eq!(scratch.read("out.csv.gz"), b"last night");
    assert_eq!(scratch.names(), ["in.csv", "out.csv.gz"]);
    for name in ["out.xlsx.gz", "out.xlsx.zst"] {
        write(name).ended(2).says(&["compressed already"]);
    }
    assert_eq!(scratch.names(), ["in.csv", "out.csv.gz"]);
}

#[test]
fn what_is_encrypted_is_compressed_before() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(2000));
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN";
    let size = |name: &str| {
        let mut command = crm([
            "in.csv", "-qq", "--seed", "1", "-o", name, "--encrypt-to", key,
        ]);
        run(command.current_dir(scratch.folder())).ended(0);
        let bytes = scratch.read(name);
        assert!(bytes.starts_with(b"age-encryption.org/v1"), "{name}");
        bytes.len()
    };
    let (packed, plain) = (size("out.csv.gz.age"), size("out.csv.age"));
    assert!(packed * 2 < plain, "{packed} of {plain} bytes");
}
