//! Rule kinds and their options.

use super::{code, table};
use crate::rules::{KINDS, Kind};

pub(super) fn section() -> String {
    let rows = KINDS.iter().flat_map(|kind| {
        let first = vec![
            code(kind.name),
            String::new(),
            String::new(),
            kind.summary.to_owned(),
        ];
        let options = kind.options.iter().map(|option| {
            vec![
                code(kind.name),
                code(option.name),
                option.takes.to_owned(),
                option.meaning.to_owned(),
            ]
        });
        std::iter::once(first).chain(options)
    });
    format!(
        "## Rule kinds\n\nIn a rule table: `rule = \"year\"`, or with options `rule = {{ bucket = {{ width = 20_000 }} }}`.\n\n{}",
        table(&["kind", "option", "what it takes", "what it does"], rows)
    )
}

/// The kinds, a line each.
pub(crate) fn list() -> String {
    let width = KINDS.iter().map(|kind| kind.name.len()).max();
    let width = width.unwrap_or_default();
    let lines = KINDS
        .iter()
        .map(|kind| format!("{:width$}  {}\n", kind.name, kind.summary));
    let lines: String = lines.collect();
    format!("{lines}\nOptions of one of them: crm-anon rules --explain KIND\n")
}

/// One kind with its options.
pub(crate) fn explain(kind: &Kind) -> String {
    let mut text = format!("{}: {}\n", kind.name, kind.summary);
    if kind.options.is_empty() {
        text.push_str("\nIt has no options.\n");
    }
    for option in kind.options {
        text.push_str(&format!(
            "\n  {}\n    {}\n    takes {}\n",
            option.name, option.meaning, option.takes
        ));
    }
    let example = match kind
        .options
        .iter()
        .find(|option| option.takes.ends_with("required"))
    {
        Some(option) => format!("rule = {{ {} = {{ {} = … }} }}", kind.name, option.name),
        None => format!("rule = \"{}\"", kind.name),
    };
    text.push_str(&format!(
        "\nIn a rule table:\n\n  [columns.NAME]\n  {example}\n"
    ));
    text
}
