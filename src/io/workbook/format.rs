//! Formats of numbers: which numbers are dates, and how the others are shown.

/// A format, in its parts for positive and negative numbers, zero and texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Format {
    sections: Vec<Section>,
}

/// A part of a format.
#[derive(Debug, Clone, PartialEq)]
struct Section {
    /// For which numbers it is, if it says so.
    condition: Option<Condition>,
    kind: Kind,
}

/// How a number is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    General,
    /// A day, a time of day, or both.
    Date {
        day: bool,
        time: bool,
    },
    /// A span of time, in hours, minutes and seconds.
    Elapsed,
    /// Digits in their places.
    Number(Number),
}

/// How the digits of a number are shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Number {
    /// The places before the point, and what stands between them.
    pub(super) whole: Vec<Piece>,
    pub(super) decimals: Decimals,
    pub(super) percent: bool,
}

/// How many decimals are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Decimals {
    pub(super) least: usize,
    pub(super) most: usize,
}

/// A place of a digit, or a text between such places.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Digit(Digit),
    Text(String),
}

impl Piece {
    pub(super) fn is_digit(&self) -> bool {
        matches!(self, Self::Digit(_))
    }

    pub(super) fn characters(&self) -> usize {
        match self {
            Self::Digit(_) => 0,
            Self::Text(text) => text.chars().count(),
        }
    }
}

/// What stands in a place without a digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Digit {
    /// A zero (`0`).
    Always,
    /// Nothing (`#`, `?`).
    IfAny,
}

/// For which numbers a part is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Condition {
    less: bool,
    equal: bool,
    greater: bool,
    than: f64,
}

impl Condition {
    fn holds(self, value: f64) -> bool {
        match value.partial_cmp(&self.than) {
            Some(std::cmp::Ordering::Less) => self.less,
            Some(std::cmp::Ordering::Equal) => self.equal,
            Some(std::cmp::Ordering::Greater) => self.greater,
            None => false,
        }
    }
}

/// The formats that have a number instead of a code (ECMA-376, 18.8.30).
pub(super) fn builtin(number: u32) -> Option<&'static str> {
    Some(match number {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 | 37 | 38 => "#,##0",
        7 | 8 | 39 | 40 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        41 | 42 => "#,##0",
        43 | 44 => "#,##0.00",
        11 | 48 => "0.00E+00",
        12 | 13 => "# ?/?",
        14..=17 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        18..=21 | 32 | 33 | 45 | 47 | 55 | 56 => "h:mm:ss",
        22 => "yyyy-mm-dd h:mm",
        46 => "[h]:mm:ss",
        49 => "@",
        _ => return None,
    })
}

impl Format {
    /// No format at all.
    pub(super) const NONE: Self = Self {
        sections: Vec::new(),
    };

    /// Reads the code of a format.
    pub(super) fn new(code: &str) -> Self {
        let sections = sections(code).into_iter().map(|code| Section::new(&code));
        Self {
            sections: sections.collect(),
        }
    }

    /// How a number is shown.
    pub(super) fn kind(&self, value: f64) -> &Kind {
        const GENERAL: &Kind = &Kind::General;
        let sections = &self.sections;
        let has_conditions = sections.iter().any(|section| section.condition.is_some());
        let chosen = match (has_conditions, sections.as_slice()) {
            (true, sections) => {
                let holds = |section: &&Section| {
                    let condition = section.condition;
                    condition.is_none_or(|condition| condition.holds(value))
                };
                sections.iter().find(holds)
            }
            (false, [_, negative, ..]) if value < 0.0 => Some(negative),
            (false, [_, _, zero, ..]) if value == 0.0 => Some(zero),
            (false, sections) => sections.first(),
        };
        chosen.map_or(GENERAL, |section| &section.kind)
    }
}

/// The parts of a code, at the `;` outside of quotes.
fn sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
    for c in code.chars() {
        if c == ';' && !quoted && !escaped && !bracketed {
            sections.push(String::new());
            continue;
        }
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => escaped = true,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            _ => {}
        }
        if let Some(section) = sections.last_mut() {
            section.push(c);
        }
    }
    sections
}

/// What a part of a code has, as it is read.
#[derive(Default)]
struct Draft {
    condition: Option<Condition>,
    pieces: Vec<Piece>,
    decimals: Decimals,
    behind_point: bool,
    percent: bool,
    day: bool,
    time: bool,
    /// `m` stands for months or minutes: what stands next to it decides.
    month_or_minute: bool,
    elapsed: bool,
    /// Something that is shown by the number as it is.
    other: bool,
}

impl Section {
    fn new(code: &str) -> Self {
        let mut draft = Draft::default();
        if code.trim().eq_ignore_ascii_case("general") {
            draft.other = true;
        } else {
            draft.read(code);
        }
        Self {
            condition: draft.condition,
            kind: draft.kind(),
        }
    }
}

