import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

/** A seeded generator (mulberry32), so that a property that fails can be seen again. */
export function seeded(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** "..#.." rows to a raster. */
export function raster(rows) {
  const width = rows[0].length;
  const data = Uint8Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0));
  return { data, width, height: rows.length };
}

export function rows({ data, width, height }) {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (v) => (v ? "#" : ".")).join(""),
  );
}

export function blank(width, height) {
  return { data: new Uint8Array(width * height), width, height };
}

export function whole({ width, height }) {
  return { x0: 0, y0: 0, x1: width, y1: height };
}

export const count = ({ data }) => data.reduce((sum, v) => sum + v, 0);

/** One array of 0/1 bytes out of a numpy archive (a zip of .npy files). */
export function npzMask(path, name) {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from("504b0506", "hex"));
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [method, packed, nameLength] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const start = zip.readUInt32LE(at + 42);
    if (zip.toString("utf8", at + 46, at + 46 + nameLength) === `${name}.npy`) {
      const body = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
      const bytes = zip.subarray(body, body + packed);
      return npyMask(method ? inflateRawSync(bytes) : bytes);
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`${path} holds no ${name}`);
}

function npyMask(bytes) {
  const header = bytes.readUInt16LE(8);
  const [, height, width] = /\((\d+), (\d+)\)/.exec(bytes.toString("latin1", 10, 10 + header));
  return { data: Uint8Array.from(bytes.subarray(10 + header)), width: Number(width), height: Number(height) };
}
