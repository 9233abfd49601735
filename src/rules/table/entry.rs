//! How a column stands in its rule table, to show the line that would mend a refusal.

use crate::base::escape;

/// What the rule table's text says of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    heading: String,
    /// The rule as it is written: `"year"`, `{ bucket = { width = 20_000 } }`.
    rule: String,
    /// The list of kinds of identifiers that its cells may hold, as it is written: `["date"]`.
    leftovers: Option<String>,
}

impl Entry {
    /// The entry of a column, whose rule is written like this.
    pub(super) fn new(name: &str, rule: &str, leftovers: Option<&str>) -> Self {
        Self {
            heading: format!("[columns.{}]", escape::toml_key(name)),
            rule: rule.trim().to_owned(),
            leftovers: leftovers
                .filter(|list| list.starts_with('[') && !list.contains(['\n', '#']))
                .map(ToOwned::to_owned),
        }
    }

    /// The heading: `[columns.date_naissance]`.
    pub fn heading(&self) -> &str {
        &self.heading
    }

    /// The line that allows these kinds of identifiers in its cells too: `leftovers = ["date", "phone"]`.
    pub fn leftovers_with(&self, kinds: &[&str]) -> String {
        let old = self.leftovers.as_deref().unwrap_or("[]");
        let old = old.trim_matches(['[', ']', ' ', ',']);
        let old = Some(old.to_owned()).filter(|old| !old.is_empty());
        let new = kinds.iter().map(|kind| escape::quoted(kind));
        let all: Vec<String> = old.into_iter().chain(new).collect();
        format!("leftovers = [{}]", all.join(", "))
    }

    /// The line of the rule with an option more; nothing if the rule cannot have it, has it already, or is not
    /// written on one line.
    pub fn rule_with(&self, option: &str) -> Option<String> {
        let rule = match self.rule.strip_suffix('}') {
            None => {
                let kind = self.rule.trim_matches(['"', '\'']);
                format!("{{ {kind} = {{ {option} }} }}")
            }
            Some(outer) => {
                let inner = outer.trim_end().strip_suffix('}')?.trim_end();
                let comma = if inner.ends_with('{') { "" } else { "," };
                format!("{inner}{comma} {option} }} }}")
            }
        };
        let line = format!("rule = {rule}");
        let is_rule = !line.contains('\n') && super::parse::is_rule(&line);
        is_rule.then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_added_to_the_rule_as_it_is_written() {
        for (rule, option, expected) in cases![
            "\"year\"", "formats = [\"%Y\"]", Some("rule = { year = { formats = [\"%Y\"] } }");
            "'bucket'", "width = 20", Some("rule = { bucket = { width = 20 } }");
            "{ bucket = { width = 20_000 } }",
            "decimal = \",\"",
            Some("rule = { bucket = { width = 20_000, decimal = \",\" } }");
            "{ year = {} }", "before = 1940", Some("rule = { year = { before = 1940 } }");
            // The option is there, or the rule does not take it, or not with this value.
            "{ bucket = { width = 5, decimal = \".\" } }", "decimal = \",\"", None;
            "\"yes_no\"", "formats = [\"%Y\"]", None;
            "\"year_month\"", "formats = [\"%Y\"]", None;
            "{ bucket = {\n  width = 5 } }", "wide = true", None;
            "[columns.a.rule.bucket]", "wide = true", None;
        ] {
            let entry = Entry::new("a", rule, None);
            assert_eq!(
                entry.rule_with(option).as_deref(),
                expected,
                "{rule} {option}"
            );
        }
    }

    #[test]
    fn kinds_are_added_to_the_list_as_it_is_written() {
        for (list, expected) in [
            (None, "leftovers = [\"phone\", \"same_row\"]"),
            (Some("\"check\""), "leftovers = [\"phone\", \"same_row\"]"),
            (
                Some("[\"date\", 'email',]"),
                "leftovers = [\"date\", 'email', \"phone\", \"same_row\"]",
            ),
        ] {
            let entry = Entry::new("a", "\"keep\"", list);
            assert_eq!(entry.leftovers_with(&["phone", "same_row"]), expected);
        }
    }

    #[test]
    fn a_heading_is_quoted_where_it_must_be() {
        for (name, heading) in [
            ("date_naissance", "[columns.date_naissance]"),
            ("DATE-1", "[columns.DATE-1]"),
            ("Date de naissance", "[columns.\"Date de naissance\"]"),
            ("prénom", "[columns.\"prénom\"]"),
            ("a\"b\\", "[columns.\"a\\\"b\\\\\"]"),
            ("", "[columns.\"\"]"),
        ] {
            assert_eq!(Entry::new(name, "\"keep\"", None).heading(), heading);
        }
    }
}
