//! Which of the written cells are counted.

/// Which cells of a written row are looked at.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// The steps of the plan whose cells are noted, in the order of the output.
    pub steps: Vec<usize>,
    /// Of these, the quasi-identifying ones, by their positions in `steps`.
    pub quasi: Vec<usize>,
    /// And the sensitive ones.
    pub sensitive: Vec<usize>,
    /// The other ones, if all published columns are looked at; and whether others may know what is in
    /// them.
    pub others: Vec<(usize, bool)>,
    /// Whether they are: a value is rare that fewer rows or persons have (0: none is).
    pub looks: Option<u32>,
}

impl Watch {
    /// The same cells, of which the sensitive ones are not counted.
    #[must_use]
    pub fn without_sensitive(&self) -> Self {
        let sensitive = self.sensitive.iter().map(|at| (*at, false));
        let others = match self.looks {
            Some(_) => sensitive.chain(self.others.iter().copied()).collect(),
            None => Vec::new(),
        };
        Self {
            sensitive: Vec::new(),
            others,
            ..self.clone()
        }
    }

    /// Takes the quasi-identifying cells out, and gives their steps.
    pub(super) fn take_quasi(&mut self) -> Vec<usize> {
        let step = |at: &usize| self.steps.get(*at).copied();
        let quasi = self.quasi.iter().filter_map(step).collect();
        let rest: Vec<usize> = (0..self.steps.len())
            .filter(|at| !self.quasi.contains(at))
            .collect();
        let steps: Vec<usize> = rest.iter().filter_map(step).collect();
        let place = |at: usize| rest.iter().position(|other| *other == at);
        let others = self.others.iter();
        *self = Self {
            quasi: Vec::new(),
            sensitive: self.sensitive.iter().filter_map(|at| place(*at)).collect(),
            others: others
                .filter_map(|(at, known)| Some((place(*at)?, *known)))
                .collect(),
            looks: self.looks,
            steps,
        };
        quasi
    }

    /// How many marks a row has.
    pub(super) fn marks(&self) -> usize {
        (2 * self.steps.len()).max(1)
    }
}
