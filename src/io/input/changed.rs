//! A file that is no longer what it was when it was opened.

/// That a file is no longer what it was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InputChanged {
    /// It grew or was cut.
    #[error(
        "{}",
        text!(
            "it had {before} bytes when it was opened and has {now} now: something writes to it\n  what \
             to do: run again when it is complete, or on a copy",
            before,
            now
        )
    )]
    Size { before: u64, now: u64 },
    /// It was written to, or its name or rights were changed.
    #[error(
        "{}",
        fixed!(
            "the file was changed while it was read\n  what to do: run again when nothing writes to it, \
             or on a copy"
        )
    )]
    Time,
    /// A second reading gave other bytes.
    #[error(
        "{}",
        fixed!(
            "its content changed between two readings\n  what to do: run again when nothing writes to \
             it, or on a copy"
        )
    )]
    Content,
}

coded! {
    InputChanged []
    Self::Size { .. } => "input_changed_size", "the input grew or was cut while it was read";
    Self::Time { .. } => "input_changed", "the input was written to while it was read";
    Self::Content { .. } => "input_changed_content", "the input had another content in another pass";
}
