//! What repeated recoding and moving look up, beside what comes of looking everywhere.

use std::collections::BTreeMap;

use super::*;
use crate::privacy::search::demand::Demand;
use crate::privacy::search::greedy::recode;
use crate::privacy::search::ladder::{Ladder, ONE};
use crate::privacy::search::lattice::Lattice;
use crate::privacy::search::layer::Layer;
use crate::privacy::search::partition::{NONE, Partition};
use crate::privacy::search::places::places;
use crate::privacy::search::refine::Refiner;
use crate::privacy::search::survey::{Bounds, survey};

/// What some combinations gain at a node.
fn gain(refiner: &Refiner<'_>, ladders: &[Ladder], left: &[bool], node: &[u8], price: u64) -> u64 {
    let combinations = refiner.combinations;
    let mut classes = BTreeMap::<Vec<u32>, (u32, u64)>::new();
    for combination in (0..combinations.len()).filter(|number| left[*number]) {
        let (mut groups, mut cost) = (Vec::new(), 0);
        for (column, (ladder, level)) in ladders.iter().zip(node).enumerate() {
            let group = ladder.group(*level, combinations.code(combination, column));
            cost += u64::from(ladder.cost(*level, group));
            groups.push(group);
        }
        classes.entry(groups).or_insert((0, cost)).0 += combinations.counts()[combination];
    }
    let met = classes
        .values()
        .filter(|(rows, _)| *rows >= refiner.demand.k);
    met.map(|(rows, cost)| price.saturating_sub(*cost) * u64::from(*rows))
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_gain_is_found(
        table in table(0, false, false),
        left in proptest::collection::vec(any::<[bool; 2]>(), 20),
        price in 1..=ONE,
        threads in 1..4_usize,
    ) {
        let (combinations, hierarchies) = (table.combinations(), table.hierarchies());
        let ladders = Ladder::all(&combinations, &hierarchies, 1);
        let demand = Demand::new(&combinations, &table.requirement);
        let refiner = Refiner::new(&combinations, &ladders, &demand);
        let all = vec![true; combinations.len()];
        let before: Vec<bool> = left.iter().map(|[one, other]| *one || *other).collect();
        let after: Vec<bool> = left.iter().map(|[one, _]| *one).collect();
        for (left, fewer) in [(&all, &before), (&before, &after)] {
            let numbers = (0..combinations.len()).filter(|number| left[*number]);
            let layer = Layer::all(&combinations, numbers.map(|number| number as u32).collect());
            let bounds = Bounds { price, low: 0, high: u64::MAX };
            let (found, _) = survey(&refiner, &layer, bounds, threads);
            let mut gains = BTreeMap::new();
            for mut found in found {
                let (classes, added) = found.classes.as_mut().unwrap();
                refiner.retain(classes, fewer);
                let worth = refiner.worth(classes, price.saturating_sub(*added));
                let later: u64 = worth.map(|class| class.gain * u64::from(class.rows)).sum();
                gains.insert(found.node, (found.gain, later));
            }
            let lattice = Lattice::new(&ladders);
            for node in (0..lattice.size().unwrap()).map(|number| lattice.node(number)) {
                let now = gain(&refiner, &ladders, left, &node, price);
                let later = gain(&refiner, &ladders, fewer, &node, price);
                let expected = (now > 0).then_some((now, later));
                prop_assert_eq!(gains.get(&node).copied(), expected, "{:?}", node);
            }
        }
    }

    #[test]
    fn the_cheapest_place_is_found(table in table(0, false, false), threads in 1..4_usize) {
        let (combinations, hierarchies) = (table.combinations(), table.hierarchies());
        let ladders = Ladder::all(&combinations, &hierarchies, 1);
        let demand = Demand::new(&combinations, &table.requirement);
        let mut partition = Partition::new(&combinations, &ladders, &demand);
        let refiner = Refiner::new(&combinations, &ladders, &demand);
        let (classes, _) = recode(&refiner, threads);
        classes.into_iter().for_each(|members| partition.add(members));
        for (number, place) in places(&partition, threads).into_iter().enumerate() {
            let own = partition.class_of[number];
            let cost = |class: u32| {
                let before = &partition.classes[class as usize];
                let after = partition.with(before, number as u32);
                (after.loss < ONE).then(|| after.cost().saturating_sub(before.cost()))
            };
            let others = (0..partition.classes.len() as u32).filter(|class| *class != own);
            let best = others.filter_map(cost).min();
            let most = match own {
                NONE => partition.rows(number as u32) * ONE,
                own => partition.classes[own as usize].cost(),
            };
            // What costs as much as staying is a place, or is none.
            match best.filter(|best| *best < most) {
                Some(best) => prop_assert_eq!(cost(place), Some(best)),
                None => prop_assert!(place == NONE || best == Some(most)),
            }
        }
    }
}
