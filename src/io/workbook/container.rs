//! A workbook as a zip archive: its parts, each read once, checked and bounded.

use crate::base::lang::Fixed;
use std::collections::HashMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::error::WorkbookError;
use super::kept::{Kept, KeptReader};

/// The most entries of an archive; a workbook has some ten.
const ENTRIES: usize = 20_000;

/// A part that expands to more than this is refused if it does so out of all proportion.
const SUSPICIOUS: u64 = 128 << 20;

/// How many times its compressed size a large part may have. DEFLATE reaches 1 032; sheets 10 to 60.
const PROPORTION: u64 = 400;

/// The bytes that one piece of XML may take: a tag or a text.
const PIECE: u64 = 64 << 20;

/// A zip archive and the names of its parts.
pub(super) struct Container {
    kept: Kept,
    archive: ZipArchive<KeptReader>,
    /// Names in lower case, without a leading slash.
    entries: HashMap<String, usize>,
}

impl Container {
    pub(super) fn open(kept: Kept) -> Result<Self, WorkbookError> {
        let damaged = |_| WorkbookError::damaged(fixed!("its table of contents cannot be read"));
        let archive = ZipArchive::new(kept.reader()).map_err(damaged)?;
        if archive.len() > ENTRIES {
            let what = fixed!("its table of contents");
            return Err(WorkbookError::TooLarge { what });
        }
        let mut entries = HashMap::new();
        for (position, name) in archive.file_names_raw().enumerate() {
            let name = normal(&String::from_utf8_lossy(name));
            if entries.insert(name, position).is_some() {
                // Which of the two a program reads is anybody's guess.
                return Err(WorkbookError::damaged(fixed!(
                    "two of its parts have one name"
                )));
            }
        }
        Ok(Self {
            kept,
            archive,
            entries,
        })
    }

    /// Whether there is a part of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&normal(name))
    }

    /// The names of its parts, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// A part, if it is there; it may expand to `most` bytes.
    pub(super) fn part(
        &mut self,
        name: &str,
        what: Fixed,
        most: u64,
    ) -> Result<Option<Part>, WorkbookError> {
        let Some(&position) = self.entries.get(&normal(name)) else {
            return Ok(None);
        };
        let damaged = || WorkbookError::damaged(fixed!("a part of it cannot be found"));
        let entry = self.archive.by_index_raw(position).map_err(|_| damaged())?;
        if entry.encrypted() {
            return Err(WorkbookError::damaged(fixed!("a part of it is encrypted")));
        }
        let size = entry.size();
        if size > most {
            return Err(WorkbookError::TooLarge { what });
        }
        let (method, packed, crc) = (entry.compression(), entry.compressed_size(), entry.crc32());
        let start = entry.data_start().ok_or_else(damaged)?;
        drop(entry);
        let mut bytes = self.kept.reader();
        bytes.seek(SeekFrom::Start(start)).map_err(|_| damaged())?;
        let bytes = bytes.take(packed);
        let content = match method {
            CompressionMethod::Stored => Content::Stored(bytes),
            CompressionMethod::Deflated => {
                Content::Deflated(Box::new(DeflateDecoder::new(BufReader::new(bytes))))
            }
            _ => {
                return Err(WorkbookError::damaged(fixed!(
                    "a part of it is compressed in an unusual way"
                )));
            }
        };
        Ok(Some(Part {
            content,
            what,
            size,
            packed,
            crc,
            seen: Crc::new(),
            read: 0,
            left: PIECE,
        }))
    }
}

/// A name as names are compared.
fn normal(name: &str) -> String {
    let name = name.replace('\\', "/").to_lowercase();
    name.trim_start_matches('/').to_owned()
}

/// How a part is stored.
enum Content {
    Stored(Take<KeptReader>),
    Deflated(Box<DeflateDecoder<BufReader<Take<KeptReader>>>>),
}

/// A part that is being read. Its end comes only if it is whole.
pub(super) struct Part {
    content: Content,
    what: Fixed,
    /// Bytes and checksum, as the table of contents says.
    size: u64,
    packed: u64,
    crc: u32,
    seen: Crc,
    read: u64,
    /// How many bytes may be read before [`Part::allow_piece`] is called again.
    left: u64,
}

impl Part {
    /// Allows another piece of XML to be read: whoever reads it keeps one in memory.
    pub(super) fn allow_piece(&mut self) {
        self.left = PIECE;
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let refuse = |error: WorkbookError| Err(io::Error::other(error));
        let damaged = |what| refuse(WorkbookError::damaged(what));
        let read = match &mut self.content {
            Content::Stored(bytes) => bytes.read(buffer),
            Content::Deflated(bytes) => bytes.read(buffer),
        };
        let read = match read {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(_) => return damaged(fixed!("a part of it cannot be decompressed")),
        };
        self.read += read as u64;
        self.seen.update(buffer.get(..read).unwrap_or_default());
        self.left = self.left.saturating_sub(read as u64);
        if is_bomb(self.read, self.packed) || self.left == 0 {
            return refuse(WorkbookError::TooLarge { what: self.what });
        }
        let is_whole = self.read == self.size && self.seen.sum() == self.crc;
        if self.read > self.size || read == 0 && !buffer.is_empty() && !is_whole {
            return damaged(fixed!(
                "a part of it is not as long as it says, or its checksum is wrong"
            ));
        }
        Ok(read)
    }
}

/// Whether so many bytes are too many for so few compressed ones.
fn is_bomb(read: u64, packed: u64) -> bool {
    read > SUSPICIOUS && read / packed.max(1) > PROPORTION
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn bombs_are_large_and_out_of_proportion() {
        for (read, packed, expected) in [
            (SUSPICIOUS, 1, false),
            (SUSPICIOUS + 1, SUSPICIOUS / 1000, true),
            (SUSPICIOUS + 1, 0, true),
            (SUSPICIOUS + 1, SUSPICIOUS / 60, false),
            (64 << 30, 1 << 30, false),
        ] {
            assert_eq!(is_bomb(read, packed), expected, "{read} of {packed}");
        }
    }

    #[test]
    fn a_part_is_bounded_by_its_declared_size_and_by_pieces() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        archive.start_file("xl/A.xml", options).unwrap();
        archive.write_all(&[b' '; 200_000]).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let open = || Container::open(Kept::copy(&mut &bytes[..]).unwrap()).unwrap();
        let read = |part: &mut Part| io::copy(part, &mut io::sink());
        let mut part = open()
            .part("/xl/a.xml", fixed!("it"), 200_000)
            .unwrap()
            .unwrap();
        assert_eq!(read(&mut part).unwrap(), 200_000);
        assert!(matches!(
            open().part("xl/a.xml", fixed!("it"), 199_999),
            Err(WorkbookError::TooLarge { .. })
        ));
        assert!(open().part("xl/b.xml", fixed!("it"), 1).unwrap().is_none());
        let mut part = open()
            .part("xl/a.xml", fixed!("it"), 200_000)
            .unwrap()
            .unwrap();
        part.left = 100_000;
        assert!(read(&mut part).is_err());
    }
}
