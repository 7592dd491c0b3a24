import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf } from "../../static/results/table-text.js";

test("a figure is a line: what leads its row, its column, then value, n, interval and estimator", () => {
  const behind = [["Value", "0.51 [0.3, 0.7]"], ["From", "24 cases"], ["Interval", "95 %, Wald"], ["Method", "Cohen"]];
  const rows = [
    { lead: [["Feature", "Margin"], ["n", "24"]], figures: [{ head: "R1", pairs: behind }, { head: "R2", pairs: [["Undefined", "one category"]] }] },
    { lead: [["Feature", "Necrosis"], ["n", "23"]], figures: [{ head: "R1", pairs: behind.slice(0, 2) }] },
  ];

  assert.deepEqual(linesOf("Table 1. Agreement", rows, "Figure").split("\n").map((line) => line.split("\t")), [
    ["Table 1. Agreement"],
    ["Feature", "n", "Figure", "Value", "From", "Interval", "Method", "Undefined"],
    ["Margin", "24", "R1", "0.51 [0.3, 0.7]", "24 cases", "95 %, Wald", "Cohen", ""],
    ["Margin", "24", "R2", "", "", "", "", "one category"],
    ["Necrosis", "23", "R1", "0.51 [0.3, 0.7]", "24 cases", "", "", ""],
  ]);
});

test("a table without figures is its cells", () => {
  const rows = [{ lead: [["Feature", "Margin"], ["Reader 1", "24 / 0 / 0"]], figures: [] }];

  assert.equal(linesOf("", rows, "Figure"), "Feature\tReader 1\nMargin\t24 / 0 / 0");
});
