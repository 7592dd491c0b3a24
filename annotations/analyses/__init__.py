"""The stored analysis: a frozen question (`spec`), its frozen inputs (`freezing`), the work (`work`) and the result.

The statistics themselves are in `annotations.agreement`; here answers and masks become its arrays and its estimates become
one canonical JSON document. The same spec over the same inputs gives the same bytes.
"""

ENGINE = "1.5"
