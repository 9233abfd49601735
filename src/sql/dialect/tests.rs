//! Constant texts, read by the grammar of each engine's literals: under both settings of PostgreSQL,
//! as Spark 3.5 and Spark 4 read them, by ClickHouse, and by MariaDB and MySQL, where no literal may
//! have a backslash.

use std::iter::Peekable;
use std::str::Chars;

use proptest::prelude::*;

use super::*;
use crate::sql::pattern::exactly;
use crate::sql::{DIALECTS, dialect};

/// How an engine reads what stands between quotes.
#[derive(Clone, Copy, Debug)]
struct Reading {
    dialect: &'static str,
    /// Whether a backslash escapes in a plain literal, too.
    backslash: bool,
    /// Whether two quotes side by side are a quote; otherwise one literal ends and another begins.
    doubled: bool,
}

const READINGS: [Reading; 5] = [
    Reading {
        dialect: "postgresql",
        backslash: false,
        doubled: true,
    },
    Reading {
        dialect: "postgresql",
        backslash: true,
        doubled: true,
    },
    Reading {
        dialect: "duckdb",
        backslash: false,
        doubled: true,
    },
    Reading {
        dialect: "spark",
        backslash: true,
        doubled: false,
    },
    Reading {
        dialect: "spark",
        backslash: true,
        doubled: true,
    },
];

impl Reading {
    /// What an expression of literals, calls of `chr` and `||` is; nothing if there is more in it.
    fn read(self, expression: &str) -> Option<String> {
        if self.dialect == "spark" && expression.contains("${") {
            return None;
        }
        let expression = expression.trim();
        let inner = expression
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let mut characters = inner.unwrap_or(expression).trim().chars().peekable();
        let mut value = String::new();
        loop {
            match characters.next()? {
                '\'' => self.literal(&mut characters, self.backslash, &mut value)?,
                'E' if self.dialect == "postgresql" && characters.next()? == '\'' => {
                    self.literal(&mut characters, true, &mut value)?;
                }
                'c' if self.dialect == "duckdb" => {
                    let call: String = characters.by_ref().take_while(|c| *c != ')').collect();
                    let number = call.strip_prefix("hr(")?.parse().ok()?;
                    value.push(char::from_u32(number)?);
                }
                _ => return None,
            }
            let blank = |characters: &mut Peekable<Chars<'_>>| {
                while characters.next_if(|c| " \n".contains(*c)).is_some() {}
            };
            blank(&mut characters);
            match characters.next() {
                None => return Some(value),
                Some('|') if characters.next() == Some('|') => blank(&mut characters),
                Some(_) => return None,
            }
        }
    }

    /// Reads up to the end of a literal whose first quote is gone.
    fn literal(
        self,
        characters: &mut Peekable<Chars<'_>>,
        escapes: bool,
        value: &mut String,
    ) -> Option<()> {
        let mut units = Vec::new();
        loop {
            match characters.next()? {
                '\'' if characters.peek() != Some(&'\'') => break,
                '\'' => {
                    characters.next();
                    if self.doubled {
                        units.push(u16::from(b'\''));
                    }
                }
                '\\' if escapes => self.escape(characters, &mut units)?,
                c => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
            }
        }
        value.push_str(&String::from_utf16(&units).ok()?);
        Some(())
    }

    fn escape(self, characters: &mut Peekable<Chars<'_>>, units: &mut Vec<u16>) -> Option<()> {
        let c = match characters.next()? {
            'u' => {
                let digits: String = characters.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&digits, 16).ok()?);
                return Some(());
            }
            'U' if self.dialect == "postgresql" => {
                let digits: String = characters.by_ref().take(8).collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
            }
            '\\' => '\\',
            // Whether PostgreSQL takes it is a setting of its own.
            '\'' if self.dialect == "spark" => '\'',
            // Each of the others is something else to one of the engines, or nothing.
            _ => return None,
        };
        units.extend(c.encode_utf16(&mut [0; 2]).iter());
        Some(())
    }
}

/// What an expression of MariaDB's or MySQL's literals and of `concat`, `replace` and `convert` is, under
/// every `sql_mode` and character set of the connection; nothing if there is more in it, or less is sure.
fn read_by_mariadb(expression: &str) -> Option<String> {
    let expression = expression.trim();
    if let Some(list) = call("concat", expression) {
        return arguments(list).map(read_by_mariadb).collect();
    }
    if let Some(list) = call("replace", expression) {
        let parts: Option<Vec<String>> = arguments(list).map(read_by_mariadb).collect();
        let [text, from, to] = <[String; 3]>::try_from(parts?).ok()?;
        return Some(text.replace(&from, &to));
    }
    let converted =
        call("convert", expression).and_then(|call| call.strip_suffix(" USING utf8mb4"));
    let introduced = expression.strip_prefix("_utf8mb4 ");
    let introduced = introduced.filter(|literal| literal.starts_with("X'"));
    if let Some(bytes) = converted.or(introduced) {
        let digits = bytes.strip_prefix("X'")?;
        let pairs = digits.strip_suffix('\'')?.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        return String::from_utf8(bytes?).ok();
    }
    let (in_utf8, literal) = match expression.strip_prefix("_utf8mb4 ") {
        Some(literal) => (true, literal),
        None => (false, expression),
    };
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = inner.replace("''", "\u{1}");
    let sure = !text.contains(['\'', '\\']) && (in_utf8 || text.is_ascii());
    sure.then(|| text.replace('\u{1}', "'"))
}

