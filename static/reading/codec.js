/** The mask on its way to the server and back: run lengths, gzip, SHA-256. The server's codec is the same.
 *
 * header: "LYMK", u8 version, u32le width, u32le height. hash: SHA-256 of header (version 1) and raw 0/1 bytes.
 * payload: gzip of header and LEB128 numbers of the run lengths, row-major, beginning with a run of zeros (which may be 0
 * long). Version 1: the lengths themselves. Version 2, which is written: the difference of each to the last but one, zigzag,
 * because a row of a node is nearly the row above it.
 * @import {Raster} from "./types.js" */
import { stretchOf } from "./raster.js";
import { readVarints } from "./spans.js";

const MAGIC = [0x4c, 0x59, 0x4d, 0x4b];
const PLAIN = 1;
const VERSION = 2;
const HEADER_BYTES = 13;

/** @param {Raster} mask @param {number} version @returns {Uint8Array} */
function headerOf({ width, height }, version) {
  const header = new Uint8Array(HEADER_BYTES);
  header.set([...MAGIC, version]);
  const view = new DataView(header.buffer);
  view.setUint32(5, width, true);
  view.setUint32(9, height, true);
  return header;
}

const WALKED = 12; // px: a call of indexOf costs as much

/** Run lengths in turn of 0 and 1: short runs are walked, the others found by `indexOf`, which browsers run at memory speed.
 * @param {Raster} mask @returns {number[]} */
export function runsOf(mask) {
  const { from, to } = stretchOf(mask);
  const [length, data] = [mask.data.length, mask.data.subarray(0, to)];
  const runs = [];
  let at = 0;
  for (let value = 0; at < length; value ^= 1) {
    let next = Math.max(at, from);
    for (const near = Math.min(to, next + WALKED); next < near && data[next] === value; ) next += 1;
    if (next >= to || data[next] === value) next = data.indexOf(value ^ 1, next);
    if (next < 0) next = value ? to : length;
    runs.push(next - at);
    at = next;
  }
  return runs;
}

/** Header and run lengths, not yet compressed: what IndexedDB keeps.
 * @param {Raster} mask @returns {Uint8Array} */
export function packMask(mask) {
  const runs = runsOf(mask);
  const bytes = new Uint8Array(HEADER_BYTES + 5 * runs.length);
  bytes.set(headerOf(mask, VERSION));
  let at = HEADER_BYTES;
  for (let i = 0; i < runs.length; i += 1) {
    const step = runs[i] - (runs[i - 2] ?? 0);
    let left = step < 0 ? -2 * step - 1 : 2 * step;
    for (; left >= 0x80; left = Math.floor(left / 128)) bytes[at++] = (left & 0x7f) | 0x80;
    bytes[at++] = left;
  }
  return bytes.slice(0, at);
}

/** @param {Uint8Array} bytes @returns {Raster}
 * @throws {RangeError} when the bytes are of another codec, or do not fill the raster exactly */
export function unpackMask(bytes) {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new RangeError("this is no mask");
  }
  if (bytes[4] !== PLAIN && bytes[4] !== VERSION) throw new RangeError(`mask codec ${bytes[4]} is unknown`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const width = view.getUint32(5, true);
  const height = view.getUint32(9, true);
  const runs = readVarints(bytes, HEADER_BYTES);
  if (bytes[4] === VERSION) runs.forEach((step, i) => (runs[i] = (runs[i - 2] ?? 0) + (step % 2 ? -(step + 1) / 2 : step / 2)));
  if (runs.some((run) => run < 0) || runs.reduce((sum, run) => sum + run, 0) !== width * height) {
    throw new RangeError("the run lengths do not fill the mask");
  }
  const data = new Uint8Array(width * height);
  let at = 0;
  runs.forEach((run, i) => {
    if (i % 2) data.fill(1, at, at + run);
    at += run;
  });
  return { data, width, height };
}

/** @param {Uint8Array} packed @returns {Promise<string>} base64 of the gzipped payload */
export async function encodeMask(packed) {
  return toBase64(await pipe(packed, new CompressionStream("gzip")));
}

/** @param {string} text base64 @returns {Promise<Raster>} */
export async function decodeMask(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return unpackMask(await pipe(bytes, new DecompressionStream("gzip")));
}

/** @param {Raster} mask @returns {Promise<string>} SHA-256, hex */
export async function hashMask(mask) {
  const bytes = new Uint8Array(HEADER_BYTES + mask.data.length);
  bytes.set(headerOf(mask, PLAIN));
  bytes.set(mask.data, HEADER_BYTES);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Uint8Array} bytes @param {CompressionStream | DecompressionStream} through
 * @returns {Promise<Uint8Array>} */
export async function pipe(bytes, through) {
  const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Uint8Array} bytes @returns {string} */
function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
