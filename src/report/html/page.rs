//! What a page is made of, as plain text: the template turns it into HTML and escapes all of it.

use askama::Template;

use crate::base::escape;

/// A page.
#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
pub(super) struct Page {
    pub(super) lang: &'static str,
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) version: &'static str,
    pub(super) contents: &'static str,
    pub(super) sections: Vec<Section>,
    pub(super) end: String,
}

impl Page {
    /// Keeps a line from breaking in formulas, and before the marks that French sets a space before.
    pub(super) fn typeset(&mut self) {
        for section in &mut self.sections {
            section.typeset();
        }
    }
}

/// A part of the page under a heading of its own.
pub(super) struct Section {
    /// The target of links in the page.
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

impl Section {
    fn typeset(&mut self) {
        typeset(&mut self.title);
        for block in &mut self.blocks {
            match block {
                Block::Text(text) | Block::Notice(_, text) => typeset(text),
                Block::List(items) => items.iter_mut().for_each(typeset),
                Block::Terms(terms) => terms
                    .iter_mut()
                    .flat_map(|(term, meaning)| [term, meaning])
                    .for_each(typeset),
                Block::Table(table) => {
                    let cells = table.rows.iter_mut().flatten();
                    let own = cells.filter(|cell| !cell.name).map(|cell| &mut cell.text);
                    own.for_each(typeset);
                }
                Block::Chart(chart) => {
                    typeset(&mut chart.title);
                    typeset(&mut chart.note);
                }
                Block::Grade(grade) => typeset(&mut grade.text),
            }
        }
    }
}

/// Makes such spaces ones at which no line breaks. English has none before a mark.
fn typeset(text: &mut String) {
    for (spaced, kept) in [
        (" = ", "\u{a0}=\u{a0}"),
        (" ;", "\u{a0};"),
        (" :", "\u{a0}:"),
        (" ?", "\u{a0}?"),
        (" !", "\u{a0}!"),
        (" %", "\u{a0}%"),
        (" »", "\u{a0}»"),
        ("« ", "«\u{a0}"),
    ] {
        if text.contains(spaced) {
            *text = text.replace(spaced, kept);
        }
    }
}

pub(super) enum Block {
    Text(String),
    /// A text that must not be overlooked.
    Notice(Tone, String),
    List(Vec<String>),
    /// Terms and what they mean.
    Terms(Vec<(String, String)>),
    Table(Table),
    Chart(Chart),
    Grade(Grade),
}

/// How serious a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Careful,
    Bad,
    /// Nothing is told.
    Hidden,
}

impl Tone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Careful => "careful",
            Self::Bad => "bad",
            Self::Hidden => "hidden",
        }
    }
}

/// The letter of the score among all letters.
pub(super) struct Grade {
    pub(super) label: String,
    pub(super) letters: Vec<(&'static str, bool)>,
    pub(super) text: String,
}

/// A table; the first cell of each row names it.
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<Head>,
    pub(super) rows: Vec<Vec<Cell>>,
}

pub(super) struct Head {
    pub(super) text: &'static str,
    pub(super) number: bool,
}

/// A heading over text.
pub(super) fn head(text: &'static str) -> Head {
    let number = false;
    Head { text, number }
}

/// A heading over numbers.
pub(super) fn number(text: &'static str) -> Head {
    let number = true;
    Head { text, number }
}

pub(super) struct Cell {
    pub(super) text: String,
    /// Whether it is a name from a file or a rule table.
    pub(super) name: bool,
}

impl Cell {
    /// The text in parts between which a line may break.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive(['_', '/'])
    }
}

/// A cell of the report's own words.
pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        name: false,
    }
}

/// A cell with a name from outside.
pub(super) fn name(name: &str) -> Cell {
    Cell {
        text: visible(name),
        name: true,
    }
}

impl Table {
    /// The cells of a row, each with its heading.
    pub(super) fn cells<'a>(
        &'a self,
        row: &'a [Cell],
    ) -> impl Iterator<Item = (&'a Head, &'a Cell)> {
        self.head.iter().zip(row)
    }
}

/// Bars, each with its figure beside it, in groups that may have a name.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    /// A name from outside.
    pub(super) name: Option<String>,
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    pub(super) label: String,
    /// The length, from 0 to 1.
    pub(super) share: f64,
    pub(super) figure: String,
    pub(super) tone: Tone,
}

impl Bar {
    pub(super) fn is_hidden(&self) -> bool {
        self.tone == Tone::Hidden
    }

    /// The length in thousandths: more than none is seen, whatever its size.
    pub(super) fn length(&self) -> u32 {
        let exact = (self.share.clamp(0.0, 1.0) * 1000.0).round() as u32;
        if self.share > 0.0 { exact.max(6) } else { 0 }
    }
}

/// A name from outside, with everything escaped that cannot be seen or that turns the text around
/// it: control characters, line breaks, marks of writing direction.
pub(super) fn visible(name: &str) -> String {
    escape::line(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_what_they_hold() {
        for (name, shown) in [
            ("Âge (ans)", "Âge (ans)"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\u{2067}b\u{2069}", "a\\u{2067}b\\u{2069}"),
            ("a\u{200b}b", "a\\u{200b}b"),
            ("a\nb\0", "a\\u{a}b\\u{0}"),
            ("<script>", "<script>"),
            ("שם", "שם"),
        ] {
            assert_eq!(visible(name), shown);
            assert_eq!(visible(shown), shown);
        }
    }

    #[test]
    fn more_than_none_is_seen() {
        for (share, length) in [(0.0, 0), (1e-9, 6), (0.5, 500), (1.0, 1000), (7.0, 1000)] {
            let bar = Bar {
                label: String::new(),
                share,
                figure: String::new(),
                tone: Tone::Good,
            };
            assert_eq!(bar.length(), length);
        }
    }
}
