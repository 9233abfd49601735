//! Makes customer exports of any size for tests and benchmarks: invented people, real post towns.
//!
//! The bytes depend on the seed, the dialect and the row's number only: not on the number of rows,
//! the platform or the compiler. So there is no floating point here, and no library's generator,
//! whose next version may draw other numbers. Both dialects show the same people.

use std::env;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use line::{Dialect, Line, windows_1252};
use person::{HEADER, Lists};
use rng::Rng;

#[path = "generate/ids.rs"]
mod ids;
#[path = "generate/line.rs"]
mod line;
#[path = "generate/person.rs"]
mod person;
#[path = "generate/places.rs"]
mod places;
#[path = "generate/rng.rs"]
mod rng;
#[path = "generate/words.rs"]
mod words;

const HELP: &str = "\
Makes a synthetic customer export: 28 columns, invented people, the same bytes everywhere.

Usage: generate --rows N [--seed S] [--dialect plain|excel] [--people even|skewed] [--output FILE]

  --rows N       number of rows, without the header (1000000 and 1_000_000 are the same)
  --seed S       another seed makes other people [default: 1]
  --dialect D    plain: comma, UTF-8, LF, 1980-05-12, 45000.50  [default]
                 excel: the same people as semicolon, Windows-1252, CRLF, 12/05/1980, 45 000,50 €
  --people P     even: a row each, towns and jobs from short lists  [default]
                 skewed: postal codes by their inhabitants, jobs by Zipf's law, 14 people in 20 rows
  --output FILE  where to write [default: standard output]
  --help         this text
";

struct Options {
    rows: u64,
    seed: u64,
    dialect: Dialect,
    skewed: bool,
    output: Option<String>,
}

/// The options, or `None` where help was asked for.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let (mut rows, mut seed, mut dialect, mut output) = (None, 1, Dialect::Plain, None);
    let mut skewed = false;
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        if !["--rows", "--seed", "--dialect", "--people", "--output"].contains(&name.as_str()) {
            return Err(format!("unknown argument {name:?}"));
        }
        let value = value
            .or_else(|| arguments.next())
            .ok_or(format!("{name} needs a value"))?;
        let whole = || {
            let digits = value.replace('_', "");
            digits
                .parse()
                .map_err(|_| format!("{name} takes a whole number, not {value:?}"))
        };
        match name.as_str() {
            "--rows" => rows = Some(whole()?),
            "--seed" => seed = whole()?,
            "--output" => output = Some(value),
            "--people" => {
                skewed = match value.as_str() {
                    "even" => false,
                    "skewed" => true,
                    _ => return Err(format!("--people takes even or skewed, not {value:?}")),
                }
            }
            _ => {
                dialect = match value.as_str() {
                    "plain" => Dialect::Plain,
                    "excel" => Dialect::Excel,
                    _ => return Err(format!("--dialect takes plain or excel, not {value:?}")),
                }
            }
        }
    }
    let rows = rows.ok_or("--rows N is required")?;
    Ok(Some(Options {
        rows,
        seed,
        dialect,
        skewed,
        output,
    }))
}

fn generate(options: &Options) -> io::Result<()> {
    let sink: Box<dyn Write> = match &options.output {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout().lock()),
    };
    let mut sink = BufWriter::with_capacity(1 << 20, sink);
    let (lists, dialect) = (Lists::new(options.skewed), options.dialect);
    let mut line = Line {
        text: String::new(),
        dialect,
        habits: Rng(0),
    };
    let (mut scratch, mut encoded) = (String::new(), Vec::new());
    for number in 0..=options.rows {
        line.text.clear();
        if number == 0 {
            HEADER.split_whitespace().for_each(|name| line.cell(name));
        } else {
            line.habits = Rng::for_row(options.seed, number, 1);
            let person = lists.person(number);
            let rng = &mut Rng::for_row(options.seed, person, 0);
            let own = &mut Rng::for_row(options.seed, number, 2);
            let own = options.skewed.then_some(own);
            lists.row(person, rng, own, &mut line, &mut scratch);
        }
        line.text.pop(); // the delimiter behind the last cell
        match dialect {
            Dialect::Plain => {
                line.text.push('\n');
                sink.write_all(line.text.as_bytes())?;
            }
            Dialect::Excel => {
                line.text.push_str("\r\n");
                encoded.clear();
                windows_1252(&line.text, &mut encoded)?;
                sink.write_all(&encoded)?;
            }
        }
    }
    sink.flush()
}

fn main() -> ExitCode {
    let options = match options(env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("generate: {message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match generate(&options) {
        // Whoever reads, as `head` does, has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let target = options.output.as_deref().unwrap_or("standard output");
            eprintln!("generate: cannot write {target:?}: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}
