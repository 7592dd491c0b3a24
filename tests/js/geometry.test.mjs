import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { lengthOf, measure } from "../../static/reading/geometry.js";
import { allButLargest, holesOf, partsOf } from "../../static/reading/parts.js";
import { flip } from "../../static/reading/spans.js";
import { npzMask, raster, rows } from "./support.mjs";

const shared = process.env.LYMPHUS_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const oracle = `${shared}/oracles/masks_pairs.json`;
const near = (a, b, tolerance = 1e-9) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

test("the shapes of the oracle have their known lengths", { skip: !existsSync(oracle) && `${oracle} is not here` }, () => {
  const cases = JSON.parse(readFileSync(oracle, "utf8")).cases.filter((c) => c.statistic === "mask_geometry");
  let tried = 0;
  for (const { id, input, expected } of cases) {
    // of several parts the page measures the largest, the oracle all together
    if (!expected.area_pixels || expected.n_components_8 > 1) continue;
    const mask = Array.isArray(input.mask) ? raster(input.mask) : npzMask(`${shared}/oracles/masks_shapes.npz`, input.mask);
    const [row_mm, col_mm] = input.spacing_row_col;
    const found = measure(mask, { row_mm, col_mm });
    assert.equal(found.area, expected.area_pixels, id);
    near(found.max.length, expected.pixel_corner.max_feret);
    near(found.min.length, expected.pixel_corner.perpendicular_extent);
    near(lengthOf(found.max.line, { row_mm, col_mm }), found.max.length);
    near(lengthOf(found.min.line, { row_mm, col_mm }), found.min.length);
    near(found.centroid.x - 0.5, expected.centroid_row_col[1] / col_mm);
    near(found.centroid.y - 0.5, expected.centroid_row_col[0] / row_mm);
    tried += 1;
  }
  assert.ok(tried >= 25, `${tried} cases`);
});

test("a rectangle's longest axis is its diagonal, its width the one across it", () => {
  const found = measure(raster(["........", ".####...", ".####...", ".####...", "........"]), null);
  near(found.max.length, 5);
  near(found.min.length, (2 * 3 * 4) / 5);
});

test("a stray fleck is neither measured nor the centroid's", () => {
  const rowsOf = ["##......", "##......", "........", ".......#"];
  const found = measure(raster(rowsOf), null);
  near(found.max.length, Math.SQRT2 * 2);
  assert.deepEqual([found.area, found.parts, found.smallest.area], [5, 2, 1]);
  assert.deepEqual(found.centroid, { x: 1, y: 1 });
  assert.deepEqual(found.smallest.at, { x: 7.5, y: 3.5 });
});

test("an empty mask has no geometry", () => assert.equal(measure(raster(["..", ".."]), null), null));

test("pixels that touch at a corner are one part", () => {
  assert.equal(partsOf(raster(["#...", ".#..", "..##", "...."])).length, 1);
  assert.equal(partsOf(raster(["#.#.", "....", "#..#"])).length, 4);
  assert.equal(partsOf(raster(["#.#", "#.#", "###"])).length, 1);
});

test("only the largest part stays", () => {
  const mask = raster(["##..#", "##...", "....#"]);
  flip(mask, allButLargest(mask));
  assert.deepEqual(rows(mask), ["##...", "##...", "....."]);
});

test("holes are filled, also those that only a corner leads out of; bays are not", () => {
  const mask = raster(["#####", "#.#.#", "##.##", "#####", "#...#"]);
  flip(mask, holesOf(mask));
  assert.deepEqual(rows(mask), ["#####", "#####", "#####", "#####", "#...#"]);
});
