"""Why a file cannot be imported. Every sentence says what to do next."""

from keystead.kernel.errors import Conflict, Invalid


class FileRefused(Invalid):
    """The file cannot be read as a register; nothing of it was used."""

    code = "import-file-refused"


class FileTooLarge(FileRefused):
    """More bytes, rows, columns or text in one cell than an import takes."""

    code = "import-file-too-large"


class NotATable(FileRefused):
    """Binary data, an empty file, or a kind of file that is not a table."""

    code = "import-not-a-table"


class QuoteNeverClosed(FileRefused):
    """A quotation mark opens a cell and no other one ends it properly."""

    code = "import-quote-never-closed"


class UnsafeWorkbook(FileRefused):
    """A workbook that unpacks to something far larger than it looks."""

    code = "import-unsafe-workbook"


class UnreadableWorkbook(FileRefused):
    """A workbook that is damaged, protected or not a spreadsheet."""

    code = "import-unreadable-workbook"


class LayoutMismatch(Invalid):
    """The columns as chosen do not fit the table they are meant for."""

    code = "import-layout"


class UnknownAnswer(Invalid):
    """An answer that is none of the options of its question."""

    code = "import-unknown-answer"


class NothingToImport(Invalid):
    """No row of the file could become a record; `rows` in the data lists them."""

    code = "import-nothing-valid"


class QuestionsOpen(Conflict):
    """The import has questions nobody answered yet; `questions` in the data lists them."""

    code = "import-questions-open"


class ImportEnded(Conflict):
    """The import is finished, undone or thrown away; nothing can be done with it any more."""

    code = "import-ended"


class ImportUnderWay(Conflict):
    """Rows of the import are written already: continue it or take it back."""

    code = "import-under-way"
