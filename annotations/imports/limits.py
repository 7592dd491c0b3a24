"""How much an archive may hold. Far above LymphUs (2,000 files, 120 MB unpacked), far below what hurts."""

MIB = 1024 * 1024
# an archive: decided from its directory, before anything is inflated
MAX_MEMBERS = 20_000
MAX_UNPACKED = 2048 * MIB
MAX_MEMBER = 64 * MIB
# archives packed together: so many, each so large; what they hold counts together
MAX_INSIDE = 32
MAX_INNER = 512 * MIB
# a member above RATIO_FROM that shrinks better than this is a bomb (speckle shrinks 2:1, an all-black picture 1000:1)
RATIO_FROM, MAX_RATIO = 16 * MIB, 200
# a picture: read from its header, before a pixel is decoded
MAX_PIXELS = 4096 * 4096  # the reading page is measured up to here (docs/drawing.md)
MAX_SIDE = 8192
MIN_SIDE = 16
# a sheet
MAX_SHEET_BYTES = 32 * MIB
MAX_SHEET_PART = 16 * MIB
# parts that openpyxl turns into objects, whole: styles, relations, the workbook itself
MAX_OBJECT_PART = 1 * MIB
MAX_WORKSHEET_PART = 256 * MIB
MAX_ROWS = 5_000
MAX_ROW_NUMBER = 10_000
MAX_COLUMNS = 128
MAX_CELL_TEXT = 32_767
MAX_SHEET_TEXT = 8_000_000
MAX_CELLS = MAX_ROWS * MAX_COLUMNS
# merged ranges, stray cells: so many are kept to be told
MAX_NOTES = 1_000
# a table of scales
MAX_SPACING_BYTES = 4 * MIB
# the report lists so many findings of one code, and counts the rest
MAX_FINDINGS_PER_CODE = 500
