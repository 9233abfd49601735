//! An output that is compressed on its way, as its name says.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Sink;
use crate::base::counted::Counted;
use crate::io::output::Destination;

/// How an output is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Packing {
    /// Not at all.
    #[default]
    None,
    /// gzip, without a name or a time: equal rows give equal bytes.
    Gzip,
    /// Zstandard, with a checksum.
    Zstd,
}

impl Packing {
    /// What the end of a name says, and the name without it.
    pub fn of_name(name: &str) -> (Self, &str) {
        if let Some(plain) = name.strip_suffix(".gz") {
            return (Self::Gzip, plain);
        }
        match name.strip_suffix(".zst") {
            Some(plain) => (Self::Zstd, plain),
            None => (Self::None, name),
        }
    }
}

/// Where the bytes of a text go.
pub enum PackedSink<'a> {
    Plain(Sink<'a>),
    /// Through gzip.
    Gzip(Box<GzEncoder<Sink<'a>>>),
    /// Through Zstandard.
    Zstd(Box<zstd::stream::write::Encoder<'static, Sink<'a>>>),
}

impl<'a> PackedSink<'a> {
    /// Begins an output.
    ///
    /// # Errors
    /// If the compressor cannot be set up.
    pub(super) fn open(sink: Sink<'a>, packing: Packing) -> io::Result<Self> {
        Ok(match packing {
            Packing::None => Self::Plain(sink),
            Packing::Gzip => Self::Gzip(Box::new(GzEncoder::new(sink, Compression::default()))),
            Packing::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(sink, 0)?;
                encoder.include_checksum(true)?;
                Self::Zstd(Box::new(encoder))
            }
        })
    }

    /// Ends it. What was not ended reads as cut short.
    ///
    /// # Errors
    /// What writing gives.
    pub(super) fn finish(self) -> io::Result<&'a mut Counted<Destination>> {
        match self {
            Self::Plain(sink) => sink.finish(),
            Self::Gzip(encoder) => encoder.finish()?.finish(),
            Self::Zstd(encoder) => encoder.finish()?.finish(),
        }
    }
}

impl Write for PackedSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(sink) => sink.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(sink) => sink.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}
