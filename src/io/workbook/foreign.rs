//! What is no table of rows, and what can be done about it.

use crate::base::lang::Fixed;

/// What is no table of rows that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", text!("it is {what}\n  what to do: {advice}", what = self.what(), advice = self.advice()))]
pub enum Foreign {
    /// An encrypted workbook or document.
    Encrypted,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// A binary workbook.
    Xlsb,
    /// A sheet of LibreOffice.
    Ods,
    /// Another document of an office program.
    Document,
    /// An archive of files.
    Archive(Fixed),
    Pdf,
    Json,
    /// HTML or XML.
    Markup,
    /// A table of another program.
    Data(Fixed),
}

impl Foreign {
    fn what(self) -> Fixed {
        match self {
            Self::Encrypted => {
                fixed!("an encrypted workbook or document, which opens with a password only")
            }
            Self::Xls => fixed!("a workbook of Excel 97 to 2003 (.xls)"),
            Self::Xlsb => fixed!("a binary workbook (.xlsb)"),
            Self::Ods => fixed!("an OpenDocument sheet (.ods)"),
            Self::Document => fixed!("a document of an office program, not a workbook"),
            Self::Archive(kind) => kind,
            Self::Pdf => fixed!("a PDF document"),
            Self::Json => fixed!("JSON, not a table of rows"),
            Self::Markup => fixed!("HTML or XML, whatever its name says"),
            Self::Data(kind) => kind,
        }
    }

    fn advice(self) -> Fixed {
        match self {
            Self::Encrypted => fixed!(
                "open it in the program that made it, and save it without a password as .xlsx or CSV"
            ),
            Self::Xls | Self::Xlsb | Self::Ods | Self::Markup => {
                fixed!("open it in a spreadsheet, and save it as .xlsx or as CSV")
            }
            Self::Document | Self::Pdf => {
                fixed!("export the rows from where they come from, as CSV or .xlsx")
            }
            Self::Archive(_) => fixed!("unpack it, and run on the file in it"),
            Self::Json | Self::Data(_) => fixed!("export the rows as CSV or .xlsx"),
        }
    }

    /// Whether it might after all be a text with such a beginning.
    pub(crate) fn may_be_text(self) -> bool {
        matches!(self, Self::Json | Self::Markup)
    }
}

coded! {
    Foreign []
    Self::Encrypted => 3, "file_encrypted", "the input is an encrypted workbook or document";
    Self::Xls => 3, "file_xls", "the input is a workbook of Excel 97 to 2003";
    Self::Xlsb => 3, "file_xlsb", "the input is a binary workbook";
    Self::Ods => 3, "file_ods", "the input is an OpenDocument sheet";
    Self::Document => 3, "file_document", "the input is a document of an office program";
    Self::Archive(_) => 3, "file_archive", "the input is an archive";
    Self::Pdf => 3, "file_pdf", "the input is a PDF";
    Self::Json => 3, "file_json", "the input is JSON";
    Self::Markup => 3, "file_markup", "the input is HTML or XML";
    Self::Data(_) => 3, "file_data", "the input is a table of another program";
}
