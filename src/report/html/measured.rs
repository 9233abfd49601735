//! What was measured: files, rows, versions, thresholds, warnings.

use chrono::Utc;

use super::page::{Block, Cell, Section, Tone, head, name, table, text, what_and_value};
use super::{About, Report, warnings};
use crate::base::lang::Fixed;
use crate::privacy::audit::Audit;
use crate::privacy::gate::{Gate, Miss};
use crate::report::Bytes;
use crate::rules::table::Attribute;

impl Report<'_> {
    /// What the page is about, in one line.
    pub(super) fn subtitle(self) -> Fixed {
        match self.about {
            About::Run(_) => fixed!(
                "What was done to a customer export before it left, and how identifying it still is"
            ),
            About::File(_) => fixed!("How identifying a file is, as it stands"),
        }
    }

    /// Why rows were left out, for people.
    fn left_out(self, test: &str, reason: &str) -> Fixed {
        match (reason, test) {
            ("no_consent", _) => fixed!("– without consent"),
            ("too_old", _) => fixed!("– kept for longer than allowed"),
            ("missing", "retention") => {
                fixed!("– without the date that the retention period counts from")
            }
            ("not_drawn", _) => fixed!("– not in the sample"),
            ("invalid", _) => fixed!("– the cell that decides cannot be read"),
            _ => fixed!("– a condition of the rule table does not hold"),
        }
    }

    pub(super) fn measured(self) -> Section {
        let speech = self.speech;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut row = |what: Fixed, value: Cell| rows.push(vec![text(what), value]);
        let (rules, sha256) = match self.about {
            About::Run(run) => {
                row(fixed!("Source"), name(&run.input.path));
                let output = match run.published {
                    true => name(&run.output.path),
                    false => text(fixed!("not published")),
                };
                row(fixed!("Output"), output);
                row(fixed!("Date"), text(self.date(run.finished)));
                let (tally, whole) = (run.tally, |rows| text(speech.whole(rows)));
                row(fixed!("Rows read"), whole(tally.rows));
                row(fixed!("Rows written"), whole(tally.written));
                if let Some(release) = run.release {
                    let new = whole(release.figures.new);
                    row(fixed!("– for the first time in this release"), new);
                }
                row(
                    fixed!("Rows left out"),
                    whole(tally.skipped() + tally.left_out()),
                );
                for (what, rows) in [
                    (fixed!("– the header again"), tally.nobody.headers),
                    (fixed!("– blank"), tally.nobody.blank + tally.nobody.rules),
                    (fixed!("– totals"), tally.nobody.totals),
                    (fixed!("– held back by the release"), tally.held_back),
                ] {
                    if rows > 0 {
                        row(what, text(speech.count(rows)));
                    }
                }
                for why in run.left_out() {
                    let what = self.left_out(why.test, why.reason);
                    let rows = speech.count(why.rows);
                    row(
                        what,
                        text(match why.column {
                            Some(column) => {
                                text!("{column}: {rows}", column = speech.name(column), rows)
                            }
                            None => rows,
                        }),
                    );
                }
                if tally.blanked > 0 {
                    row(
                        fixed!(
                            "Rows too old, left with their identifying and quasi-identifying cells empty"
                        ),
                        text(speech.count(tally.blanked)),
                    );
                }
                (run.table, run.table_sha256)
            }
            About::File(file) => {
                row(fixed!("File"), name(&file.file.path));
                row(fixed!("Date"), text(self.date(Utc::now())));
                let all = text(speech.whole(file.audit.rows()));
                row(fixed!("Rows"), all);
                let listed = |counted: Option<Attribute>| {
                    let columns = file.columns.iter();
                    let columns = columns.filter(|judged| judged.counted_as() == counted);
                    let names: Vec<&str> = columns.map(|judged| judged.column.as_str()).collect();
                    names.join(", ")
                };
                let quasi = listed(Some(Attribute::QuasiIdentifying));
                row(
                    fixed!("Quasi-identifying columns that the figures hold for"),
                    name(&quasi),
                );
                let others = listed(None);
                if !others.is_empty() {
                    row(fixed!("Columns that are not counted"), name(&others));
                }
                (file.table, file.table_sha256)
            }
        };
        row(
            fixed!("Tool"),
            text(concat!("crm-anon ", env!("CARGO_PKG_VERSION"))),
        );
        row(fixed!("Rule table"), name(rules));
        row(fixed!("SHA-256 of the rule table"), name(sha256));
        let mut hash = |what: Fixed, of: &Bytes| {
            if let Some(sha256) = &of.sha256 {
                row(what, name(sha256));
            }
        };
        match self.about {
            About::Run(run) => {
                hash(fixed!("SHA-256 of the source"), &run.input);
                hash(fixed!("SHA-256 of the output"), &run.output);
            }
            About::File(file) => {
                hash(fixed!("SHA-256 of the file"), &file.file);
            }
        }
        let mut blocks = vec![table(
            fixed!("The files and the tool"),
            what_and_value(),
            rows,
        )];
        match self.about {
            About::Run(run) => {
                blocks.extend(
                    run.audit
                        .and_then(|audit| self.thresholds(run.gate, &[], audit)),
                );
                let told = run.warnings.iter();
                blocks.extend(
                    told.map(|warning| {
                        Block::Notice(Tone::Careful, warnings::told(warning, speech))
                    }),
                );
            }
            About::File(file) => {
                blocks.extend(self.thresholds(file.gate, file.misses, file.audit));
            }
        }
        Section::new("measured", fixed!("What was measured"), blocks)
    }

    fn date(self, at: chrono::DateTime<Utc>) -> String {
        let format = fixed!("%Y-%m-%d %H:%M UTC").get();
        at.format(format).to_string()
    }

    fn thresholds(self, gate: Gate, misses: &[Miss], audit: &Audit) -> Option<Block> {
        let speech = self.speech;
        if gate.is_open() {
            return None;
        }
        let small = &audit.sizes.small;
        let mut rows = Vec::new();
        let mut row = |what: &str, asked: String, found: String, missed: bool| {
            let reached = match missed {
                true => fixed!("missed"),
                false => fixed!("reached"),
            };
            rows.push(vec![text(what), text(asked), text(found), text(reached)]);
        };
        let missed = |is: fn(&Miss) -> bool| misses.iter().any(is);
        if let Some(least) = gate.min_k {
            let is = missed(|miss| matches!(miss, Miss::K { .. }));
            row(
                "k (--min-k)",
                format!("≥ {}", speech.whole(least)),
                speech.whole(small.k),
                is,
            );
        }
        if let Some(most) = gate.max_unique {
            let is = missed(|miss| matches!(miss, Miss::Unique { .. }));
            let what = fixed!("unique rows (--max-unique)").get();
            let found = speech.count_of(small.unique_rows, audit.sizes.rows);
            row(
                what,
                format!("≤ {}", speech.percent(most.share())),
                found,
                is,
            );
        }
        if let (Some(least), Some(found)) = (gate.min_l, audit.l()) {
            let is = missed(|miss| matches!(miss, Miss::L { .. }));
            row(
                "l (--min-l)",
                format!("≥ {}", speech.whole(least)),
                speech.whole(found),
                is,
            );
        }
        if let (Some(most), Some(found)) = (gate.max_share, audit.largest_share()) {
            let is = missed(|miss| matches!(miss, Miss::Share { .. }));
            let what = fixed!("largest share of one value (--max-share)").get();
            let asked = format!("≤ {}", speech.percent(most.share()));
            row(what, asked, speech.percent(found), is);
        }
        if let (Some(most), Some(found)) = (gate.max_t, audit.t()) {
            let is = missed(|miss| matches!(miss, Miss::T { .. }));
            let asked = format!("≤ {}", speech.decimal(most, 3));
            row("t (--max-t)", asked, speech.decimal(found, 3), is);
        }
        Some(table(
            fixed!("Thresholds that were asked for"),
            vec![
                head(fixed!("Threshold")),
                head(fixed!("Asked")),
                head(fixed!("Found")),
                head(fixed!("Outcome")),
            ],
            rows,
        ))
    }
}
