use std::collections::BTreeSet;

use super::*;

#[test]
fn each_key_has_its_number() {
    // Numbers stand above keys that leave room for them, and beside others.
    for (words, above, beside) in [
        (1, 0, false),
        (1, 50, true),
        (2, 0, false),
        (2, 50, true),
        (3, 51, true),
    ] {
        let mut state = 1_u64;
        let keys: BTreeSet<Vec<u64>> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005);
                state = state.wrapping_add(1);
                (0..words)
                    .map(|word| ((state >> (20 + word)) % 3_000) << above)
                    .collect()
            })
            .collect();
        let packed: Vec<u64> = keys.iter().flatten().copied().collect();
        let numbers: Vec<u32> = (0..).take(keys.len()).collect();
        for threads in 1..=3 {
            let table = Table::new(words, &packed, &numbers, threads);
            assert_eq!(table.slot.stride, words + usize::from(beside));
            let mut found = vec![7];
            table.numbers(&packed, &mut found);
            assert!(
                found
                    .iter()
                    .zip(&numbers)
                    .all(|(found, number)| *found == number + 1)
            );
            assert_eq!(found.len(), numbers.len());
            let others: Vec<u64> = packed.iter().map(|word| word + (3_000 << above)).collect();
            table.numbers(&others, &mut found);
            assert_eq!(found, vec![0; numbers.len()]);
            let slots: usize = table.parts.iter().map(|part| part.places as usize).sum();
            assert!(slots * 3 <= numbers.len() * 4 + 3 * threads, "{slots}");
        }
    }
}

#[test]
fn a_table_of_nothing_has_nothing() {
    for threads in 1..=3 {
        let table = Table::new(1, &[], &[], threads);
        let mut found = Vec::new();
        table.numbers(&[0, 1, u64::MAX], &mut found);
        assert_eq!(found, [0; 3]);
    }
}
