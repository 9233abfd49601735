//! The name of a role: what a key file, a rule table and an encrypted cell call it.

use crate::base::lang::Fixed;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// The longest name.
const LONGEST: usize = 32;

/// The name of a role: a small letter, then up to 31 small letters, digits, `_` or `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Role(String);

impl Role {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Role {
    type Err = Fixed;

    fn from_str(name: &str) -> Result<Self, Fixed> {
        let first = name.starts_with(|c: char| c.is_ascii_lowercase());
        let all = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
        match first && all && name.len() <= LONGEST {
            true => Ok(Self(name.to_owned())),
            false => Err(fixed!(
                "expected the name of a role: a small letter (a to z), then at most 31 small \
                 letters, digits, _ or -"
            )),
        }
    }
}

impl TryFrom<String> for Role {
    type Error = Fixed;

    fn try_from(name: String) -> Result<Self, Fixed> {
        name.parse()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        let (longest, longer) = ("a".repeat(32), "a".repeat(33));
        for (name, expected) in [
            ("identite", true),
            ("a", true),
            ("rh-2026_b", true),
            (longest.as_str(), true),
            (longer.as_str(), false),
            ("", false),
            ("Identite", false),
            ("identité", false),
            ("2a", false),
            ("-a", false),
            ("a.b", false),
            ("a b", false),
            ("a\n", false),
        ] {
            assert_eq!(name.parse::<Role>().is_ok(), expected, "{name:?}");
        }
    }
}
