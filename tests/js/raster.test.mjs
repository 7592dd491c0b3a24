import assert from "node:assert/strict";
import { test } from "node:test";
import { brushCell, fillPolygon, makeBrush, sweep } from "../../static/reading/raster.js";
import { blank, count, rows, seeded } from "./support.mjs";

const at = (x, y) => ({ x, y });

test("brush 1 is one pixel, wherever in the pixel the pointer is", () => {
  for (const [x, y] of [[3, 2], [3.01, 2.99], [3.5, 2.5], [3.999, 2]]) {
    const mask = blank(8, 6);
    sweep(mask, makeBrush(1), at(x, y), at(x, y), 1);
    assert.equal(count(mask), 1);
    assert.equal(mask.data[2 * 8 + 3], 1);
  }
});

test("brush 2 is four pixels about the nearest corner", () => {
  const mask = blank(8, 6);
  sweep(mask, makeBrush(2), at(3.4, 2.6), at(3.4, 2.6), 1);
  assert.deepEqual(rows(mask).slice(2, 4), ["..##....", "..##...."]);
  assert.deepEqual(brushCell(makeBrush(2), at(3.4, 2.6)), at(3, 3));
});

test("a brush of 12 px has the area of its circle, within the pixels of its edge", () => {
  const mask = blank(40, 40);
  sweep(mask, makeBrush(12), at(20, 20), at(20, 20), 1);
  assert.ok(Math.abs(count(mask) - Math.PI * 36) < 4);
});

test("a fast stroke and a slow one along the same path give the same mask", () => {
  const random = seeded(3);
  for (let n = 0; n < 200; n += 1) {
    const size = 1 + Math.floor(random() * 14);
    const [a, b] = [at(random() * 64, random() * 48), at(random() * 64, random() * 48)];
    const fast = blank(64, 48);
    sweep(fast, makeBrush(size), a, b, 1);
    const slow = blank(64, 48);
    const steps = 2 ** (1 + Math.floor(random() * 6));
    for (let i = 0; i < steps; i += 1) {
      const p = (k) => at(a.x + ((b.x - a.x) * k) / steps, a.y + ((b.y - a.y) * k) / steps);
      sweep(slow, makeBrush(size), p(i), p(i + 1), 1);
    }
    assert.deepEqual(rows(slow), rows(fast));
  }
});

test("exactly diagonal strokes through pixel corners are the same fast and slow", () => {
  const fast = blank(20, 20);
  sweep(fast, makeBrush(1), at(0.5, 0.5), at(16.5, 16.5), 1);
  const slow = blank(20, 20);
  for (let i = 0; i < 64; i += 1) sweep(slow, makeBrush(1), at(0.5 + i / 4, 0.5 + i / 4), at(0.75 + i / 4, 0.75 + i / 4), 1);
  assert.deepEqual(rows(slow), rows(fast));
  assert.equal(count(fast), 17);
});

test("a stroke of 1 px has no gap and leaves the image without a wrap", () => {
  const mask = blank(10, 10);
  sweep(mask, makeBrush(1), at(-4.5, 2.5), at(14.5, 7.2), 1);
  for (let x = 0; x < 10; x += 1) assert.ok(rows(mask).some((row) => row[x] === "#"));
});

test("the eraser undoes what the brush of its size did", () => {
  const mask = blank(30, 30);
  sweep(mask, makeBrush(7), at(3, 4), at(25, 20), 1);
  sweep(mask, makeBrush(7), at(3, 4), at(25, 20), 0);
  assert.equal(count(mask), 0);
});

test("a polygon on the image's corners fills its last row and column too", () => {
  const mask = blank(7, 5);
  fillPolygon(mask, [at(0, 0), at(7, 0), at(7, 5), at(0, 5)], 1);
  assert.equal(count(mask), 35);
  const beyond = blank(7, 5);
  fillPolygon(beyond, [at(-9, -9), at(20, -9), at(20, 20), at(-9, 20)], 1);
  assert.equal(count(beyond), 35);
});

test("a rectangle of corners covers its pixels and no more", () => {
  const mask = blank(7, 5);
  fillPolygon(mask, [at(2, 1), at(5, 1), at(5, 4), at(2, 4)], 1);
  assert.deepEqual(rows(mask), [".......", "..###..", "..###..", "..###..", "......."]);
});

test("polygons that share an edge share no pixel and leave none out", () => {
  const random = seeded(11);
  for (let n = 0; n < 50; n += 1) {
    const [p, q] = [at(random() * 20, 0), at(random() * 20, 16)];
    const left = blank(20, 16);
    const right = blank(20, 16);
    fillPolygon(left, [at(0, 0), p, q, at(0, 16)], 1);
    fillPolygon(right, [p, at(20, 0), at(20, 16), q], 1);
    left.data.forEach((v, i) => assert.equal(v + right.data[i], 1));
  }
});

test("an outline that crosses itself encloses what it winds around", () => {
  const mask = blank(9, 9);
  const twice = [at(1, 1), at(8, 1), at(8, 8), at(1, 8)];
  fillPolygon(mask, [...twice, ...twice], 1);
  assert.equal(count(mask), 49);
});
