/// A table of cases for a test, each on a line of its own whatever its width: an array of tuples.
#[cfg(test)]
macro_rules! cases {
    ($($($cell:expr),+;)+) => {
        [$(($($cell),+)),+]
    };
}
