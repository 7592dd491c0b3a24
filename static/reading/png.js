/** The stored pixels themselves: 8-bit grayscale PNG, decoded here, because a picture read back from a canvas is not
 * what was stored (Firefox with resistFingerprinting returns noise).
 * @import {Raster} from "./types.js" */
import { pipe } from "./codec.js";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @param {ArrayBuffer} buffer @returns {Promise<Raster>} values 0-255
 * @throws {RangeError} when it is not the form the server stores: 8-bit gray, not interlaced */
export async function decodeGrayPng(buffer) {
  const bytes = new Uint8Array(buffer);
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new RangeError("the image is no PNG");
  const view = new DataView(buffer);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, , , interlace] = bytes.subarray(24, 29);
  if (depth !== 8 || colour !== 0 || interlace) throw new RangeError("the image is not 8-bit gray");
  const raw = await pipe(imageData(bytes, view), new DecompressionStream("deflate"));
  if (raw.length !== (width + 1) * height) throw new RangeError("the image is cut off");
  return { data: unfilter(raw, width, height), width, height };
}

/** @param {Uint8Array} bytes @param {DataView} view @returns {Uint8Array} all IDAT chunks in one */
function imageData(bytes, view) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const isData = view.getUint32(at + 4) === 0x49444154;
    if (isData) chunks.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** @param {Uint8Array} raw a filter byte before each row @param {number} width @param {number} height
 * @returns {Uint8Array} */
function unfilter(raw, width, height) {
  const out = new Uint8Array(width * height);
  let above = new Uint8Array(width);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (width + 1)];
    const row = out.subarray(y * width, (y + 1) * width);
    row.set(raw.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)));
    unfilterRow(filter, row, above);
    above = row;
  }
  return out;
}

/** PNG 1.2, section 6. @param {number} filter @param {Uint8Array} row in place @param {Uint8Array} above */
function unfilterRow(filter, row, above) {
  let left = 0;
  let corner = 0;
  for (let x = 0; filter && x < row.length; x += 1) {
    const up = above[x];
    if (filter === 1) row[x] += left;
    else if (filter === 2) row[x] += up;
    else if (filter === 3) row[x] += (left + up) >> 1;
    else row[x] += paeth(left, up, corner);
    left = row[x];
    corner = up;
  }
}

/** @param {number} a @param {number} b @param {number} c */
function paeth(a, b, c) {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
