//! Runs that are ended from outside: by Ctrl-C, by `kill`, and by `kill -9` at any moment. The old
//! output stays whole and nothing new stays in any folder.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::waiting::until_it_waits;
use crate::support::{Dice, Scratch, crm, exit_code, export, program, run, wait_at_most};
use rustix::process::{Pid, Signal, kill_process};

const OLD: &[u8] = b"yesterday's output";
const SOON: Duration = Duration::from_secs(30);

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("the process is there");
}

/// Waits until the process has read all that its pipe held and waits for more.
fn let_it_read(child: &Child, written: usize) {
    let start = Instant::now();
    let io = format!("/proc/{}/io", child.id());
    let read = || -> usize {
        let text = std::fs::read_to_string(&io).unwrap_or_default();
        let figure = text.lines().find_map(|line| line.strip_prefix("rchar: "));
        figure.and_then(|f| f.parse().ok()).unwrap_or(0)
    };
    while read() < written && start.elapsed() < Duration::from_secs(5) {
        thread::sleep(Duration::from_millis(5));
    }
    until_it_waits(child);
}

#[test]
fn ctrl_c_and_sigterm_half_way_clean_up() {
    let input = export(8_000);
    let half = &input[..input.len() / 2];
    for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15), (Signal::HUP, 1)] {
        for extra in [&[][..], &["--shuffle"], &["-j", "1"], &["-v"]] {
            let (scratch, temporary) = (Scratch::new(), Scratch::new());
            scratch.write("out.csv", OLD);
            // The tests may run under `nohup`, which has a hangup ignored; the program does not here.
            let mut child = Command::new("env")
                .args(["--default-signal=HUP", program()])
                .args(["-", "-o", "out.csv", "--manifest", "manifest.json"])
                .args(extra)
                .current_dir(scratch.folder())
                .env("TMPDIR", temporary.folder())
                .stdin(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(half).unwrap();
            let_it_read(&child, half.len());
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            send(&child, signal);
            // The pipe stays open: the run ends by the signal, not by the end of its input.
            let status = wait_at_most(&mut child, SOON);
            drop(stdin);
            assert_eq!(exit_code(status), 128 + number, "{extra:?}");
            assert_eq!(scratch.read("out.csv"), OLD, "{number} {extra:?}");
            assert_eq!(scratch.names(), ["out.csv"], "{number} {extra:?}");
            assert!(temporary.names().is_empty(), "{number} {extra:?}");
        }
    }
}

#[test]
fn a_signal_while_nothing_has_come_yet_ends_the_run_too() {
    for signal in [Signal::INT, Signal::TERM] {
        let scratch = Scratch::new();
        let mut child = crm(["-", "-o"])
            .arg(scratch.path("out.csv"))
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        until_it_waits(&child);
        send(&child, signal);
        let status = wait_at_most(&mut child, SOON);
        drop(stdin);
        assert_eq!(exit_code(status), 128 + signal.as_raw());
        assert!(scratch.names().is_empty());
    }
}

#[test]
fn a_signal_at_any_moment_leaves_the_old_output_or_the_new_one_whole() {
    let rows = 8_000;
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", export(rows));
    let run_once = || {
        let mut command = crm(["-q", "--seed", "1", "-o"]);
        command.arg(scratch.path("out.csv")).arg(&input);
        command
    };
    run(&mut run_once()).ended(0);
    let new = scratch.read("out.csv");
    let start = Instant::now();
    run(&mut run_once()).ended(0);
    let whole = start.elapsed();
    let mut dice = Dice(15);
    for n in 0..30 {
        scratch.write("out.csv", OLD);
        let signal = dice.pick(&[Signal::INT, Signal::TERM]);
        let mut child = run_once().spawn().unwrap();
        thread::sleep(whole * u32::try_from(dice.below(1100)).unwrap() / 1000);
        if child.try_wait().unwrap().is_none() {
            send(&child, signal);
        }
        let code = exit_code(wait_at_most(&mut child, SOON));
        let output = scratch.read("out.csv");
        if code == 0 {
            assert!(output == new, "run {n}: success, and not the whole output");
        } else {
            assert_eq!(code, 128 + signal.as_raw(), "run {n}");
            // Behind the renaming, a signal comes too late to take anything back.
            assert!(
                output == OLD || output == new,
                "run {n}: neither old nor new"
            );
        }
        assert_eq!(scratch.names(), ["in.csv", "out.csv"], "run {n}");
    }
}

#[test]
fn kill_9_at_fifty_moments_leaves_the_old_output_and_nothing_else() {
    let people = export(8_000);
    let header = people.iter().position(|b| *b == b'\n').unwrap() + 1;
    let mut large = people[..header].to_vec();
    while large.len() < 6_000_000 {
        large.extend_from_slice(&people[header..]);
    }
    let shared = Scratch::new();
    let input = shared.write("in.csv", large);
    // Two lanes at a time, each with a folder of its own.
    let lane = |extra: &[&str], seed: u64| {
        let scratch = Scratch::new();
        let run_once = || {
            let mut command = crm(["-q", "--seed", "1", "-o"]);
            command.arg(scratch.path("out.csv")).args(extra).arg(&input);
            command.env("TMPDIR", scratch.folder());
            command
        };
        let start = Instant::now();
        run(&mut run_once()).ended(0);
        let whole = start.elapsed();
        let new = scratch.read("out.csv");
        let mut dice = Dice(seed);
        let mut early = 0;
        for n in 0..25 {
            scratch.write("out.csv", OLD);
            let mut child = run_once().spawn().unwrap();
            thread::sleep(whole * u32::try_from(dice.below(1000)).unwrap() / 1000);
            child.kill().unwrap();
            let code = exit_code(child.wait().unwrap());
            let output = scratch.read("out.csv");
            assert!(
                output == OLD || output == new,
                "run {n} {extra:?}: neither old nor new"
            );
            assert!(code != 0 || output == new, "run {n} {extra:?}");
            assert_eq!(scratch.names(), ["out.csv"], "run {n} {extra:?}");
            early += u32::from(output == OLD);
        }
        assert!(
            early >= 5,
            "only {early} of 25 runs were killed before their end"
        );
    };
    thread::scope(|scope| {
        scope.spawn(|| lane(&[], 9));
        scope.spawn(|| lane(&["--shuffle"], 10));
    });
}
