//! The third criterion of Opinion 05/2014: inference.

use super::Report;
use super::page::{Block, Section, Tone, head, name, number, table, text};
use crate::privacy::measures::Distance;

impl Report<'_> {
    pub(super) fn inference(self) -> Option<Section> {
        let audit = self.audit()?;
        let intro = fixed!(
            "Can something be learned about a person without finding the row? If all rows of a \
             group have the same income bracket, knowing that somebody is in the group is enough."
        );
        let mut blocks = vec![Block::text(intro)];
        if audit.sensitive.is_empty() {
            let unknown = fixed!(
                "Not known: no column that leaves is called sensitive, so nothing was measured here."
            );
            blocks.push(Block::notice(Tone::Careful, unknown));
        } else {
            blocks.push(self.sensitive_table()?);
            let meaning = fixed!(
                "l is the least number of different values in a group (1: a group gives its value \
                 away; entropy l also weighs how evenly they are spread). t is how far the most \
                 unlike group is from the whole file, from 0 (the same) to 1."
            );
            blocks.push(Block::text(meaning));
            if audit.sizes.small.k < 2 {
                let alone = fixed!(
                    "A row that is alone is a group with a single value: while k is 1, l is 1 as well."
                );
                blocks.push(Block::text(alone));
            }
        }
        let limits = fixed!(
            "Limits: only the columns that are called sensitive are watched. Values that differ but \
             mean nearly the same (two neighbouring brackets) count as different for l; a likely \
             value can be guessed with any l."
        );
        blocks.push(Block::text(limits));
        Some(Section::new(
            "inference",
            fixed!("Criterion 3: inference"),
            blocks,
        ))
    }

    fn sensitive_table(self) -> Option<Block> {
        let (speech, audit) = (self.speech, self.audit()?);
        let rows = audit.sensitive.iter().map(|column| {
            let of = &column.measures;
            let distance = match of.distance {
                Distance::Ordered => fixed!("ordered"),
                Distance::Equal => fixed!("categories"),
            };
            vec![
                name(&column.name),
                text(speech.whole(of.distinct as u64)),
                text(speech.whole(of.l_distinct as u64)),
                text(speech.decimal(of.l_entropy, 2)),
                text(format!("{} ({distance})", speech.decimal(of.t, 2))),
                text(speech.percent(of.largest_share)),
                text(speech.count_of(of.rows_of_one_value, audit.sizes.rows)),
                text(speech.count(of.worst_t.rows)),
            ]
        });
        Some(table(
            fixed!("Sensitive columns"),
            vec![
                head(fixed!("Column")),
                number(fixed!("Values in the file")),
                number("l"),
                number(fixed!("Entropy l")),
                number("t (distance)"),
                number(fixed!("Largest share of one value in a group")),
                number(fixed!("Rows in groups where all share one value")),
                number(fixed!("Rows of the group behind t")),
            ],
            rows,
        ))
    }
}
