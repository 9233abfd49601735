//! The text of a key file: comments, and one line with version, role, key and checksum.
//!
//! ```text
//! # comment
//! crm-anon-key-1 identite 6Zk…43 characters of base64url… 1f2e3d4c
//! ```
//!
//! The checksum is the first 8 hexadecimal digits of the SHA-256 of all that stands before it in the
//! line, without the space: it catches a character that was mistyped or lost.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use zeroize::Zeroizing;

use crate::base::sha256;

use super::{LENGTH, Role, RoleKey, Secret, VERSION};

/// What begins the line of the key, before the version's number.
const MARK: &str = "crm-anon-key-";

/// The characters of a key.
const CHARACTERS: usize = (LENGTH * 4).div_ceil(3);

/// Why a text gives no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// There is no line of a key, more than one, or text beside it.
    NoKey,
    /// The line does not fit its checksum.
    Damaged,
    /// It is of a later version.
    Later,
}

/// The text of a key file. `made` is the day, for the comment.
pub(super) fn text(key: &RoleKey, made: &str) -> Option<Zeroizing<String>> {
    let mut letters = Zeroizing::new([0; CHARACTERS]);
    BASE64URL
        .encode_slice(key.key.as_slice(), letters.as_mut_slice())
        .ok()?;
    let letters = std::str::from_utf8(letters.as_slice()).ok()?;
    let role = &key.role;
    // Made in one piece, so that no part of it is left behind where it grew.
    let mut text = Zeroizing::new(String::with_capacity(1024));
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "# crm-anon: key of the role `{role}`, made on {made}.\n\
         # Whoever holds this file reads what is encrypted for the role. Keep it from other users\n\
         # (mode 0600) and keep a copy: without it, nobody gets these cells back.\n\
         {MARK}{VERSION} {role} {letters}"
    );
    let line = text.lines().next_back().unwrap_or_default();
    let sum = checksum(line);
    let _ = writeln!(text, " {sum}");
    Some(text)
}

/// The key in the text of a key file.
pub(super) fn parse(text: &str) -> Result<RoleKey, Wrong> {
    let lines = text.lines().map(str::trim_end);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(Wrong::NoKey);
    };
    let (version, rest) = line
        .strip_prefix(MARK)
        .and_then(|rest| rest.split_once(' '))
        .ok_or(Wrong::NoKey)?;
    if version != VERSION.to_string() {
        return Err(match version.parse::<u32>() {
            Ok(version) if version > VERSION => Wrong::Later,
            _ => Wrong::Damaged,
        });
    }
    let (content, sum) = line.rsplit_once(' ').ok_or(Wrong::Damaged)?;
    if checksum(content) != sum {
        return Err(Wrong::Damaged);
    }
    let (role, letters) = rest.split_once(' ').ok_or(Wrong::Damaged)?;
    let letters = letters.split(' ').next().unwrap_or_default();
    let role: Role = role.parse().map_err(|_| Wrong::Damaged)?;
    let mut key: Secret<LENGTH> = Box::default();
    match BASE64URL.decode_slice(letters, key.as_mut_slice()) {
        Ok(LENGTH) => Ok(RoleKey { role, key }),
        _ => Err(Wrong::Damaged),
    }
}

fn checksum(line: &str) -> String {
    let hash = Zeroizing::new(sha256::of(line.as_bytes()));
    hash.chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> RoleKey {
        RoleKey::draw("identite".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_key_comes_back_from_its_text() {
        let key = key();
        let text = text(&key, "2026-11-22").unwrap();
        assert_eq!(text.lines().count(), 4);
        assert!(text.capacity() >= text.len() && text.len() < 512);
        for text in [
            text.to_string(),
            text.replace('\n', "\r\n"),
            text.trim_end().to_owned(),
            format!("\n{}\n\n# end", *text),
        ] {
            let back = parse(&text).unwrap();
            assert_eq!(back.role, key.role);
            assert_eq!(back.key, key.key);
        }
    }

    #[test]
    fn every_character_of_the_line_counts() {
        let text = text(&key(), "2026-11-22").unwrap();
        let line = text.lines().next_back().unwrap();
        for at in 0..line.len() {
            for other in [b'a', b'b', b'1', b'-', b' ', b'X'] {
                let mut bytes = line.as_bytes().to_vec();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
                assert!(parse(std::str::from_utf8(&bytes).unwrap()).is_err(), "{at}");
                bytes.remove(at);
                assert!(parse(std::str::from_utf8(&bytes).unwrap()).is_err(), "{at}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_told_apart() {
        let text = text(&key(), "2026-11-22").unwrap();
        let line = text.lines().next_back().unwrap();
        for (case, text, expected) in [
            ("empty", String::new(), Wrong::NoKey),
            ("comments", "# a\n\n".to_owned(), Wrong::NoKey),
            ("an export", "nom,email\na,b\n".to_owned(), Wrong::NoKey),
            ("two keys", format!("{line}\n{line}"), Wrong::NoKey),
            ("text behind", format!("{line}\nx"), Wrong::NoKey),
            ("later", line.replace("key-1", "key-2"), Wrong::Later),
            ("no version", line.replace("key-1", "key-x"), Wrong::Damaged),
            ("cut", line.get(1..).unwrap().to_owned(), Wrong::NoKey),
            ("mark alone", format!("{MARK}1 "), Wrong::NoKey),
        ] {
            assert_eq!(parse(&text).map(|_| ()), Err(expected), "{case}");
        }
    }
}
