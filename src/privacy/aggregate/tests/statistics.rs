//! Tables with shares and quantiles.

use super::*;

/// Rows of persons with and without something.
fn shared(counts: &[(&[&'static str], usize, usize)], totals: bool) -> Figures {
    let told = Told {
        part: true,
        ..Told::default()
    };
    let columns = counts.first().map_or(0, |(values, ..)| values.len());
    let mut tally = Tally::new(columns, vec![told], Room::endless());
    for (values, with, without) in counts {
        let all = std::iter::repeat_n(10_000, *with).chain(std::iter::repeat_n(0, *without));
        for amount in all {
            let values = values.iter().map(|value| value.as_bytes());
            tally.add(values, None, &[Some(amount)]).unwrap();
        }
    }
    let counted = Tally::together(vec![tally], &|text| text.into()).unwrap();
    let columns = (0..columns).map(|at| Column {
        name: format!("c{at}"),
        sensitive: false,
    });
    Figures::new(counted, totals, columns.collect()).unwrap()
}

#[test]
fn a_share_of_few_takes_its_cell_with_it() {
    let counts: &[(&[&'static str], usize, usize)] = &[
        (&["a"], 2, 60),
        (&["b"], 30, 40),
        (&["c"], 50, 50),
        (&["d"], 60, 90),
    ];
    let protected = protect(shared(counts, true), &demand(11), &Since::default()).unwrap();
    let published = told(&protected);
    assert_eq!((protected.primary, protected.secondary), (1, 1));
    assert_eq!((published["a"], published["d"]), (None, Some(150)));
    // Without margins nothing follows of those with it; but all persons are known to be so many.
    let protected = protect(shared(counts, false), &demand(11), &Since::default()).unwrap();
    assert_eq!((protected.primary, protected.secondary), (1, 1));
}

/// Whoever knows the number of persons and of those with it in the total, and in all cells that are published: two
/// suppressed cells have one sum for each, and so all that one can have is found by counting up.
#[test]
fn as_many_numbers_with_and_without_stay_possible() {
    for (few, other) in [((2, 60), (30, 40)), ((60, 2), (40, 30)), ((1, 1), (14, 14))] {
        let counts: &[(&[&'static str], usize, usize)] = &[
            (&["a"], few.0, few.1),
            (&["b"], other.0, other.1),
            (&["c"], 500, 500),
        ];
        let protected = protect(shared(counts, true), &demand(11), &Since::default()).unwrap();
        let published = told(&protected);
        let hidden = [("a", few), ("b", other), ("c", (500, 500))];
        let hidden = hidden.iter().filter(|(name, _)| published[*name].is_none());
        let (with, without) = hidden.fold((0, 0), |sum, (_, own)| (sum.0 + own.0, sum.1 + own.1));
        assert!(published["a"].is_none(), "{few:?}");
        assert!(with >= 10 && without >= 10, "{few:?}: {with} {without}");
    }
    // Nobody else is with it: nothing covers those who are.
    let counts: &[(&[&'static str], usize, usize)] = &[(&["a"], 2, 60), (&["b"], 11, 11)];
    assert!(protect(shared(counts, true), &demand(11), &Since::default()).is_err());
}

#[test]
fn quantiles_of_margins_are_told_where_nothing_of_them_is_suppressed() {
    let told = Told {
        quantiles: vec![Level::of_thousandths(500).unwrap()],
        round: 100,
        ..Told::default()
    };
    let mut tally = Tally::new(2, vec![told], Room::endless());
    let mut amounts = 0;
    for (values, count) in [
        (["n", "x"], 3),
        (["n", "y"], 40),
        (["s", "x"], 30),
        (["s", "y"], 50),
        (["w", "x"], 60),
        (["w", "y"], 60),
    ] {
        for _ in 0..count {
            amounts += 700;
            let values = values.iter().map(|value| value.as_bytes());
            tally.add(values, None, &[Some(amounts)]).unwrap();
        }
    }
    let counted = Tally::together(vec![tally], &|text| text.into()).unwrap();
    let columns = ["region", "plan"].map(|name| Column {
        name: name.to_owned(),
        sensitive: false,
    });
    let figures = Figures::new(counted, true, columns.to_vec()).unwrap();
    let protected = protect(figures, &demand(11), &Since::default()).unwrap();
    let mut seen = 0;
    for (place, cell) in protected.rows() {
        let names: Vec<_> = protected.figures.names(place).collect();
        let is_margin = names.contains(&None);
        let is_whole = names.first() == Some(&Some(&b"w"[..]));
        assert_eq!(
            protected.tells_quantiles(place),
            !is_margin || is_whole,
            "{names:?}"
        );
        seen += usize::from(is_margin && is_whole && cell.is_some());
    }
    assert_eq!(seen, 1);
}
