//! The figures of an audit for people, in English or French.

mod persons;

use std::fmt::Write;

use super::{Audited, Judged, JudgedBy};
use crate::base::lang::Language;
use crate::privacy::audit::{Audit, QuasiColumn};
use crate::privacy::measures::Risk;
use crate::privacy::score::{Facts, score};
use crate::rules::table::Attribute;

/// The words of one language.
struct Words {
    language: Language,
    rows: [&'static str; 2],
    quasi: [&'static str; 2],
    /// Who says which columns are quasi-identifying, and sensitive: the rule table, the command line,
    /// names and contents.
    by: [&'static str; 6],
    /// That columns are not counted, and why: the index, left out, identifying, insensitive, not judged,
    /// persons.
    not_counted: [&'static str; 7],
    colon: &'static str,
    individualisation: &'static str,
    classes: &'static str,
    k: &'static str,
    unique: &'static str,
    under: &'static str,
    prosecutor: &'static str,
    journalist: &'static str,
    marketer: &'static str,
    risks: [&'static str; 3],
    columns: &'static str,
    columns_head: [&'static str; 4],
    inference: &'static str,
    no_sensitive: &'static str,
    inference_head: [&'static str; 6],
    advice: &'static str,
    no_advice: &'static str,
    suppress: &'static str,
    score: &'static str,
    limits: &'static str,
    /// Of persons, if they are counted.
    persons: [&'static str; 2],
    several: &'static str,
    together: &'static str,
    nameless: &'static str,
}

const ENGLISH: Words = Words {
    language: Language::En,
    rows: ["row", "rows"],
    quasi: ["quasi-identifying column", "quasi-identifying columns"],
    by: [
        "quasi-identifying by the rule table",
        "quasi-identifying as said with --quasi",
        "quasi-identifying by name and contents (--quasi, --sensitive or --ignore to say otherwise)",
        "sensitive by the rule table",
        "sensitive as said with --sensitive",
        "sensitive by name and contents",
    ],
    not_counted: [
        "not counted",
        "the index",
        "left out with --ignore",
        "identifying (no such column should be in a file that is shared)",
        "insensitive",
        "not named with --quasi",
        "tells whose rows are whose",
    ],
    colon: ":",
    individualisation: "Singling out",
    classes: "equivalence classes",
    k: "k, the smallest class",
    unique: "rows alone in their class",
    under: "rows in classes of fewer than",
    prosecutor: "risk, prosecutor",
    journalist: "risk, journalist",
    marketer: "risk, marketer",
    risks: ["highest", "rows above", "average"],
    columns: "What each quasi-identifying column costs",
    columns_head: [
        "column",
        "values",
        "unique without it",
        "unique at each step",
    ],
    inference: "Inference",
    no_sensitive: "no sensitive column was named",
    inference_head: [
        "column",
        "l",
        "entropy l",
        "t",
        "largest share",
        "rows in classes of one value",
    ],
    advice: "Advice",
    no_advice: "no single step leaves fewer unique rows",
    suppress: "leave it out",
    score: "Score, of what a file at rest tells:",
    limits: "Linkability: this is a file at rest; whether its index can be predicted and whether it \
             was exported before is not known from it. Counts hold for the columns named above: what \
             else somebody knows, they do not tell. The journalist's risk takes the file for the \
             whole population.",
    persons: ["", ""],
    several: "",
    together: "",
    nameless: "",
};

const FRENCH: Words = Words {
    language: Language::Fr,
    rows: ["ligne", "lignes"],
    quasi: ["colonne quasi-identifiante", "colonnes quasi-identifiantes"],
    by: [
        "quasi-identifiantes d'après la table de règles",
        "quasi-identifiantes, désignées par --quasi",
        "quasi-identifiantes d'après leur nom et leur contenu (--quasi, --sensitive ou --ignore pour en décider autrement)",
        "sensibles d'après la table de règles",
        "sensibles, désignées par --sensitive",
        "sensibles d'après leur nom et leur contenu",
    ],
    not_counted: [
        "non comptées",
        "l'index",
        "écartées par --ignore",
        "identifiantes (elles n'ont pas leur place dans un fichier partagé)",
        "ni identifiantes ni sensibles",
        "non désignées par --quasi",
        "indique à qui sont les lignes",
    ],
    colon: " :",
    individualisation: "Individualisation",
    classes: "classes d'équivalence",
    k: "k, la plus petite classe",
    unique: "lignes seules dans leur classe",
    under: "lignes dans des classes de moins de",
    prosecutor: "risque, procureur",
    journalist: "risque, journaliste",
    marketer: "risque, démarcheur",
    risks: ["maximal", "lignes au-dessus de", "moyen"],
    columns: "Ce que coûte chaque colonne quasi-identifiante",
    columns_head: [
        "colonne",
        "valeurs",
        "seules sans elle",
        "seules à chaque niveau",
    ],
    inference: "Inférence",
    no_sensitive: "aucune colonne sensible n'a été désignée",
    inference_head: [
        "colonne",
        "l",
        "l d'entropie",
        "t",
        "plus grande part",
        "lignes en classes d'une seule valeur",
    ],
    advice: "Conseils",
    no_advice: "aucun niveau ne laisse à lui seul moins de lignes seules",
    suppress: "la retirer",
    score: "Score, d'après ce que dit un fichier au repos :",
    limits: "Corrélation : le fichier ne dit ni si son index est prévisible, ni s'il a déjà été \
             exporté. Les comptes valent pour les colonnes nommées ci-dessus : ils ne disent rien de \
             ce que l'on sait par ailleurs. Le risque du journaliste prend le fichier pour toute la \
             population.",
    persons: ["", ""],
    several: "",
    together: "",
    nameless: "",
};

/// The figures for people.
pub fn audit_text(audited: &Audited<'_>, language: Language) -> String {
    let words = match (language, audited.audit.persons) {
        (Language::En, None) => &ENGLISH,
        (Language::Fr, None) => &FRENCH,
        (Language::En, Some(_)) => &persons::ENGLISH,
        (Language::Fr, Some(_)) => &persons::FRENCH,
    };
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = words.write(audited, &mut text);
    text
}

impl Words {
    fn write(&self, audited: &Audited<'_>, out: &mut String) -> std::fmt::Result {
        let audit = audited.audit;
        let rows = self.number(audit.rows());
        writeln!(
            out,
            "{rows} {}, {} {}",
            self.of_number(audit.rows(), self.rows),
            audit.quasi.len(),
            self.of_number(audit.quasi.len() as u64, self.quasi)
        )?;
        self.persons(audit, out)?;
        self.counted(audited, out)?;
        self.individualisation(audit, out)?;
        self.columns(audit, out)?;
        self.inference(audit, out)?;
        self.advice(audit, out)?;
        self.score(audit, out)?;
        writeln!(out, "\n{}", self.limits)
    }

    /// The noun for so many.
    fn of_number(&self, number: u64, [one, more]: [&'static str; 2]) -> &'static str {
        match (number, self.language) {
            (1, _) | (0, Language::Fr) => one,
            _ => more,
        }
    }

    /// Which columns the figures hold for, and which they do not.
    fn counted(&self, audited: &Audited<'_>, out: &mut String) -> std::fmt::Result {
        let quasi = Attribute::QuasiIdentifying;
        for (attribute, by, what) in [
            (quasi, JudgedBy::Rules, self.by[0]),
            (quasi, JudgedBy::Options, self.by[1]),
            (quasi, JudgedBy::Contents, self.by[2]),
            (Attribute::Sensitive, JudgedBy::Rules, self.by[3]),
            (Attribute::Sensitive, JudgedBy::Options, self.by[4]),
            (Attribute::Sensitive, JudgedBy::Contents, self.by[5]),
        ] {
            let columns = audited.columns.iter();
            let columns =
                columns.filter(|judged| judged.counted_as() == Some(attribute) && judged.by == by);
            let names: Vec<String> = columns.map(|judged| judged.column.to_string()).collect();
            if !names.is_empty() {
                writeln!(out, "  {what}{} {}", self.colon, names.join(", "))?;
            }
        }
        let why = |judged: &Judged| match (judged.by, judged.attribute) {
            (JudgedBy::Index, _) => 1,
            (JudgedBy::Options, _) => 2,
            (JudgedBy::Person, _) => 6,
            (_, Some(Attribute::Identifying)) => 3,
            (_, Some(_)) => 4,
            (_, None) => 5,
        };
        for (at, reason) in self.not_counted.iter().enumerate().skip(1) {
            let others = audited.columns.iter();
            let others = others.filter(|judged| judged.counted_as().is_none() && why(judged) == at);
            let names: Vec<String> = others.map(|judged| judged.column.to_string()).collect();
            if !names.is_empty() {
                let [what, ..] = self.not_counted;
                writeln!(out, "  {what}, {reason}{} {}", self.colon, names.join(", "))?;
            }
        }
        Ok(())
    }

    fn individualisation(&self, audit: &Audit, out: &mut String) -> std::fmt::Result {
        let (sizes, small) = (&audit.sizes, &audit.sizes.small);
        let share = |rows: u64| self.percent(rows, sizes.rows);
        let under = |limit: u8| format!("{} {limit}", self.under);
        let mut lines = vec![
            (
                self.classes.to_owned(),
                self.number(small.classes),
                String::new(),
            ),
            (self.k.to_owned(), self.number(small.k), String::new()),
        ];
        for (name, rows) in [
            (self.unique.to_owned(), small.unique_rows),
            (under(3), small.rows_under_3),
            (under(5), small.rows_under_5),
            (under(11), small.rows_under_11),
        ] {
            lines.push((name, self.number(rows), share(rows)));
        }
        writeln!(out, "\n{}", self.individualisation)?;
        for (name, number, share) in lines {
            let line = format!("  {name:<42} {number:>14} {share:>10}");
            writeln!(out, "{}", line.trim_end())?;
        }
        let risks = &audit.risks;
        for (name, risk) in [
            (self.prosecutor, risks.prosecutor),
            (self.journalist, risks.journalist),
        ] {
            writeln!(out, "  {name:<42} {}", self.risk(risk, risks.threshold))?;
        }
        let marketer = self.share(risks.marketer);
        writeln!(out, "  {:<42} {} {marketer}", self.marketer, self.risks[2])
    }

    fn risk(&self, risk: Risk, threshold: f64) -> String {
        let [highest, above, average] = self.risks;
        format!(
            "{highest} {}, {above} {} {}, {average} {}",
            self.share(risk.highest),
            self.share(threshold),
            self.share(risk.rows_above),
            self.share(risk.average)
        )
    }

    fn columns(&self, audit: &Audit, out: &mut String) -> std::fmt::Result {
        let [column, values, without, steps] = self.columns_head;
        let width = width(
            column,
            audit.quasi.iter().map(|column| column.name.as_str()),
        );
        writeln!(out, "\n{}", self.columns)?;
        writeln!(
            out,
            "  {column:<width$} {values:>10} {without:>18}  {steps}"
        )?;
        for QuasiColumn {
            name,
            measures,
            steps,
        } in &audit.quasi
        {
            let share = |rows: u64| self.percent(rows, audit.sizes.rows);
            let without = share(measures.without.unique_rows);
            let steps = steps.iter().zip(&measures.steps).skip(1);
            let steps: Vec<String> = steps
                .map(|(step, small)| format!("{step}: {}", share(small.unique_rows)))
                .collect();
            let values = self.number(measures.distinct);
            writeln!(
                out,
                "  {name:<width$} {values:>10} {without:>18}  {}",
                steps.join(", ")
            )?;
        }
        Ok(())
    }

    fn inference(&self, audit: &Audit, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n{}", self.inference)?;
        if audit.sensitive.is_empty() {
            return writeln!(out, "  {}", self.no_sensitive);
        }
        let [column, l, entropy, t, share, rows] = self.inference_head;
        let width = width(
            column,
            audit.sensitive.iter().map(|column| column.name.as_str()),
        );
        writeln!(
            out,
            "  {column:<width$} {l:>4} {entropy:>12} {t:>8} {share:>17}  {rows}"
        )?;
        for column in &audit.sensitive {
            let (name, measures) = (&column.name, &column.measures);
            writeln!(
                out,
                "  {name:<width$} {:>4} {:>12} {:>8} {:>17}  {} ({})",
                measures.l_distinct,
                self.decimals(measures.l_entropy, 3),
                self.decimals(measures.t, 4),
                self.share(measures.largest_share),
                self.number(measures.rows_of_one_value),
                self.percent(measures.rows_of_one_value, audit.sizes.rows)
            )?;
        }
        Ok(())
    }

    fn advice(&self, audit: &Audit, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n{}", self.advice)?;
        let advice = audit.advice();
        if advice.is_empty() {
            return writeln!(out, "  {}", self.no_advice);
        }
        let share = |rows: u64| self.percent(rows, audit.sizes.rows);
        for advice in advice {
            let step = if advice.step == "*" {
                self.suppress
            } else {
                &advice.step
            };
            let before = share(audit.sizes.small.unique_rows);
            let after = share(advice.after.unique_rows);
            let unique = self.unique;
            writeln!(
                out,
                "  {} → {step}: {unique} {before} → {after}",
                advice.column
            )?;
        }
        Ok(())
    }

    fn score(&self, audit: &Audit, out: &mut String) -> std::fmt::Result {
        let score = score(&Facts::from(audit));
        let (letter, points, out_of) = (score.letter.text(), score.points, score.out_of);
        writeln!(out, "\n{} {letter} ({points}/{out_of})", self.score)
    }

    fn share(&self, share: f64) -> String {
        let number = self.decimals(100.0 * share, 2);
        match self.language {
            Language::En => format!("{number}%"),
            Language::Fr => format!("{number} %"),
        }
    }

    fn percent(&self, part: u64, whole: u64) -> String {
        self.share(part as f64 / whole.max(1) as f64)
    }

    fn decimals(&self, number: f64, digits: usize) -> String {
        let text = format!("{number:.digits$}");
        match self.language {
            Language::En => text,
            Language::Fr => text.replace('.', ","),
        }
    }

    /// A whole number, in groups of three digits.
    fn number(&self, number: u64) -> String {
        let mark = match self.language {
            Language::En => ',',
            Language::Fr => '\u{202f}',
        };
        let digits = number.to_string();
        let mut text = String::new();
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }
}

/// How wide a column of names is, in characters.
fn width<'a>(head: &str, names: impl Iterator<Item = &'a str>) -> usize {
    let names = names.map(|name| name.chars().count());
    names.chain([head.chars().count()]).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        for (number, english, french) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1,000", "1\u{202f}000"),
            (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(ENGLISH.number(number), english);
            assert_eq!(FRENCH.number(number), french);
        }
        assert_eq!(ENGLISH.percent(1, 8), "12.50%");
        assert_eq!(FRENCH.percent(1, 8), "12,50 %");
        assert_eq!(FRENCH.percent(0, 0), "0,00 %");
    }
}
