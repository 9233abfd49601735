//! Where the result goes, and what is left when a run does not reach its end.
//!
//! A reader of an anonymised file must never hold half of one: a file that was cut short looks
//! like a whole one. So a file gets its name only when it is complete and on the disk
//! ([`staged::Staged`]), whatever has no name vanishes with the process, and the few names that cannot be
//! avoided are taken away on every way out ([`cleanup`]). Streams ([`Destination::Stream`]) cannot
//! be taken back; there the exit status tells.

pub mod cleanup;
mod destination;
mod packed;
mod sealed;
mod shuffle;
mod staged;
mod workbook;
mod write_back;

pub use destination::{Destination, Manner, commit_all};
pub use packed::{PackedSink, Packing};
pub use sealed::{RecipientError, Recipients, Sink};
pub use shuffle::{SHUFFLE_MEMORY, Shuffle};
pub use workbook::{FirstColumn, TableSink, WORKBOOK_FORMAT};
