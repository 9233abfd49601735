//! Rule kinds and their options.

use super::{code, table};
use crate::base::lang;
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

/// The kinds, a line each, in the language in use.
pub(crate) fn list() -> String {
    let width = KINDS.iter().map(|kind| kind.name.len()).max();
    let width = width.unwrap_or_default();
    let lines = KINDS
        .iter()
        .map(|kind| format!("{:width$}  {}\n", kind.name, lang::of_list(kind.summary)));
    let lines: String = lines.collect();
    let more = fixed!("Options of one of them: crm-anon rules --explain KIND");
    format!("{lines}\n{more}\n")
}

/// One kind with its options, in the language in use.
pub(crate) fn explain(kind: &Kind) -> String {
    let mut text = format!("{}: {}\n", kind.name, lang::of_list(kind.summary));
    if kind.options.is_empty() {
        text.push_str(&format!("\n{}\n", fixed!("It has no options.")));
    }
    for option in kind.options {
        let takes = text!("takes {what}", what = lang::of_list(option.takes));
        text.push_str(&format!(
            "\n  {}\n    {}\n    {takes}\n",
            option.name,
            lang::of_list(option.meaning)
        ));
    }
    let required = kind.options.iter();
    let required = required.filter(|option| option.takes.ends_with("required"));
    let required: Vec<String> = required
        .map(|option| format!("{} = …", option.name))
        .collect();
    let example = match required.is_empty() {
        false => format!("rule = {{ {} = {{ {} }} }}", kind.name, required.join(", ")),
        true => format!("rule = \"{}\"", kind.name),
    };
    let heading = fixed!("In a rule table:");
    text.push_str(&format!("\n{heading}\n\n  [columns.NAME]\n  {example}\n"));
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_kinds_are_in_the_catalogue_and_nothing_else_is() {
        let options = KINDS.iter().flat_map(|kind| kind.options);
        let of_options = options.flat_map(|option| [option.takes, option.meaning]);
        let mut texts: BTreeSet<String> = of_options.map(ToOwned::to_owned).collect();
        let own = |kind: &&Kind| [kind.summary, kind.done.english()];
        texts.extend(KINDS.iter().flat_map(own).map(ToOwned::to_owned));
        let known: BTreeSet<String> = lang::texts_of("kinds").into_iter().collect();
        assert_eq!(known, texts);
    }

    #[test]
    fn an_example_has_all_that_is_required() {
        let noise = crate::rules::kind("noise").unwrap();
        let told = explain(noise);
        assert!(
            told.contains("rule = { noise = { distribution = …, scale = … } }"),
            "{told}"
        );
    }
}
