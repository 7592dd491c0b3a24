import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { test } from "node:test";
import { decodeMask, encodeMask, hashMask, packMask, runsOf, unpackMask } from "../../static/reading/codec.js";
import { blank, raster, seeded } from "./support.mjs";

const SMALL = raster(["..#.", "####"]);

test("a mask of 4 x 2 px is these bytes, and no others", async () => {
  // runs 2, 1, 1, 4, of which the last two are written as 1 less than 2 and 3 more than 1, zigzag
  const expected = "4c594d4b02" + "04000000" + "02000000" + "04" + "02" + "01" + "06";
  assert.equal(Buffer.from(packMask(SMALL)).toString("hex"), expected);
  assert.equal(gunzipSync(Buffer.from(await encodeMask(packMask(SMALL)), "base64")).toString("hex"), expected);
});

test("a mask of version 1, the lengths themselves, is read as well", () => {
  assert.deepEqual(unpackMask(Buffer.from("4c594d4b01" + "04000000" + "02000000" + "02010104", "hex")), SMALL);
});

test("the hash is SHA-256 of the header and the raw bytes", async () => {
  const header = Buffer.from("4c594d4b010400000002000000", "hex");
  const bytes = Buffer.concat([header, Buffer.from([0, 0, 1, 0, 1, 1, 1, 1])]);
  assert.equal(await hashMask(SMALL), createHash("sha256").update(bytes).digest("hex"));
});

test("runs begin with zeros, of which there may be none", () => {
  assert.deepEqual(runsOf({ data: Uint8Array.of(1, 1, 0), width: 3, height: 1 }), [0, 2, 1]);
  assert.deepEqual(runsOf({ data: Uint8Array.of(0, 0, 0), width: 3, height: 1 }), [3]);
});

test("what is encoded comes back, whatever it is", async () => {
  const random = seeded(7);
  for (let n = 0; n < 60; n += 1) {
    const mask = blank(1 + Math.floor(random() * 300), 1 + Math.floor(random() * 40));
    const density = random();
    mask.data.forEach((_, i) => (mask.data[i] = random() < density ? 1 : 0));
    assert.deepEqual(await decodeMask(await encodeMask(packMask(mask))), mask);
  }
});

test("a run of 700,000 px needs three bytes and survives", () => {
  const mask = blank(1000, 700);
  assert.equal(packMask(mask).length, 13 + 3);
  assert.deepEqual(unpackMask(packMask(mask)), mask);
});

test("another codec, no mask, and a mask cut off are refused", () => {
  const good = packMask(SMALL);
  assert.throws(() => unpackMask(Uint8Array.of(1, 2, 3)), /no mask/);
  assert.throws(() => unpackMask(good.with(4, 9)), /codec 9/);
  assert.throws(() => unpackMask(good.subarray(0, -1)), /do not fill/);
  // 2, 1, -1, 6: they sum to 8
  assert.throws(() => unpackMask(Buffer.concat([good.subarray(0, 15), Uint8Array.of(5, 10)])), /do not fill/);
});
