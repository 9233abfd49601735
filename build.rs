//! What `--version` says of a build beside its number: the commit, if it is known, and the target.

use std::env;
use std::fs;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = env::var("TARGET").unwrap_or_default();
    // Other builds are not passed on, and would be compiled anew after each commit.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = is_release.then(commit).flatten();
    let build = match commit {
        Some(commit) => format!("commit {commit}, {target}"),
        None => target,
    };
    println!("cargo:rustc-env=CRM_ANON_BUILD={build}");
}

/// The commit: as `cargo package` wrote it down, else as git knows it; nothing without either.
fn commit() -> Option<String> {
    let packaged = fs::read_to_string(".cargo_vcs_info.json").ok();
    if let Some(packaged) = packaged {
        let (_, rest) = packaged.split_once("\"sha1\"")?;
        return rest
            .split('"')
            .nth(1)
            .and_then(|commit| commit.get(..12).map(str::to_owned));
    }
    // Not the commit of a repository that this folder was copied into.
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo:rerun-if-changed={log}");
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let said = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    said.status.success().then(|| text.trim().to_owned())
}
