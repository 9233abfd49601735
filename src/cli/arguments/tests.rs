use clap::{CommandFactory, ValueEnum};

use super::*;
use crate::rules::policy::OnInvalid;

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
    let values = OnInvalid::value_variants().len() + Compression::value_variants().len();
    assert_eq!(values, 7);
}

#[test]
fn delimiters_and_sizes_are_checked() {
    for (text, expected) in [
        (",", Some(b',')),
        (";", Some(b';')),
        ("\t", Some(b'\t')),
        ("\\t", Some(b'\t')),
        ("tab", Some(b'\t')),
        ("pipe", Some(b'|')),
        ("", None),
        (",,", None),
        ("\"", None),
        ("é", None),
        (":", None),
    ] {
        assert_eq!(delimiter(text).ok(), expected, "{text:?}");
    }
    for (text, expected) in [
        ("1", Some(1)),
        ("64K", Some(65536)),
        ("1m", Some(1 << 20)),
        ("1G", Some(1 << 30)),
        ("2G", None),
        ("0", None),
        ("-1", None),
        ("K", None),
        ("1T", None),
    ] {
        assert_eq!(size(text).ok(), expected, "{text:?}");
    }
}
