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
        let speech = self.speech;
        match self.about {
            About::Run(_) => speech.pick(
                "What was done to a customer export before it left, and how identifying it still is",
                "Ce qui a été fait à un export de clients avant sa sortie, et ce qu’il permet encore d’identifier",
            ),
            About::File(_) => speech.pick(
                "How identifying a file is, as it stands",
                "Ce qu’un fichier permet d’identifier, tel qu’il est",
            ),
        }
        .to_owned()
    }

    /// Why rows were left out, for people.
    fn left_out(self, test: &str, reason: &str) -> &'static str {
        let speech = self.speech;
        match (reason, test) {
            ("no_consent", _) => speech.pick("– without consent", "– sans consentement"),
            ("too_old", _) => speech.pick(
                "– kept for longer than allowed",
                "– durée de conservation dépassée",
            ),
            ("missing", "retention") => speech.pick(
                "– without the date that the retention period counts from",
                "– sans la date d’où court la durée de conservation",
            ),
            ("invalid", _) => speech.pick(
                "– the cell that decides cannot be read",
                "– la cellule qui en décide est illisible",
            ),
            _ => speech.pick(
                "– a condition of the rule table does not hold",
                "– une condition de la table de règles n’est pas remplie",
            ),
        }
    }

    pub(super) fn measured(self) -> Section {
        let speech = self.speech;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut row = |what: &'static str, value: Cell| rows.push(vec![text(what), value]);
        let (table, sha256) = match self.about {
            About::Run(run) => {
                row(speech.pick("Source", "Source"), name(&run.input.path));
                row(
                    speech.pick("Output", "Fichier produit"),
                    name(&run.output.path),
                );
                row(speech.pick("Date", "Date"), text(self.date(run.finished)));
                let (tally, whole) = (run.tally, |rows| text(speech.whole(rows)));
                row(speech.pick("Rows read", "Lignes lues"), whole(tally.rows));
                row(
                    speech.pick("Rows written", "Lignes écrites"),
                    whole(tally.written),
                );
                row(
                    speech.pick("Rows left out", "Lignes écartées"),
                    whole(tally.skipped() + tally.left_out()),
                );
                for (what, rows) in [
                    (
                        speech.pick("– the header again", "– l’en-tête répété"),
                        tally.nobody.headers,
                    ),
                    (
                        speech.pick("– blank", "– vides"),
                        tally.nobody.blank + tally.nobody.rules,
                    ),
                    (speech.pick("– totals", "– totaux"), tally.nobody.totals),
                ] {
                    if rows > 0 {
                        row(what, text(speech.count(rows)));
                    }
                }
                for why in run.left_out() {
                    let what = self.left_out(why.test, why.reason);
                    let (column, rows) = (speech.name(why.column), speech.count(why.rows));
                    row(
                        what,
                        text(format!("{column}{}{rows}", speech.pick(": ", " : "))),
                    );
                }
                if tally.blanked > 0 {
                    row(
                        speech.pick(
                            "Rows too old, left with their identifying and quasi-identifying cells empty",
                            "Lignes trop anciennes, sorties avec leurs cellules identifiantes et quasi identifiantes vides",
                        ),
                        text(speech.count(tally.blanked)),
                    );
                }
                (run.table, run.table_sha256)
            }
            About::File(file) => {
                row(speech.pick("File", "Fichier"), name(&file.file.path));
                row(speech.pick("Date", "Date"), text(self.date(Utc::now())));
                let all = text(speech.whole(file.audit.rows()));
                row(speech.pick("Rows", "Lignes"), all);
                let listed = |counted: Option<Attribute>| {
                    let columns = file.columns.iter();
                    let columns = columns.filter(|judged| judged.counted_as() == counted);
                    let names: Vec<&str> = columns.map(|judged| judged.column.as_str()).collect();
                    names.join(", ")
                };
                let quasi = listed(Some(Attribute::QuasiIdentifying));
                row(
                    speech.pick(
                        "Quasi-identifying columns that the figures hold for",
                        "Colonnes quasi identifiantes pour lesquelles valent les chiffres",
                    ),
                    name(&quasi),
                );
                let others = listed(None);
                if !others.is_empty() {
                    row(
                        speech.pick("Columns that are not counted", "Colonnes non comptées"),
                        name(&others),
                    );
                }
                (file.table, file.table_sha256)
            }
        };
        row(
            speech.pick("Tool", "Outil"),
            text(concat!("crm-anon ", env!("CARGO_PKG_VERSION"))),
        );
        row(speech.pick("Rule table", "Table de règles"), name(table));
        row(
            speech.pick("SHA-256 of the rule table", "SHA-256 de la table de règles"),
            name(sha256),
        );
        let mut hash = |what: &'static str, of: &Bytes| {
            if let Some(sha256) = &of.sha256 {
                row(what, name(sha256));
            }
        };
        match self.about {
            About::Run(run) => {
                hash(
                    speech.pick("SHA-256 of the source", "SHA-256 de la source"),
                    &run.input,
                );
                hash(
                    speech.pick("SHA-256 of the output", "SHA-256 du fichier produit"),
                    &run.output,
                );
            }
            About::File(file) => {
                hash(
                    speech.pick("SHA-256 of the file", "SHA-256 du fichier"),
                    &file.file,
                );
            }
        }
        let mut blocks = vec![Block::Table(Table {
            caption: speech
                .pick("The files and the tool", "Les fichiers et l’outil")
                .to_owned(),
            head: vec![
                head(speech.pick("What", "Élément")),
                head(speech.pick("Value", "Valeur")),
            ],
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
            title: speech
                .pick("What was measured", "Ce qui a été mesuré")
                .to_owned(),
            blocks,
        }
    }

    fn date(self, at: chrono::DateTime<Utc>) -> String {
        let format = self
            .speech
            .pick("%Y-%m-%d %H:%M UTC", "%d/%m/%Y à %H:%M (UTC)");
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
                true => speech.pick("missed", "non atteint"),
                false => speech.pick("reached", "atteint"),
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
            let what = speech.pick(
                "unique rows (--max-unique)",
                "lignes uniques (--max-unique)",
            );
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
            let what = speech.pick(
                "largest share of one value (--max-share)",
                "plus grande part d’une valeur (--max-share)",
            );
            let asked = format!("≤ {}", speech.percent(most.share()));
            row(what, asked, speech.percent(found), is);
        }
        if let (Some(most), Some(found)) = (gate.max_t, audit.t()) {
            let is = missed(|miss| matches!(miss, Miss::T { .. }));
            let asked = format!("≤ {}", speech.decimal(most, 3));
            row("t (--max-t)", asked, speech.decimal(found, 3), is);
        }
        Some(Block::Table(Table {
            caption: speech
                .pick("Thresholds that were asked for", "Seuils demandés")
                .to_owned(),
            head: vec![
                head(speech.pick("Threshold", "Seuil")),
                head(speech.pick("Asked", "Demandé")),
                head(speech.pick("Found", "Mesuré")),
                head(speech.pick("Outcome", "Résultat")),
            ],
            rows,
        }))
    }
}
