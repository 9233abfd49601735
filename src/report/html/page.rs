//! What a page is made of, as plain text: the template turns it into HTML and escapes all of it.

use askama::Template as _;

use crate::base::escape;
use crate::base::lang::{Fixed, Language};

#[derive(askama::Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
struct Page {
    lang: &'static str,
    title: Fixed,
    subtitle: String,
    version: &'static str,
    contents: Fixed,
    sections: Vec<Section>,
    end: Fixed,
}

/// The HTML of a page. No line of it breaks in formulas, or before the marks that French sets a space before.
pub(super) fn html(
    title: Fixed,
    subtitle: impl Into<String>,
    mut sections: Vec<Section>,
    end: Fixed,
) -> String {
    sections.iter_mut().for_each(Section::typeset);
    let page = Page {
        lang: match Language::in_use() {
            Language::En => "en",
            Language::Fr => "fr",
        },
        title,
        subtitle: subtitle.into(),
        version: env!("CARGO_PKG_VERSION"),
        contents: fixed!("Contents"),
        sections,
        end,
    };
    // Only a writer that fails could make this fail, and a string does not.
    page.render().unwrap_or_default()
}

/// A part of the page under a heading of its own.
pub(super) struct Section {
    /// The target of links in the page.
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

impl Section {
    pub(super) fn new(id: &'static str, title: Fixed, blocks: Vec<Block>) -> Self {
        Self {
            id,
            title: title.to_string(),
            blocks,
        }
    }

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

impl Block {
    pub(super) fn text(text: Fixed) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn notice(tone: Tone, text: Fixed) -> Self {
        Self::Notice(tone, text.to_string())
    }

    pub(super) fn list<'a>(items: impl IntoIterator<Item = &'a Fixed>) -> Self {
        Self::List(items.into_iter().map(Fixed::to_string).collect())
    }
}

/// How serious a notice is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tone {
    #[default]
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
    pub(super) text: String,
    pub(super) number: bool,
}

/// A heading over text.
pub(super) fn head(text: impl Into<String>) -> Head {
    Head {
        text: text.into(),
        number: false,
    }
}

/// A heading over numbers.
pub(super) fn number(text: impl Into<String>) -> Head {
    Head {
        text: text.into(),
        number: true,
    }
}

/// The headings over facts.
pub(super) fn what_and_value() -> Vec<Head> {
    vec![head(fixed!("What")), head(fixed!("Value"))]
}

pub(super) fn table(
    caption: impl Into<String>,
    head: Vec<Head>,
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> Block {
    Block::Table(Table {
        caption: caption.into(),
        head,
        rows: rows.into_iter().collect(),
    })
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

/// Bars under several names: one group for each of the first names, unless there is no other.
pub(super) fn grouped(bars: impl Iterator<Item = (Vec<String>, Bar)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (mut names, bar) in bars {
        let first = (names.len() > 1).then(|| names.remove(0));
        let bar = Bar {
            label: names.join(" · "),
            ..bar
        };
        match groups.last_mut() {
            Some(group) if group.name == first => group.bars.push(bar),
            _ => groups.push(Group {
                name: first,
                bars: vec![bar],
            }),
        }
    }
    groups
}

#[derive(Default)]
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
                share,
                ..Bar::default()
            };
            assert_eq!(bar.length(), length);
        }
    }
}
