//! Says how the strict reader reads files, for comparison with another reader: one JSON line a
//! file, with a digest of every record, or the reason for refusing it.
//!
//! Usage: `cargo run --example read -- [--delimiter C] FILE...`
//!
//! The digest is the SHA-256 over each record as, for each field, its length in four bytes, the low
//! one first, and its UTF-8 bytes; and four bytes 0xFF behind the last field. A record of another
//! width than the header's is refused, as the anonymiser refuses it.

use std::fs::File;
use std::process::ExitCode;

use crm_anon::inside::{Batch, Ends, IoError as Error, Options, Reader};
use ring::digest::{Context, SHA256};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let mut options = Options {
        max_field: 1 << 28,
        ..Options::default()
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--delimiter" {
            let byte = arguments.next().and_then(|value| value.bytes().next());
            let Some(byte) = byte else {
                eprintln!("--delimiter needs a character");
                return ExitCode::from(2);
            };
            options.delimiter = Some(byte);
            continue;
        }
        let (Ok(mut line) | Err(mut line)) = read(&argument, options);
        if let Value::Object(members) = &mut line {
            members.insert("file".to_owned(), json!(argument));
        }
        println!("{line}");
    }
    ExitCode::SUCCESS
}

fn read(path: &str, options: Options) -> Result<Value, Value> {
    let refused = |error: Error| {
        let code = match &error {
            Error::Refused(refusal) => refusal.reason.code(),
            _ => "unreadable",
        };
        json!({ "refused": code, "message": error.to_string() })
    };
    let file = File::open(path).map_err(Error::Read).map_err(refused)?;
    let mut reader = Reader::open(Box::new(file), options).map_err(refused)?;
    let mut digest = Context::new(&SHA256);
    let mut add = |fields: &mut dyn Iterator<Item = &[u8]>| {
        for field in fields {
            digest.update(&(field.len() as u32).to_le_bytes());
            digest.update(field);
        }
        digest.update(&[0xFF; 4]);
    };
    add(&mut reader.header().iter().map(|name| name.as_bytes()));
    let (mut batch, mut ends, mut scratch) = (Batch::new(), Ends::default(), Vec::new());
    let mut records = 1;
    while reader.fill(&mut batch).map_err(refused)? {
        let checked = batch.check(reader.shown_header(), &mut ends);
        checked.map_err(Error::Refused).map_err(refused)?;
        for row in batch.rows(&ends) {
            if row.width() != reader.header().len() {
                let message = format!("record {}: {} fields", row.number, row.width());
                return Err(json!({ "refused": "width", "message": message }));
            }
            let fields: Vec<Vec<u8>> = (0..row.width())
                .map(|at| {
                    batch
                        .content(row.field(at).unwrap_or_default(), &mut scratch)
                        .to_vec()
                })
                .collect();
            add(&mut fields.iter().map(Vec::as_slice));
            records += 1;
        }
    }
    let hex: String = digest
        .finish()
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(json!({
        "delimiter": char::from(reader.delimiter()).to_string(),
        "encoding": reader.encoding().map_or("ASCII".to_owned(), |encoding| encoding.to_string()),
        "records": records,
        "sha256": hex,
    }))
}
