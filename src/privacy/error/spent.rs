//! What is told where a budget of differential privacy is spent.

use crate::privacy::differential::{Delta, Epsilon};

/// That a table would spend more than there is: what the budget is, and what is spent of it and in all.
pub(super) fn overspent(
    asked: Epsilon,
    (budget, per): &(Epsilon, Option<String>),
    (spent, lifetime): (u128, u128),
    dataset: Option<&str>,
) -> String {
    text!(
        "the budget of {of} does not allow it: epsilon {asked} is asked for, {spent} is spent of {budget}, \
         {lifetime} in all; nothing was drawn or published\n  what to do: ask for less with --epsilon, or wait",
        of = whose(dataset),
        asked,
        spent = Epsilon::sum(spent),
        budget = in_time(budget.to_string(), per.as_deref()),
        lifetime = Epsilon::sum(lifetime)
    )
}

/// The same for δ.
pub(super) fn overspent_delta(
    asked: Delta,
    ((budget, per), kept): (&(Delta, Option<String>), u64),
    (spent, lifetime): (u128, u128),
    dataset: Option<&str>,
) -> String {
    text!(
        "the budget of {of} does not allow it: delta {asked} is asked for, {spent} is spent of {budget}, \
         {lifetime} in all, and {kept} is kept for all tables together; nothing was drawn or published\n  what to do: write a \
         smaller delta in [differential_privacy], or wait",
        of = whose(dataset),
        asked,
        spent = Delta::sum(spent),
        budget = in_time(budget.to_string(), per.as_deref()),
        lifetime = Delta::sum(lifetime),
        kept = Delta::sum(kept.into())
    )
}

fn in_time(budget: String, per: Option<&str>) -> String {
    match per {
        Some(per) => text!("{budget} in {per}", budget, per),
        None => budget,
    }
}

fn whose(dataset: Option<&str>) -> String {
    match dataset {
        Some(dataset) => text!("the data `{dataset}`", dataset = dataset.escape_debug()),
        None => fixed!("all data of this journal").to_string(),
    }
}