impl Draft {
    fn read(&mut self, code: &str) {
        let mut rest = code.chars();
        while let Some(c) = rest.next() {
            match c {
                '"' => {
                    let text: String = rest.by_ref().take_while(|c| *c != '"').collect();
                    self.text(&text);
                }
                '\\' => {
                    let escaped = rest.next().map(String::from);
                    self.text(&escaped.unwrap_or_default());
                }
                '_' | '*' => {
                    rest.next();
                }
                '[' => {
                    let inner: String = rest.by_ref().take_while(|c| *c != ']').collect();
                    self.bracketed(&inner);
                }
                '0' => self.digit(Digit::Always),
                '#' | '?' => self.digit(Digit::IfAny),
                '.' => self.behind_point = true,
                ',' => self.comma(rest.as_str()),
                '%' => self.percent = true,
                '/' if self.has_digits() => self.other = true,
                'E' if rest.as_str().starts_with(['+', '-']) => self.other = true,
                'G' | 'g' if rest.as_str().to_ascii_lowercase().starts_with("eneral") => {
                    self.other = true;
                    rest = rest
                        .as_str()
                        .get("eneral".len()..)
                        .unwrap_or_default()
                        .chars();
                }
                'y' | 'Y' | 'd' | 'D' | 'e' | 'E' | 'g' | 'G' => self.day = true,
                'b' | 'B' => self.day = true,
                'h' | 'H' | 's' | 'S' => self.time = true,
                'm' | 'M' => self.month_or_minute = true,
                'a' | 'A' => {
                    let lower = rest.as_str().to_ascii_lowercase();
                    let behind = lower.starts_with("m/pm").then_some(4);
                    let behind = behind.or_else(|| lower.starts_with("/p").then_some(2));
                    if let Some(behind) = behind {
                        self.time = true;
                        rest = rest.as_str().get(behind..).unwrap_or_default().chars();
                    }
                }
                '@' => self.other = true,
                other => self.text(other.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !self.behind_point {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    fn digit(&mut self, digit: Digit) {
        if !self.behind_point {
            self.pieces.push(Piece::Digit(digit));
            return;
        }
        self.decimals.most += 1;
        if digit == Digit::Always {
            self.decimals.least = self.decimals.most;
        }
    }

    /// A comma between digits groups thousands; behind them it leaves thousands out, and then the whole
    /// number is shown as it is.
    fn comma(&mut self, behind: &str) {
        let next = behind.chars().find(|c| *c != ',');
        self.other |= self.has_digits() && !matches!(next, Some('0' | '#' | '?'));
    }

    fn has_digits(&self) -> bool {
        self.decimals.most > 0 || self.pieces.iter().any(Piece::is_digit)
    }

    fn bracketed(&mut self, inner: &str) {
        let lower = inner.to_ascii_lowercase();
        let repeats = |letter: char| !lower.is_empty() && lower.chars().all(|c| c == letter);
        if ['h', 'm', 's'].into_iter().any(repeats) {
            self.elapsed = true;
        } else if inner.starts_with(['<', '>', '=']) {
            self.condition = condition(inner);
        }
        // A colour, a language or a currency.
    }

    fn kind(self) -> Kind {
        let has_digits = self.has_digits();
        let is_day = self.day || self.month_or_minute && !self.time;
        match () {
            () if self.elapsed => Kind::Elapsed,
            () if self.other => Kind::General,
            () if is_day || self.time => Kind::Date {
                day: is_day,
                time: self.time,
            },
            () if has_digits => Kind::Number(Number {
                whole: without_edges(self.pieces),
                decimals: self.decimals,
                percent: self.percent,
            }),
            () => Kind::General,
        }
    }
}

/// The places of digits and what stands between them; what stands around them is kept only if
/// something stands between, as in a phone number.
fn without_edges(pieces: Vec<Piece>) -> Vec<Piece> {
    let first = pieces.iter().position(Piece::is_digit);
    let last = pieces.iter().rposition(Piece::is_digit);
    let (Some(first), Some(last)) = (first, last) else {
        return pieces;
    };
    let inner = pieces.get(first..=last).unwrap_or_default();
    if inner.iter().all(Piece::is_digit) {
        return inner.to_vec();
    }
    pieces
}

/// Reads a condition such as `>=100`.
fn condition(text: &str) -> Option<Condition> {
    let than = text.trim_start_matches(['<', '>', '=']);
    let sign = text.strip_suffix(than)?;
    let (less, equal, greater) = match sign {
        "<" => (true, false, false),
        "<=" => (true, true, false),
        "=" => (false, true, false),
        "<>" => (true, false, true),
        ">=" => (false, true, true),
        ">" => (false, false, true),
        _ => return None,
    };
    let than = than.trim().parse().ok()?;
    Some(Condition {
        less,
        equal,
        greater,
        than,
    })
}

#[cfg(test)]
mod tests;
