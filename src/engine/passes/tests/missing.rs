use super::*;

#[test]
fn checkers_count_the_missing_cells_that_parts_would_count() {
    let cells: [&[u8]; 11] = [
        b"", b"NULL", b"\"\"", b"=\"\"", b"  ", b"\"n/a\"", b"\xa0", b"\xe9", b"x", b"0",
        b"plus que quatre",
    ];
    for tiny in [true, false] {
        let cells = cells.iter().filter(|cell| !tiny || cell.len() < 4);
        let cells: Vec<&[u8]> = cells.copied().collect();
        let mut text = b"metier;note;naissance;enfants;revenus;visites;autre\n".to_vec();
        for at in 0..3 * cells.len() {
            let cell = |by: usize| cells[(at * by + by) % cells.len()];
            let row = [cell(1), cell(2), b"1980-01-01", b"0", b"5", b"3", cell(3)];
            text.extend(row.join(&b';'));
            text.push(b'\n');
        }
        // Two threads count what is missing in kept columns.
        let [by_parts, by_checkers] = [ResidualSearch::Off, ResidualSearch::Count].map(|look| {
            let how = (OnInvalid::Fail, 2);
            let outcome = measured(TABLE, &text, how, |measuring, mut reader| {
                let mut tally = Tally::new(measuring.plan.steps.len());
                let measuring = Measuring { look, ..*measuring };
                let passed = measuring.plain_pass(&mut reader, &mut |part: &mut Part| {
                    tally.add(&part.tally);
                    Ok::<(), Error>(())
                })?;
                let missing = tally.columns.iter().map(|column| column.missing);
                Ok((missing.collect::<Vec<u64>>(), passed.missing))
            });
            outcome.unwrap()
        });
        assert_eq!(by_parts.1, [], "{tiny}");
        let kept: Vec<(usize, u64)> = [0, 1, 6].map(|step| (step, by_parts.0[step])).to_vec();
        assert!(kept.iter().all(|(_, missing)| *missing > 10), "{kept:?}");
        assert_eq!(by_checkers.1, kept, "{tiny}");
        assert!(kept.iter().all(|(step, _)| by_checkers.0[*step] == 0));
    }
}
