//! What a search for k was asked and what it chose.

use super::page::{Block, Section, head, name, table, text};
use super::{About, Report};
use crate::privacy::achieved::Achieved;
use crate::privacy::goal::Recoding;

impl Report<'_> {
    pub(super) fn recoded(self) -> Option<Section> {
        let About::Run(run) = self.about else {
            return None;
        };
        let (speech, found) = (self.speech, run.recoded?);
        let (k, others) = (u64::from(found.k), u64::from(found.k).saturating_sub(1));
        let (k, others) = (speech.whole(k), speech.whole(others));
        let how = match found.recoding {
            Recoding::Global => {
                fixed!("All rows were generalised alike: one level for each column.").get()
            }
            Recoding::Local => fixed!(
                "Each row was generalised only as far as it took, so that rows of one file may be \
                 at different levels."
            )
            .get(),
        };
        let asked = text!(
            "It was asked that every row share its quasi-identifying values with at least {others} \
             others (k = {k}).",
            others,
            k
        );
        let measured = run.audit.map(|audit| {
            let (k, classes) = (audit.sizes.small.k, audit.sizes.small.classes);
            let (k, classes) = (speech.whole(k), speech.whole(classes));
            text!(
                "Measured again on the rows as written: the smallest group has {k} rows, and there \
                 are {classes} different groups.",
                k,
                classes
            )
        });
        let mut items = vec![how.to_owned()];
        items.extend(measured);
        items.push(self.suppressed(found, run.tally.written));
        items.push(self.loss(found));
        items.push(match (found.proven_optimal, found.recoding) {
            (true, Recoding::Global) => fixed!("It is proven that no other choice of levels loses less, under the same loss and limits.").get(),
            (true, Recoding::Local) => fixed!("It is proven that nothing loses less, under the same loss and limits.").get(),
            (false, _) => fixed!("It is not proven that this is the least loss possible; it is the least that was found.").get(),
        }.to_owned());
        let rows = found.levels.iter().map(|(column, levels)| {
            let all: u64 = levels.iter().map(|(_, rows)| rows).sum();
            let used: Vec<&(String, u64)> = levels.iter().filter(|(_, rows)| *rows > 0).collect();
            let told = match used.as_slice() {
                [(title, _)] => speech.step(title),
                used => {
                    let rows: Vec<u64> = used.iter().map(|(_, rows)| *rows).collect();
                    let told = super::speech::bounded(&rows);
                    let parts = used.iter().zip(told).map(|((title, _), rows)| {
                        format!(
                            "{}{} {}",
                            speech.step(title),
                            fixed!(":").get(),
                            speech.told(rows, all)
                        )
                    });
                    parts.collect::<Vec<_>>().join(fixed!("; ").get())
                }
            };
            vec![name(column), text(told)]
        });
        let table = table(
            fixed!("The level chosen for each column"),
            vec![
                head(fixed!("Column")),
                head(fixed!("Level (rows written at it)")),
            ],
            rows,
        );
        Some(Section::new(
            "generalised",
            fixed!("How the groups were made large enough"),
            vec![Block::Text(asked), Block::List(items), table],
        ))
    }

    fn suppressed(self, found: &Achieved, rows: u64) -> String {
        let speech = self.speech;
        if found.suppressed == 0 {
            return fixed!("No row had to be suppressed.").to_string();
        }
        let count = speech.count_of(found.suppressed, rows);
        text!(
            "Rows suppressed: {count}. They are still in the file, but show * in every quasi-identifying column.",
            count
        )
    }

    fn loss(self, found: &Achieved) -> String {
        let speech = self.speech;
        let loss = speech.percent(found.loss);
        text!(
            "Loss: {loss}. 0% means that every value is as exact as before, 100% that nothing but * \
             is left; in between it is the mean, over rows and columns, of how many other values \
             each written value could stand for.",
            loss
        )
    }
}
