use serde_json::Value;

use super::*;

fn written(form: FindingsForm, path: &str, findings: &[Finding]) -> String {
    let status = if findings.is_empty() { 0 } else { 3 };
    let meaning = |_: &str| "what it stands for";
    let all = Findings {
        command: "check",
        path,
        status,
        findings,
        meaning,
    };
    all.written(form)
}

fn finding(message: &str, place: Option<(usize, usize)>) -> Finding {
    Finding {
        code: "column_gone",
        message: message.to_owned(),
        place,
    }
}

#[test]
fn a_message_stays_one_workflow_command() {
    for (path, message, place, expected) in [
        (
            "a.toml",
            "gone",
            None,
            "::error file=a.toml,title=column_gone::gone\n",
        ),
        (
            "a,b:c.toml",
            "50 %\n::warning::x\r",
            Some((3, 8)),
            "::error file=a%2Cb%3Ac.toml,line=3,col=8,title=column_gone::50 %25%0A::warning::x\\u{d}\n",
        ),
    ] {
        let found = [finding(message, place)];
        assert_eq!(written(FindingsForm::Github, path, &found), expected);
    }
    assert_eq!(written(FindingsForm::Github, "a.toml", &[]), "");
}

#[test]
fn a_fingerprint_stays_as_long_as_the_finding_does() {
    let prints = |path: &str, message: &str| -> Vec<String> {
        let found = [finding(message, Some((7, 1))), finding("other", None)];
        let report: Value =
            serde_json::from_str(&written(FindingsForm::Gitlab, path, &found)).unwrap();
        let entries = report.as_array().unwrap();
        assert_eq!(entries[0]["location"]["lines"]["begin"], 7);
        assert_eq!(entries[1]["location"]["lines"]["begin"], 1);
        let prints = entries
            .iter()
            .map(|entry| entry["fingerprint"].as_str().unwrap().to_owned());
        prints.collect()
    };
    let first = prints("a.toml", "gone");
    assert_eq!(first, prints("a.toml", "gone"));
    assert_ne!(first[0], first[1]);
    assert_ne!(first[0], prints("b.toml", "gone")[0]);
    assert_ne!(first[0], prints("a.toml", "gone now")[0]);
}

#[test]
fn any_text_is_well_formed_xml() {
    let message = "<&\"'> \u{1b}[31m\u{0}\nsecond line ]]> \u{ffff}";
    let found = [finding(message, None), finding("plain", Some((2, 3)))];
    let report = written(FindingsForm::Junit, "a<b>\".toml", &found);
    let document = roxmltree::Document::parse(&report).unwrap();
    let suite = document
        .descendants()
        .find(|node| node.has_tag_name("testsuite"))
        .unwrap();
    assert_eq!(
        (suite.attribute("tests"), suite.attribute("failures")),
        (Some("2"), Some("2"))
    );
    let failures: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .collect();
    assert_eq!(failures.len(), 2);
    assert_eq!(
        failures[0].attribute("message"),
        Some("<&\"'> \u{fffd}[31m\u{fffd}")
    );
    assert!(failures[0].text().unwrap().contains("second line ]]>"));
    let none = written(FindingsForm::Junit, "a.toml", &[]);
    let document = roxmltree::Document::parse(&none).unwrap();
    let suite = document
        .descendants()
        .find(|node| node.has_tag_name("testsuite"))
        .unwrap();
    assert_eq!(
        (suite.attribute("tests"), suite.attribute("failures")),
        (Some("1"), Some("0"))
    );
}

#[test]
fn a_path_is_a_uri() {
    let found = [finding("gone", Some((3, 8)))];
    let report = written(FindingsForm::Sarif, "mes règles/a b%.toml", &found);
    let report: Value = serde_json::from_str(&report).unwrap();
    let place = &report["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "mes%20r%C3%A8gles/a%20b%25.toml"
    );
    assert_eq!(place["region"]["startColumn"], 8);
}

#[test]
fn a_terminal_shows_all_of_every_form() {
    use crate::base::escape::is_hidden;
    let path = "n\u{1b}[31m\u{202e}\u{9b}\u{e0041}.toml";
    for form in [
        FindingsForm::Json,
        FindingsForm::Github,
        FindingsForm::Gitlab,
        FindingsForm::Sarif,
        FindingsForm::Junit,
    ] {
        let text = written(form, path, &[finding("gone", Some((3, 8)))]);
        let hidden = text.chars().find(|c| *c != '\n' && is_hidden(*c));
        assert_eq!(hidden, None, "{form:?}: {text:?}");
    }
    let json: Value = serde_json::from_str(&written(FindingsForm::Json, path, &[])).unwrap();
    assert_eq!(json["path"], path);
}
