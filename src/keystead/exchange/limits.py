"""How much a register may hold. Above these sizes the file is refused with a clear sentence."""

MAX_UPLOAD_BYTES = 20 * 2**20
MAX_COLUMNS = 200
MAX_ROWS = 100_000
MAX_CELLS = 2_000_000
MAX_CELL_CHARS = 10_000
MAX_CHARACTERS = 2 * MAX_UPLOAD_BYTES
MAX_SHEETS = 50

MAX_ZIP_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 200 * 2**20
MAX_PACKING_RATIO = 200
"""Unpacked bytes per packed byte; an honest sheet stays far below."""

WORKBOOK_MEMORY_BYTES = 2**30
WORKBOOK_SECONDS = 30
"""What the separate process that opens a workbook may use."""

MAX_NAME_CHARS = 120
MAX_SYMBOL_CHARS = 40
MAX_MARK_CHARS = 60
MAX_HOOK_CHARS = 20
"""Longest names, symbols of keys, numbers of copies and rings, and hooks. A longer text is cut
and kept whole in the remark."""
