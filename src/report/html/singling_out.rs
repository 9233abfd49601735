//! The first criterion of Opinion 05/2014: singling out (individualisation).

use super::Report;
use super::page::{Bar, Block, Chart, Group, Section, Tone};
use super::speech::{Told, bounded, is_hidden};
use crate::privacy::measures::ClassSizes;

/// The sizes of groups that a reader tells apart: the last size of each bin but the last.
const ENDS: [u64; 4] = [1, 2, 4, 10];

impl Report<'_> {
    pub(super) fn singling_out(self) -> Option<Section> {
        let (speech, audit) = (self.speech, self.audit()?);
        let (rows, small) = (audit.sizes.rows, &audit.sizes.small);
        let columns = audit.quasi.len();
        let (k, classes) = (speech.whole(small.k), speech.whole(small.classes));
        let largest = speech.whole(audit.sizes.largest);
        let unique = speech.count_of(small.unique_rows, rows);
        let parts = parts(&audit.sizes);
        let under_5 = speech.told(sum(&parts, 3), rows);
        let under_11 = speech.told(sum(&parts, 4), rows);
        let items = vec![
            text!(
                "Smallest group: k = {k}. Largest group: {largest}. Groups in all: {classes}.",
                k,
                largest,
                classes
            ),
            text!("Rows that are alone: {unique}.", unique),
            text!(
                "Rows in groups of fewer than 5: {under_5}; of fewer than 11: {under_11}.",
                under_5,
                under_11
            ),
        ];
        let intro = text!(
            "Can one person’s row be picked out? Rows that have the same values in all {columns} \
             quasi-identifying columns form a group, in which nobody can tell one row from another; \
             an empty cell is a value like any other. The smaller a group, the easier it is to know \
             whose row is whose.",
            columns
        );
        let limits = fixed!(
            "Limits: this counts only the columns named above, taken as known exactly. A person who \
             stands out in another column, or about whom more is known, may still be found."
        );
        Some(Section::new(
            "singling-out",
            fixed!("Criterion 1: singling out"),
            std::iter::once(Block::Text(intro))
                .chain(self.persons())
                .chain([
                    Block::Chart(self.sizes_chart(&audit.sizes)),
                    Block::List(items),
                    Block::text(limits),
                ])
                .collect(),
        ))
    }

    fn sizes_chart(self, sizes: &ClassSizes) -> Chart {
        let speech = self.speech;
        let parts = parts(sizes);
        let bars = parts.iter().zip(bounded(&parts)).enumerate();
        let bars = bars.map(|(position, (_, told))| {
            let (label, tone) = match position {
                0 => (fixed!("alone").get(), Tone::Bad),
                1 => (fixed!("group of 2").get(), Tone::Bad),
                2 => (fixed!("group of 3 or 4").get(), Tone::Careful),
                3 => (fixed!("group of 5 to 10").get(), Tone::Good),
                _ => (fixed!("group of 11 or more").get(), Tone::Good),
            };
            Bar {
                label: label.to_owned(),
                share: told.about() as f64 / sizes.rows.max(1) as f64,
                figure: speech.told(told, sizes.rows),
                tone,
            }
        });
        Chart {
            title: fixed!("How many rows look alike?").to_string(),
            note: fixed!("Rows (and their share) by the size of the group they are in.")
                .to_string(),
            groups: vec![Group {
                name: None,
                bars: bars.collect(),
            }],
        }
    }
}

/// The rows in classes of fewer than five, as far as they may be told.
pub(super) fn under_5(sizes: &ClassSizes) -> Told {
    sum(&parts(sizes), 3)
}

/// The first parts together. Where one of several is not spelled out, their sum is a lower bound
/// too, or it would give that one away.
fn sum(parts: &[u64], first: usize) -> Told {
    let parts = parts.iter().take(first).filter(|rows| **rows > 0);
    let all: u64 = parts.clone().sum();
    let spelled: u64 = parts.clone().filter(|rows| !is_hidden(**rows)).sum();
    match (all, spelled) {
        (all, _) if is_hidden(all) => Told::Few,
        (all, spelled) if all == spelled => Told::Exactly(all),
        (_, spelled) => Told::AtLeast(spelled.max(5)),
    }
}

/// The rows in classes up to each of [`ENDS`], and in larger ones.
fn parts(sizes: &ClassSizes) -> [u64; ENDS.len() + 1] {
    let mut parts = [0; ENDS.len() + 1];
    for bin in &sizes.distribution {
        let part = ENDS.partition_point(|end| *end < bin.from);
        if let Some(rows) = parts.get_mut(part) {
            *rows += bin.rows;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::measures::{Bin, Smallness};

    #[test]
    fn a_sum_gives_no_hidden_part_away() {
        for (case, parts, told) in [
            ("nothing", [0, 0, 0], Told::Exactly(0)),
            ("nothing hidden", [5, 0, 7], Told::Exactly(12)),
            ("all few", [1, 2, 0], Told::Few),
            ("few and few make five", [3, 2, 0], Told::AtLeast(5)),
            ("few and many", [3, 20, 30], Told::AtLeast(50)),
        ] {
            assert_eq!(sum(&parts, 3), told, "{case}");
        }
        assert_eq!(sum(&[7, 9], 1), Told::Exactly(7));
    }

    #[test]
    fn rows_go_to_the_part_of_their_size() {
        let sizes = [1, 2, 3, 4, 5, 10, 11, 21, 1001];
        let sizes = ClassSizes {
            rows: 9,
            small: Smallness::default(),
            largest: 0,
            distribution: sizes
                .map(|from| Bin {
                    from,
                    to: None,
                    classes: 1,
                    rows: 1,
                })
                .to_vec(),
        };
        assert_eq!(parts(&sizes), [1, 1, 2, 2, 3]);
    }
}