/// What one or several of ClickHouse's literals are, which escape bytes; nothing if there is more.
fn read_by_clickhouse(expression: &str) -> Option<String> {
    let expression = expression.trim().trim_matches(['(', ')']);
    let literals = expression.split("' ||\n");
    let (count, mut bytes) = (literals.clone().count(), Vec::new());
    for (at, literal) in literals.enumerate() {
        let inner = literal.trim().strip_prefix('\'')?;
        let inner = if at + 1 == count {
            inner.strip_suffix('\'')?
        } else {
            inner
        };
        let mut rest = inner.bytes();
        while let Some(byte) = rest.next() {
            match (byte, byte == b'\\') {
                (b'\'', _) => return None,
                (_, false) => bytes.push(byte),
                (_, true) => match rest.next()? {
                    b'x' => {
                        let digits = [rest.next()?, rest.next()?];
                        let digits = str::from_utf8(&digits).ok()?.to_owned();
                        bytes.push(u8::from_str_radix(&digits, 16).ok()?);
                    }
                    itself @ (b'\'' | b'\\') => bytes.push(itself),
                    _ => return None,
                },
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// What stands between the parentheses of a call.
fn call<'a>(name: &str, expression: &'a str) -> Option<&'a str> {
    let list = expression.strip_prefix(name)?.strip_prefix('(')?;
    list.strip_suffix(')')
}

/// The arguments of a call: commas within literals and parentheses divide nothing.
fn arguments(list: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut depth) = (false, 0);
    list.split(move |c| {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        c == ',' && !quoted && depth == 0
    })
}

/// Checks a text, and a pattern of it, under all readings.
fn stays_a_text(text: &str) {
    let pattern = exactly(&plain(text));
    for (name, read) in [
        ("mariadb", read_by_mariadb as fn(&str) -> Option<String>),
        ("mysql", read_by_mariadb),
        ("clickhouse", read_by_clickhouse),
    ] {
        let dialect = dialect(name).unwrap();
        for (written, expected) in [
            (dialect.text(text), text),
            (dialect.pattern(&pattern), &pattern),
        ] {
            assert_eq!(read(&written).as_deref(), Some(expected), "{written}");
            let line_breaks = written.contains(|c: char| c.is_control() && c != '\n');
            assert!(!line_breaks, "{written:?}");
        }
    }
    for reading in READINGS {
        let dialect = dialect(reading.dialect).unwrap();
        let written = dialect.text(text);
        assert_eq!(
            reading.read(&written).as_deref(),
            Some(text),
            "{reading:?}: {written}"
        );
        assert!(
            !written.contains(char::is_control),
            "{reading:?}: {written:?}"
        );
        let written = dialect.pattern(&pattern);
        assert_eq!(
            reading.read(&written).as_ref(),
            Some(&pattern),
            "{reading:?}: {written}"
        );
    }
}

/// Those of its characters that are printable ASCII.
fn plain(text: &str) -> String {
    text.chars().filter(|c| matches!(c, ' '..='~')).collect()
}

#[test]
fn hostile_texts_stay_texts() {
    for text in [
        "",
        "l'inconnu",
        "'",
        "''",
        "\\",
        "\\'",
        "\\'; DROP TABLE clients; --",
        "x' || pg_read_file('/etc/passwd') || 'y",
        "\\! touch /tmp/x",
        "a\n\\! touch /tmp/x\n",
        ":var :'var' :\"var\"",
        "$$ $1 ${env:HOME} ${",
        "-- /* */ ;\n",
        "\\u0027 \\x27 \\047 \\0",
        "%_\\%\\_",
        "é œ 日本 👍 N°",
        "\t\r\n\u{b}\u{7f}\u{85}",
        "\u{a0}\u{202e}\u{2066}\u{feff}\u{e0041}",
        "E'x'",
    ] {
        stays_a_text(text);
    }
    stays_a_text(&"'\\".repeat(300));
    stays_a_text("\\ has every stand-in beside it: ~!@#%&;<>=`");
}

#[test]
fn the_readings_tell_texts_that_end_early() {
    for (at, written) in [
        (0, "'a'b'"),
        (1, r"'^(?:\''')$'"),
        (1, r"'a\'"),
        (2, "'a' || b"),
        (3, "'a''' || 'b"),
        (4, "'${a}'"),
    ] {
        let reading = READINGS[at];
        assert_eq!(reading.read(written), None, "{reading:?}: {written}");
    }
    for written in ["'a'b'", r"'a\'", r"'\n'", "'a' || b"] {
        assert_eq!(read_by_clickhouse(written), None, "{written}");
    }
    for written in [
        "'a'b'", r"'a\'", "'é'", "X'41'", "concat('a', b)", "'a' || 'b'",
    ] {
        assert_eq!(read_by_mariadb(written), None, "{written}");
    }
    assert_eq!(
        READINGS[3].read("'l''inconnu'").as_deref(),
        Some("linconnu")
    );
}

#[test]
fn hostile_names_stay_names() {
    for name in ["a\"b", "a`b", "\"", "``", "a'b;--", "a\\b"] {
        for dialect in DIALECTS {
            let (quote, written) = (dialect.name_quote(), dialect.name_of(name));
            let inner = written
                .strip_prefix(quote)
                .and_then(|rest| rest.strip_suffix(quote));
            let twice = format!("{quote}{quote}");
            let parts: Vec<&str> = inner.unwrap().split(&twice).collect();
            assert!(parts.iter().all(|part| !part.contains(quote)), "{written}");
            let mut read = parts.join(&quote.to_string());
            if dialect.name() == "clickhouse" {
                assert!(!read.replace("\\\\", "").contains('\\'), "{written}");
                read = read.replace("\\\\", "\\");
            }
            assert_eq!(read, name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_text_stays_a_text(text in "(['\\\\:$\\-/*{};E%_ua0\n\t é\u{a0}\u{202e}👍]|[^\u{0}]){0,40}") {
        stays_a_text(&text);
    }
}
