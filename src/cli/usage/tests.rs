use std::collections::BTreeSet;

use super::*;

#[test]
fn the_language_is_known_before_the_arguments_are_read() {
    for (line, expected) in [
        ("crm-anon a.csv", None),
        ("crm-anon --lang fr a.csv", Some(Language::Fr)),
        ("crm-anon audit --lang=en a.csv", Some(Language::En)),
        ("crm-anon --lang=fr --unknown", Some(Language::Fr)),
        ("crm-anon --lang", None),
        ("crm-anon --lang de", None),
        ("crm-anon --language fr", None),
        ("crm-anon -- --lang fr", None),
    ] {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        assert_eq!(asked_for(&words), expected, "{line}");
    }
}

/// The texts of a command's help.
fn help_of(command: &Command, texts: &mut BTreeSet<String>) {
    let mut look = |text: Option<&clap::builder::StyledStr>| {
        texts.extend(text.map(ToString::to_string));
    };
    look(command.get_about());
    look(command.get_long_about());
    look(command.get_after_help());
    for argument in command.get_arguments() {
        look(argument.get_help());
        look(argument.get_long_help());
        for value in argument.get_possible_values() {
            look(value.get_help());
        }
        let heading = argument.get_help_heading().map(ToOwned::to_owned);
        look(heading.map(Into::into).as_ref());
    }
    command
        .get_subcommands()
        .for_each(|command| help_of(command, texts));
}

#[test]
fn all_help_is_in_the_catalogue_and_nothing_else_is() {
    let mut texts = BTreeSet::new();
    help_of(&Arguments::command(), &mut texts);
    let missing: Vec<_> = texts
        .iter()
        .filter(|text| lang::found(text).is_none())
        .collect();
    assert!(missing.is_empty(), "not translated: {missing:#?}");
    let mut known = lang::texts_of("help");
    known.retain(|text| !texts.contains(text));
    assert!(known.is_empty(), "not in the help: {known:#?}");
}

#[test]
fn the_command_line_is_the_same_in_both_languages() {
    lang::speaking(Language::Fr, || {
        in_language(Arguments::command()).debug_assert()
    });
}

#[test]
fn what_clap_refuses_is_said_in_french() {
    for (line, expected) in [
        ("crm-anon", "obligatoire"),
        ("crm-anon a.csv --k", "attend une valeur"),
        ("crm-anon a.csv --k 1", "nombre entier à partir de 2"),
        ("crm-anon a.csv --kk 3", "« --kk » n'existe pas"),
        (
            "crm-anon a.csv --on-invalid stop",
            "« fail », « blank », « skip »",
        ),
        ("crm-anon a.csv --threads x", "nombre entier"),
        ("crm-anon a.csv -q -v", "incompatibles"),
        ("crm-anon a.csv --k 3 --k 4", "qu'une fois"),
        ("crm-anon journal", "Commandes :"),
        ("crm-anon sql --rows", "« --rows »"),
    ] {
        lang::speaking(Language::Fr, || {
            let command = in_language(Arguments::command());
            let error = command.try_get_matches_from(line.split(' ')).unwrap_err();
            let said = match wrong(&error) {
                Some(said) => said,
                None => error.render().to_string(),
            };
            assert!(said.contains(expected), "{line}: {said}");
            for english in ["error", "Usage", "For more", "argument", "value "] {
                assert!(
                    !said.contains(english) || said.contains("arguments"),
                    "{line}: {said}"
                );
            }
        });
    }
}
