//! What the TOML parser and serde say of a rule table, in the language in use: both say it in English.

use crate::base::lang::{Fixed, Language};

/// What is wrong with a text that is no TOML.
static SYNTAX: &[Fixed] = &[
    fixed!("`_` may only go between digits"),
    fixed!("carriage return must be followed by newline"),
    fixed!("duplicate key"),
    fixed!("extra `=`"),
    fixed!("extra assignment between key-value pairs"),
    fixed!("extra comma in array"),
    fixed!("extra comma in inline table"),
    fixed!("integers with a radix cannot be signed"),
    fixed!("invalid basic string"),
    fixed!("invalid comment character"),
    fixed!("invalid inline table element"),
    fixed!("invalid key-value pair"),
    fixed!("invalid literal string"),
    fixed!("invalid unquoted key"),
    fixed!("invalid value"),
    fixed!("key with no value"),
    fixed!("keys cannot be multi-line basic strings"),
    fixed!("keys cannot be multi-line literal strings"),
    fixed!("missing assignment between key-value pairs"),
    fixed!("missing closing quote"),
    fixed!("missing comma between array elements"),
    fixed!("missing comma between key-value pairs"),
    fixed!("missing escaped value"),
    fixed!("missing key for inline table element"),
    fixed!("missing opening quote"),
    fixed!("missing value"),
    fixed!("missing value for key"),
    fixed!("redundant numeric sign"),
    fixed!("string values must be quoted"),
    fixed!("unclosed array"),
    fixed!("unclosed array table"),
    fixed!("unclosed inline table"),
    fixed!("unclosed table"),
    fixed!("unexpected content"),
    fixed!("unexpected key or value"),
    fixed!("unexpected leading zero"),
    fixed!("unexpected sign"),
    fixed!("unquoted keys cannot be empty"),
];

/// What serde expects where no visitor of ours says it, and what it was given.
static TYPES: &[Fixed] = &[
    fixed!("a boolean"),
    fixed!("a string"),
    fixed!("a sequence"),
    fixed!("a map"),
    fixed!("string or map"),
    fixed!("f64"),
    fixed!("i64"),
    fixed!("u32"),
    fixed!("u64"),
    fixed!("path string"),
    fixed!("a Spanned"),
    fixed!("map"),
    fixed!("sequence"),
    fixed!("datetime"),
    fixed!("key"),
    fixed!("value"),
    fixed!("newline"),
    fixed!("numbers"),
    fixed!("letters"),
    fixed!("boolean"),
    fixed!("integer"),
    fixed!("floating point"),
    fixed!("string"),
];

/// What attributes of ours have serde say, which takes no other text than a constant there.
static EXPECTING: &[Fixed] = &[
    fixed!(
        "expected \"count\", { sum = \"COLUMN\" }, { mean = \"COLUMN\" }, { share = { column = \"COLUMN\", is = \"VALUE\" } } or { quantile = \"COLUMN\", at = [0.5], round = 1000 }"
    ),
    fixed!(
        "expected a list of values, \"departement\", \"region\", \"threshold\", { years = [1930, 2010] } or { from = 0, to = 100_000, width = 20_000 }"
    ),
    fixed!("expected the name of a column, or a list of names"),
    fixed!(
        "expected the name of a file, or { file = \"population.csv\", place = \"…\", sex = \"…\", age = \"…\", birth_year = \"…\" }"
    ),
    fixed!("a table with column and is"),
    fixed!("a table with column, keep, older and formats"),
    fixed!("a table with column and what must hold of it"),
];

/// A message of the parser or of serde. What it is about is between the marks that it sets itself; where its
/// form is not known, all that is said is that something is wrong there.
pub(super) fn in_language(message: &str) -> String {
    let lines = message.trim().replace('\n', ", ");
    match Language::in_use() {
        Language::En => lines.replace("unknown variant ", "unknown value "),
        Language::Fr => framed(&lines)
            .or_else(|| Some(known(EXPECTING, &lines)?.to_string()))
            .or_else(|| Some(known(SYNTAX, lines.split(", expected ").next()?)?.to_string()))
            .unwrap_or_else(|| match is_ours(&lines) {
                true => lines,
                false => fixed!("this is not correct TOML").to_string(),
            }),
    }
}

/// Whether it is a message of a rule kind, which is in the language in use already.
fn is_ours(message: &str) -> bool {
    let english = |text: &str| text.is_ascii() && known(SYNTAX, text).is_none();
    !english(message) || message.contains('«')
}

/// One of serde's own sentences.
fn framed(message: &str) -> Option<String> {
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    };
    let expected = expected.map(wanted);
    let sentence = |word: &str| Some(what.strip_prefix(word)?.to_owned());
    if let Some(name) = sentence("unknown field ") {
        let expected = expected.unwrap_or_default();
        return Some(text!(
            "unknown option {name}, expected {expected}",
            name,
            expected
        ));
    }
    if let Some(name) = sentence("unknown variant ") {
        let expected = expected.unwrap_or_default();
        return Some(text!(
            "unknown value {name}, expected {expected}",
            name,
            expected
        ));
    }
    if let Some(name) = sentence("missing field ") {
        return Some(text!("the option {name} is missing", name));
    }
    if let Some(name) = sentence("duplicate field ") {
        return Some(text!("the option {name} is there twice", name));
    }
    let given = sentence("invalid type: ").or_else(|| sentence("invalid value: "));
    if let Some(given) = given {
        let given = wanted(&given);
        let expected = expected.unwrap_or_default();
        return Some(text!(
            "{given} is not taken here: expected {expected}",
            given,
            expected
        ));
    }
    let length = sentence("invalid length ")?;
    let expected = expected.unwrap_or_default();
    Some(text!(
        "{length} values are not taken here: expected {expected}",
        length,
        expected
    ))
}

/// What is expected, or what was given: a type, and a value in its marks.
fn wanted(text: &str) -> String {
    if let Some(text) = known(TYPES, text).or_else(|| known(EXPECTING, text)) {
        return text.to_string();
    }
    if let Some(names) = text.strip_prefix("one of ") {
        return text!("one of {names}", names);
    }
    // `integer `5``, `string "abc"`.
    let split = text.find(['`', '"']);
    let given = split.and_then(|at| Some((text.get(..at)?, text.get(at..)?)));
    match given.and_then(|(kind, value)| Some((known(TYPES, kind.trim_end())?, value))) {
        Some((kind, value)) => format!("{kind} {value}"),
        None => text.replace(" or ", fixed!(" or ").get()),
    }
}

fn known(texts: &[Fixed], text: &str) -> Option<Fixed> {
    texts.iter().copied().find(|known| known.english() == text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The texts of all `expecting` attributes below a folder.
    fn texts_of_attributes(folder: &Path, texts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                texts_of_attributes(&path, texts);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let code = fs::read_to_string(path).unwrap().replace("\\\"", "\u{0}");
                let behind = code.split("expecting = \"").skip(1);
                let found = behind.filter_map(|behind| behind.split('"').next());
                texts.extend(found.map(|text| text.replace('\u{0}', "\"")));
            }
        }
    }

    #[test]
    fn what_attributes_say_is_known() {
        let mut texts = Vec::new();
        texts_of_attributes(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut texts,
        );
        for text in &texts {
            assert!(known(EXPECTING, text).is_some(), "{text}");
        }
        assert_eq!(texts.len(), EXPECTING.len());
    }
}
