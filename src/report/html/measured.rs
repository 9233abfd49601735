//! What was measured: files, rows, versions, thresholds, warnings.

use chrono::Utc;

use super::page::{Block, Cell, Section, Table, Tone, head, name, text};
use super::{About, Report, warnings};
use crate::privacy::audit::Audit;
use crate::privacy::gate::{Gate, Miss};
use crate::report::Bytes;
use crate::rules::table::Attribute;

impl Report<'_> {
    /// What the page is about, in one line.
    pub(super) fn subtitle(self) -> String {
        match self.about {
            About::Run(_) => fixed!(
                "What was done to a customer export before it left, and how identifying it still is"
            )
            .get(),
            About::File(_) => fixed!("How identifying a file is, as it stands").get(),
        }
        .to_owned()
    }

    /// Why rows were left out, for people.
    fn left_out(self, test: &str, reason: &str) -> &'static str {
        match (reason, test) {
            ("no_consent", _) => fixed!("– without consent").get(),
            ("too_old", _) => fixed!("– kept for longer than allowed").get(),
            ("missing", "retention") => {
                fixed!("– without the date that the retention period counts from").get()
            }
            ("not_drawn", _) => fixed!("– not in the sample").get(),
            ("invalid", _) => fixed!("– the cell that decides cannot be read").get(),
            _ => fixed!("– a condition of the rule table does not hold").get(),
        }
    }

    pub(super) fn measured(self) -> Section {
        let speech = self.speech;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut row = |what: &'static str, value: Cell| rows.push(vec![text(what), value]);
        let (table, sha256) = match self.about {
            About::Run(run) => {
                row("Source", name(&run.input.path));
                let output = match run.published {
                    true => name(&run.output.path),
                    false => text(fixed!("not published").get()),
                };
                row(fixed!("Output").get(), output);
                row("Date", text(self.date(run.finished)));
                let (tally, whole) = (run.tally, |rows| text(speech.whole(rows)));
                row(fixed!("Rows read").get(), whole(tally.rows));
                row(fixed!("Rows written").get(), whole(tally.written));
                if let Some(release) = run.release {
                    let new = whole(release.figures.new);
                    row(fixed!("– for the first time in this release").get(), new);
                }
                row(
                    fixed!("Rows left out").get(),
                    whole(tally.skipped() + tally.left_out()),
                );
                for (what, rows) in [
                    (fixed!("– the header again").get(), tally.nobody.headers),
                    (
                        fixed!("– blank").get(),
                        tally.nobody.blank + tally.nobody.rules,
                    ),
                    (fixed!("– totals").get(), tally.nobody.totals),
                    (fixed!("– held back by the release").get(), tally.held_back),
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
                        fixed!("Rows too old, left with their identifying and quasi-identifying cells empty").get(),
                        text(speech.count(tally.blanked)),
                    );
                }
                (run.table, run.table_sha256)
            }
            About::File(file) => {
                row(fixed!("File").get(), name(&file.file.path));
                row("Date", text(self.date(Utc::now())));
                let all = text(speech.whole(file.audit.rows()));
                row(fixed!("Rows").get(), all);
                let listed = |counted: Option<Attribute>| {
                    let columns = file.columns.iter();
                    let columns = columns.filter(|judged| judged.counted_as() == counted);
                    let names: Vec<&str> = columns.map(|judged| judged.column.as_str()).collect();
                    names.join(", ")
                };
                let quasi = listed(Some(Attribute::QuasiIdentifying));
                row(
                    fixed!("Quasi-identifying columns that the figures hold for").get(),
                    name(&quasi),
                );
                let others = listed(None);
                if !others.is_empty() {
                    row(fixed!("Columns that are not counted").get(), name(&others));
                }
                (file.table, file.table_sha256)
            }
        };
        row(
            fixed!("Tool").get(),
            text(concat!("crm-anon ", env!("CARGO_PKG_VERSION"))),
        );
        row(fixed!("Rule table").get(), name(table));
        row(fixed!("SHA-256 of the rule table").get(), name(sha256));
        let mut hash = |what: &'static str, of: &Bytes| {
            if let Some(sha256) = &of.sha256 {
                row(what, name(sha256));
            }
        };
        match self.about {
            About::Run(run) => {
                hash(fixed!("SHA-256 of the source").get(), &run.input);
                hash(fixed!("SHA-256 of the output").get(), &run.output);
            }
            About::File(file) => {
                hash(fixed!("SHA-256 of the file").get(), &file.file);
            }
        }
        let mut blocks = vec![Block::Table(Table {
            caption: fixed!("The files and the tool").get().to_owned(),
            head: vec![head(fixed!("What").get()), head(fixed!("Value").get())],
            rows,
        })];
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
        Section {
            id: "measured",
            title: fixed!("What was measured").get().to_owned(),
            blocks,
        }
    }

    fn date(self, at: chrono::DateTime<Utc>) -> String {
        let format = fixed!("%Y-%m-%d %H:%M UTC").get();
        at.format(format).to_string()
    }

    /// The thresholds, if there are any.
    fn thresholds(self, gate: Gate, misses: &[Miss], audit: &Audit) -> Option<Block> {
        let speech = self.speech;
        if gate.is_open() {
            return None;
        }
        let small = &audit.sizes.small;
        let mut rows = Vec::new();
        let mut row = |what: &str, asked: String, found: String, missed: bool| {
            let reached = match missed {
                true => fixed!("missed").get(),
                false => fixed!("reached").get(),
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
        Some(Block::Table(Table {
            caption: fixed!("Thresholds that were asked for").get().to_owned(),
            head: vec![
                head(fixed!("Threshold").get()),
                head(fixed!("Asked").get()),
                head(fixed!("Found").get()),
                head(fixed!("Outcome").get()),
            ],
            rows,
        }))
    }
}
