//! A table cut into equivalence classes, each with the mildest labels that cover its members.

use super::at;
use super::cells::Cells;
use super::classes::add_up;
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::outcome::Assignment;
use crate::privacy::Combinations;

/// The class of a combination that has none: it is suppressed.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Default)]
pub(super) struct Class {
    /// The combinations in it.
    pub(super) members: Vec<u32>,
    /// The labels, by column.
    pub(super) cells: Box<[u32]>,
    pub(super) rows: u64,
    /// What each row loses.
    pub(super) loss: u64,
}

impl Class {
    /// What all rows lose together.
    pub(super) fn cost(&self) -> u64 {
        self.rows * self.loss
    }
}

/// Combinations in classes.
pub(super) struct Partition<'a> {
    pub(super) combinations: &'a Combinations,
    pub(super) demand: &'a Demand,
    pub(super) columns: Vec<Cells>,
    pub(super) class_of: Vec<u32>,
    pub(super) classes: Vec<Class>,
}

impl<'a> Partition<'a> {
    /// All combinations in no class.
    pub(super) fn new(
        combinations: &'a Combinations,
        ladders: &[Ladder],
        demand: &'a Demand,
    ) -> Self {
        let columns = ladders
            .iter()
            .map(|ladder| Cells::new(ladder, ladder.values()));
        Self {
            combinations,
            demand,
            columns: columns.collect(),
            class_of: vec![NONE; combinations.len()],
            classes: Vec::new(),
        }
    }

    pub(super) fn rows(&self, combination: u32) -> u64 {
        u64::from(at(self.combinations.counts(), combination as usize))
    }

    /// What `cells` become, to cover a combination, too.
    fn cover(&self, cells: &mut [u32], combination: u32) {
        for (column, (cell, cells)) in cells.iter_mut().zip(&self.columns).enumerate() {
            // The first cells of a column are its values.
            let value = self.combinations.code(combination as usize, column);
            *cell = cells.join(*cell, value);
        }
    }

    /// What a row loses with such labels.
    fn loss(&self, cells: &[u32]) -> u64 {
        let columns = self.columns.iter().zip(cells);
        columns
            .map(|(column, cell)| u64::from(column.cost(*cell)))
            .sum()
    }

    /// The class of such members.
    pub(super) fn class(&self, members: Vec<u32>) -> Class {
        let mut cells: Box<[u32]> = Box::default();
        let mut rows = 0;
        for member in &members {
            if rows == 0 {
                let columns = 0..self.columns.len();
                cells = columns
                    .map(|column| self.combinations.code(*member as usize, column))
                    .collect();
            } else {
                self.cover(&mut cells, *member);
            }
            rows += self.rows(*member);
        }
        let loss = self.loss(&cells);
        Class {
            members,
            cells,
            rows,
            loss,
        }
    }

    /// Adds a class.
    pub(super) fn add(&mut self, members: Vec<u32>) {
        let number = self.classes.len() as u32;
        for member in &members {
            if let Some(class) = self.class_of.get_mut(*member as usize) {
                *class = number;
            }
        }
        let class = self.class(members);
        self.classes.push(class);
    }

    /// The class, with another combination.
    pub(super) fn with(&self, class: &Class, combination: u32) -> Class {
        let mut cells = class.cells.clone();
        self.cover(&mut cells, combination);
        Class {
            members: class.members.iter().copied().chain([combination]).collect(),
            loss: self.loss(&cells),
            rows: class.rows + self.rows(combination),
            cells,
        }
    }

    pub(super) fn without(&self, class: &Class, combination: u32) -> Class {
        let rest = class
            .members
            .iter()
            .copied()
            .filter(|member| *member != combination);
        self.class(rest.collect())
    }

    /// Whether a class may be published: as asked for, and not all `*`.
    pub(super) fn allowed(&self, class: &Class) -> bool {
        class.rows == 0
            || class.loss < ONE && {
                let values = values(self.combinations, &class.members, self.demand.sensitive());
                self.demand.met(class.rows, |column| {
                    values.get(column).map_or(&[], Vec::as_slice)
                })
            }
    }

    /// Puts a class in the place of another; its members belong to it.
    pub(super) fn replace(&mut self, number: u32, class: Class) {
        for member in &class.members {
            if let Some(of) = self.class_of.get_mut(*member as usize) {
                *of = number;
            }
        }
        if let Some(old) = self.classes.get_mut(number as usize) {
            *old = class;
        }
    }

    /// Suppresses whole classes, the cheapest first, until the `*` class may stand.
    ///
    /// The combinations in no class are suppressed; gives `None` if that takes too many rows.
    pub(super) fn settle(&mut self) -> Option<()> {
        let of = self.class_of.iter().enumerate();
        let mut star: Vec<u32> = of
            .filter(|(_, class)| **class == NONE)
            .map(|(member, _)| member as u32)
            .collect();
        let mut rows: u64 = star.iter().map(|member| self.rows(*member)).sum();
        let open = self
            .classes
            .iter()
            .enumerate()
            .filter(|(_, class)| class.rows > 0);
        let mut order: Vec<(u64, usize)> = open
            .map(|(number, class)| (class.rows * (ONE - class.loss.min(ONE)), number))
            .collect();
        order.sort_unstable();
        let mut order = order.into_iter();
        loop {
            let values = values(self.combinations, &star, self.demand.sensitive_of_star());
            if self
                .demand
                .met_by_star(rows, |column| values.get(column).map_or(&[], Vec::as_slice))
            {
                return (rows <= self.demand.max_suppressed).then_some(());
            }
            let room = self.demand.max_suppressed.checked_sub(rows)?;
            let (_, number) = order.find(|(_, number)| {
                self.classes
                    .get(*number)
                    .is_some_and(|class| class.rows <= room)
            })?;
            let class = std::mem::take(self.classes.get_mut(number)?);
            for member in &class.members {
                if let Some(of) = self.class_of.get_mut(*member as usize) {
                    *of = NONE;
                }
            }
            rows += class.rows;
            star.extend(class.members);
        }
    }

    /// The node of each combination.
    pub(super) fn assignment(&self, top: Box<[u8]>) -> Assignment {
        let mut numbers = std::collections::HashMap::from([(top.clone(), 0)]);
        let mut nodes = vec![top];
        let of_class: Vec<u32> = self
            .classes
            .iter()
            .map(|class| {
                let cells = class.cells.iter().zip(&self.columns);
                let node: Box<[u8]> = cells.map(|(cell, column)| column.level(*cell)).collect();
                let next = nodes.len() as u32;
                *numbers.entry(node).or_insert_with_key(|node| {
                    nodes.push(node.clone());
                    next
                })
            })
            .collect();
        let node_of = self
            .class_of
            .iter()
            .map(|class| at(&of_class, *class as usize));
        Assignment {
            node_of: node_of.collect(),
            nodes,
        }
    }
}

/// The sensitive values of combinations, by column.
pub(super) fn values(
    combinations: &Combinations,
    members: &[u32],
    columns: usize,
) -> Vec<Vec<(u32, u32)>> {
    let columns = combinations.demanded().iter().take(columns);
    let values = columns.map(|column| {
        let members = members.iter();
        let mut all: Vec<(u32, u32)> = members
            .flat_map(|member| column.of(*member as usize))
            .copied()
            .collect();
        let mut sums = Vec::new();
        add_up(&mut all, &mut sums);
        sums
    });
    values.collect()
}
