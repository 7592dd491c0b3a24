import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { test } from "node:test";
import { chain, segmentsIn } from "../../static/reading/outline.js";
import { decodeGrayPng } from "../../static/reading/png.js";
import { fit, oneToOne, panBy, toImage, toStage, zoomAt } from "../../static/reading/transform.js";
import { sampleFill, wordOf } from "../../static/reading/view-fill.js";
import { raster, seeded, whole } from "./support.mjs";

const near = (a, b) => assert.ok(Math.abs(a.x - b.x) + Math.abs(a.y - b.y) < 1e-6);

test("to the stage and back is where it was, and zoom keeps the point under the cursor", () => {
  const random = seeded(1);
  for (let n = 0; n < 100; n += 1) {
    const view = { scale: 0.1 + random() * 20, x: random() * 500 - 250, y: random() * 500 - 250 };
    const p = { x: random() * 800, y: random() * 800 };
    near(toImage(view, toStage(view, p)), p);
    near(toImage(zoomAt(view, 0.5 + random(), p), p), toImage(view, p));
  }
});

test("fit shows the whole image, 1:1 is one px on one, and panning cannot lose the image", () => {
  const image = { width: 400, height: 100 };
  const stage = { width: 800, height: 600 };
  assert.deepEqual(fit(image, stage), { scale: 2, x: 0, y: 200 });
  assert.equal(oneToOne(fit(image, stage), stage).scale, 1);
  assert.equal(panBy(fit(image, stage), 9999, 0, image, stage).x, 760);
});

test("the outline of one pixel is its four edges, exact and closed", () => {
  const mask = raster(["...", ".#.", "..."]);
  const [line, ...others] = chain(segmentsIn(mask, whole(mask), false));
  assert.equal(others.length, 0);
  assert.deepEqual(line[0], line.at(-1));
  const length = line.slice(1).reduce((sum, p, i) => sum + Math.hypot(p.x - line[i].x, p.y - line[i].y), 0);
  assert.equal(length, 4);
});

test("a mask that fills the image is outlined on the image's edge", () => {
  const mask = raster(["###", "###"]);
  const exact = segmentsIn(mask, { x0: 0, y0: 0, x1: 3, y1: 2 }, false);
  assert.equal(exact.length / 4, 2 * (3 + 2) * 2);
});

test("two pixels at a corner have two lines that do not cross there when smoothed", () => {
  const mask = raster(["#.", ".#"]);
  assert.equal(chain(segmentsIn(mask, { x0: 0, y0: 0, x1: 2, y1: 2 }, true)).length, 1);
});

function pngOf(width, rows) {
  const chunk = (type, body) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    return Buffer.concat([head, Buffer.from(type), body, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.from(rows.flat()))), chunk("IEND", Buffer.alloc(0))]);
  return png.buffer.slice(png.byteOffset, png.byteOffset + png.length);
}

test("every filter of PNG gives the stored pixels", async () => {
  const image = await decodeGrayPng(pngOf(3, [[0, 10, 20, 30], [1, 10, 10, 10], [2, 1, 1, 1], [3, 5, 5, 5], [4, 1, 2, 3]]));
  assert.deepEqual([...image.data], [10, 20, 30, 10, 20, 30, 11, 21, 31, 10, 20, 30, 11, 22, 33]);
});

test("what is not 8-bit gray, or cut off, is refused", async () => {
  await assert.rejects(decodeGrayPng(new ArrayBuffer(40)), /no PNG/);
  await assert.rejects(decodeGrayPng(pngOf(3, [[0, 1, 2]])), /cut off/);
});

test("the fill shows under each device px the image px under its middle, and nothing beside the image", () => {
  const random = seeded(7);
  const mask = { data: Uint8Array.from({ length: 40 * 30 }, () => Number(random() < 0.5)), width: 40, height: 30 };
  const stage = { width: 61, height: 47 };
  for (let n = 0; n < 50; n += 1) {
    const view = { scale: 0.2 + random() * 6, x: random() * 60 - 30, y: random() * 60 - 30 };
    const words = new Uint32Array(stage.width * stage.height).fill(5);
    sampleFill(words, stage, { x: 0, y: 0, ...stage }, mask, view, 9);
    words.forEach((word, i) => {
      const at = toImage(view, { x: (i % stage.width) + 0.5, y: Math.floor(i / stage.width) + 0.5 });
      const within = at.x >= 0 && at.y >= 0 && at.x < mask.width && at.y < mask.height;
      assert.equal(word, within && mask.data[Math.floor(at.y) * mask.width + Math.floor(at.x)] ? 9 : 0);
    });
  }
});

test("a fill repainted in part is written there alone", () => {
  const mask = { data: new Uint8Array(100).fill(1), width: 10, height: 10 };
  const stage = { width: 20, height: 20 };
  const words = new Uint32Array(400);
  sampleFill(words, stage, { x: 3, y: 4, width: 5, height: 2 }, mask, { scale: 2, x: 0, y: 0 }, 1);
  const written = [...words.keys()].filter((i) => words[i]);
  assert.equal(written.length, 10);
  assert.ok(written.every((i) => i % 20 >= 3 && i % 20 < 8 && i >= 80 && i < 120));
});

test("a colour is a little-endian RGBA word", () => {
  assert.deepEqual([...new Uint8Array(Uint32Array.of(wordOf([1, 2, 3], 1)).buffer)], [1, 2, 3, 255]);
});
