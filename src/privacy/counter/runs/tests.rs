use std::collections::BTreeMap;

use super::*;

impl Runs {
    fn iter(&self) -> impl Iterator<Item = (&[u64], u32)> {
        let blocks = self.blocks(7);
        blocks.flat_map(|(keys, counts)| {
            let keys = keys.chunks_exact(self.words).enumerate();
            keys.map(move |(at, key)| (key, counts.map_or(1, |counts| counts[at])))
        })
    }
}

#[test]
fn keys_are_counted_as_in_a_map() {
    for words in 1..=4 {
        let (mut runs, mut expected) = (Runs::new(words), BTreeMap::new());
        let mut state = 1_u64;
        for round in 0..40_usize {
            let mut keys = Vec::new();
            for _ in 0..round * round {
                let key: Vec<u64> = (0..words)
                    .map(|word| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005);
                        state = state.wrapping_add(1);
                        (state >> 40) % [5, 7, 300, 2][word]
                    })
                    .collect();
                keys.extend_from_slice(&key);
                *expected.entry(key).or_insert(0_u32) += 1;
            }
            runs.count(&keys);
            if round % 3 == 0 {
                runs.sort();
            }
        }
        runs.end();
        for run in &runs.runs {
            assert!(run.keys.chunks_exact(words).is_sorted());
        }
        let sizes: Vec<usize> = runs.runs.iter().map(|run| run.counts.len()).collect();
        assert!(
            sizes.is_sorted_by(|before, after| before / 2 >= *after),
            "{sizes:?}"
        );
        let mut found = BTreeMap::new();
        for (key, count) in runs.iter() {
            *found.entry(key.to_vec()).or_insert(0) += count;
        }
        assert_eq!(found, expected, "{words} words");
    }
}

#[test]
fn many_keys_are_sorted_by_themselves() {
    let usual = Limits::BEST.usual;
    let mut runs = Runs::new(1);
    let keys: Vec<u64> = (0..usual as u64 / 8).map(|key| key % 1_000).collect();
    (0..20).for_each(|_| runs.count(&keys));
    runs.end();
    assert_eq!(runs.sizes(), (1_000, 20 * keys.len() as u64));
    assert_eq!(runs.gathered.capacity(), 0);
}

#[test]
fn keys_that_differ_stay_as_they_came() {
    let (usual, different) = (60, 600);
    for words in 1..=3 {
        let mut runs = Runs::new(words).limited(Limits { usual, different });
        let block = (usual / words) as u64;
        let mut next = 0;
        let mut count = |runs: &mut Runs, keys: u64, distinct: u64| {
            let keys = (0..keys).flat_map(|at| vec![next + at % distinct; words]);
            runs.count(&keys.collect::<Vec<u64>>());
            runs.compact();
            next += distinct;
        };
        count(&mut runs, block + 1, block);
        assert_eq!((runs.runs.len(), runs.gathered.len()), (1, 0));
        (0..3).for_each(|_| count(&mut runs, block, block));
        runs.end();
        assert_eq!((runs.runs.len(), runs.gathered.len()), (1, 3 * usual));
        assert_eq!(runs.sizes(), (4 * block as usize, 4 * block + 1));
        let rows: u32 = runs.iter().map(|(_, count)| count).sum();
        assert_eq!(u64::from(rows), 4 * block + 1);
        assert_eq!(runs.bytes(), 4 * usual * 8 + block as usize * 4);
        // Up to a limit, and not once others come.
        while runs.different {
            count(&mut runs, block, block / 2);
            assert!(runs.gathered.len() < different);
        }
        assert_eq!(runs.gathered.capacity(), 0);
        count(&mut runs, 10, 10);
        runs.end();
        assert!(runs.gathered.is_empty());
        // Where nobody has time to compact, twice as many are gathered.
        let mut runs = Runs::new(words).limited(Limits { usual, different });
        for (times, expected) in [(1, 1), (1, 0), (19, 19), (1, 0)] {
            let keys: Vec<u64> = (next..next + block)
                .flat_map(|key| vec![key; words])
                .collect();
            (0..times).for_each(|_| runs.count(&keys));
            next += block;
            assert_eq!(runs.gathered.len(), expected * usual, "{words} words");
        }
    }
}

#[test]
fn keys_are_packed_anew() {
    let narrow = Layout::new(&[4, 4]);
    let wide = Layout::new(&[1 << 31, 1 << 31, 1 << 31]);
    let wide = [Layout::new(&[1 << 20, 1 << 30]), wide];
    for to in wide {
        for usual in [1, 2, 100] {
            let limits = Limits {
                usual,
                different: 4,
            };
            let mut runs = Runs::new(narrow.words()).limited(limits);
            let mut key = [0];
            for codes in [[1, 2], [2, 1], [3, 0], [1, 2], [0, 3]] {
                narrow.pack(codes, &mut key);
                runs.count(&key);
            }
            let runs = runs.repacked(&narrow, &to);
            let mut found = BTreeMap::new();
            for (key, count) in runs.iter() {
                *found.entry((to.code(key, 0), to.code(key, 1))).or_insert(0) += count;
            }
            let expected = [((0, 3), 1), ((1, 2), 2), ((2, 1), 1), ((3, 0), 1)];
            assert_eq!(found, expected.into());
        }
    }
}
