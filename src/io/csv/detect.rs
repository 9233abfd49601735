//! Which delimiter a file has, told from its first lines.

use super::scalar::{Role, State, step};

/// The delimiters that are recognised, the most usual first.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many records behind the header are looked at.
const RECORDS: usize = 100;

/// How well a delimiter fits: compared field by field, the first that differs decides.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// The quoting is strict all the way.
    strict: bool,
    /// The share of the records that have as many fields as the header, in per mille.
    even: usize,
    /// The fields of the header.
    width: usize,
}

/// The delimiter of the text that `sample` begins; a file of one column has a comma.
///
/// Returns `None` if two delimiters fit equally well. `whole` tells that nothing follows the
/// sample, so that its last line is complete.
pub(super) fn delimiter(sample: &[u8], whole: bool) -> Option<u8> {
    let mut fits: Vec<(Fit, u8)> = DELIMITERS
        .iter()
        .filter_map(|&delimiter| Some((fit(sample, delimiter, whole)?, delimiter)))
        .collect();
    fits.sort_by(|(a, _), (b, _)| b.cmp(a));
    match fits.as_slice() {
        [] => Some(b','),
        [(first, _), (second, _), ..] if first == second => None,
        [(_, delimiter), ..] => Some(*delimiter),
    }
}

/// How well a delimiter fits, if the header has it at all.
fn fit(sample: &[u8], delimiter: u8, whole: bool) -> Option<Fit> {
    let mut widths = Vec::new();
    let mut strict = true;
    let mut state = State::FieldStart;
    let mut fields = 1;
    let mut blank = true;
    for &byte in sample {
        let (next, role) = step(state, byte, delimiter);
        state = next;
        match role {
            Role::LineEnd if blank => continue,
            Role::LineEnd => {
                widths.push(fields);
                if widths.len() > RECORDS {
                    break;
                }
                if widths == [1] {
                    return None;
                }
                fields = 1;
                blank = true;
                continue;
            }
            Role::FieldEnd => fields += 1,
            Role::TextAfterQuote => {
                strict = false;
                break;
            }
            Role::Content | Role::LiteralQuote => {}
        }
        blank = false;
    }
    if !blank && (whole || widths.is_empty()) {
        widths.push(fields);
    }
    let (&width, rows) = widths.split_first()?;
    if width < 2 {
        return None;
    }
    let even = rows.iter().filter(|&&row| row == width).count();
    let even = (even * 1000).checked_div(rows.len()).unwrap_or(1000);
    Some(Fit {
        strict,
        even,
        width,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_told_from_the_content() {
        for (case, text, expected) in cases![
            "comma", "a,b,c\n1,2,3\n", Some(b',');
            "semicolon with decimal commas", "a;b\n1,5;2,5\n", Some(b';');
            "tab", "a\tb\n1,2\t3\n", Some(b'\t');
            "pipe", "a|b\n1|2", Some(b'|');
            "one column", "nom\nx\n", Some(b',');
            "delimiter of the data only", "nom\na,b\n", Some(b',');
            "quoted delimiters do not count", "\"a;x\",b\n\"1;2;3\",4\n", Some(b',');
            "a header name with a comma", "\"prix, HT\";ville\n1;2\n", Some(b';');
            "the header decides before the rows", "a;b;c,d\n1;2;3\n4;5;6\n", Some(b';');
            "only a header", "a;b;c", Some(b';');
            "CR line ends", "a;b\r1;2\r", Some(b';');
            "even rows beat a wide header", "a,b,c;d\n1;2\n3;4\n", Some(b';');
            "equal fits", "a,b;c\n1,2;3\n", None;
            "nothing", "", Some(b',');
        ] {
            assert_eq!(delimiter(text.as_bytes(), true), expected, "{case}");
        }
    }
}
