use super::*;

#[test]
fn what_is_packed_is_unpacked() {
    for (distinct, words) in [
        (&[][..], 1),
        (&[1], 1),
        (&[2, 3, 100, 6309], 1),
        (&[1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20], 2),
        (&[usize::MAX, usize::MAX, usize::MAX], 2),
    ] {
        let layout = Layout::new(distinct);
        assert_eq!(layout.words(), words, "{distinct:?}");
        for part in [0, 1, 2] {
            let codes: Vec<u32> = distinct
                .iter()
                .map(|distinct| u32::try_from((distinct - 1) / 2 * part).unwrap_or(u32::MAX))
                .collect();
            let mut key = vec![7; words];
            layout.pack(codes.iter().copied(), &mut key);
            let mut unpacked = Vec::new();
            layout.unpack(&key, &mut unpacked);
            assert_eq!(unpacked, codes, "{distinct:?}");
        }
    }
}

#[test]
fn rows_are_counted_by_combination_with_their_sensitive_values() {
    let rows = [
        (vec![0, 1], vec![5]),
        (vec![2, 0], vec![1]),
        (vec![0, 1], vec![5]),
        (vec![0, 1], vec![3]),
    ];
    let combinations = Combinations::of_rows(&rows);
    assert_eq!((combinations.len(), combinations.rows()), (2, 4));
    assert!(!combinations.is_empty());
    assert_eq!(combinations.keys().len(), 2);
    let at = (0..2).find(|&at| combinations.code(at, 0) == 0).unwrap();
    assert_eq!(combinations.counts()[at], 3);
    assert_eq!(combinations.code(at, 1), 1);
    assert_eq!(combinations.sensitive()[0].of(at), &[(3, 1), (5, 2)]);
    assert_eq!(combinations.sensitive()[0].distinct(), 6);
    assert_eq!(combinations.layout().columns(), 2);
}
