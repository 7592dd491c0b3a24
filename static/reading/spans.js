/** Runs of pixels that a change flips: the one currency of strokes, undo, redo and storage.
 * @import {Raster, Rect, Spans} from "./types.js" */

/** Flip runs of pixels: do, undo and redo are this one call.
 * @param {Raster} mask changed in place
 * @param {Spans} spans
 * @returns {Rect | null} what to repaint, null when nothing changed */
export function flip(mask, spans) {
  const { data, width } = mask;
  for (let i = 0; i < spans.length; i += 2) {
    const end = spans[i] + spans[i + 1];
    for (let p = spans[i]; p < end; p += 1) data[p] ^= 1;
  }
  return boundsOf(spans, width);
}

/** @param {Spans} spans @param {number} width @returns {Rect | null} */
export function boundsOf(spans, width) {
  if (!spans.length) return null;
  let x0 = width;
  let x1 = 0;
  for (let i = 0; i < spans.length; i += 2) {
    const column = spans[i] % width;
    x0 = Math.min(x0, column);
    x1 = Math.max(x1, Math.min(width, column + spans[i + 1]));
    if (column + spans[i + 1] > width) x0 = 0;
  }
  const last = spans.length - 2;
  return {
    x0,
    x1,
    y0: Math.floor(spans[0] / width),
    y1: Math.floor((spans[last] + spans[last + 1] - 1) / width) + 1,
  };
}

/** Runs in which two masks of one size differ, looked for within `rect` only.
 * @param {Uint8Array} before @param {Uint8Array} after @param {number} width @param {Rect} rect
 * @returns {Spans} */
export function difference(before, after, width, rect) {
  /** @type {number[]} */
  const spans = [];
  const [words, others] = [wordsOf(before), wordsOf(after)];
  for (let y = rect.y0; y < rect.y1; y += 1) {
    const end = y * width + rect.x1;
    let start = -1;
    for (let p = y * width + rect.x0; p <= end; p += 1) {
      // four equal pixels at a time: most of a stroke's box is untouched
      while (start < 0 && p % 4 === 0 && p + 4 <= end && words[p >> 2] === others[p >> 2]) p += 4;
      const differs = p < end && before[p] !== after[p];
      if (differs && start < 0) start = p;
      else if (!differs && start >= 0) {
        spans.push(start, p - start);
        start = -1;
      }
    }
  }
  return Int32Array.from(spans);
}

/** @param {Uint8Array} bytes @returns {Uint32Array} the same memory, without the last bytes that fill no word */
function wordsOf(bytes) {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** The change that two changes in a row make together (symmetric difference).
 * @param {Spans} a @param {Spans} b @returns {Spans} */
export function combine(a, b) {
  const edges = [...edgesOf(a), ...edgesOf(b)].sort((p, q) => p - q);
  /** @type {number[]} */
  const spans = [];
  for (let i = 0; i < edges.length; i += 2) {
    if (edges[i] === edges[i + 1]) continue;
    const last = spans.length - 2;
    if (last >= 0 && spans[last] + spans[last + 1] === edges[i]) spans[last + 1] += edges[i + 1] - edges[i];
    else spans.push(edges[i], edges[i + 1] - edges[i]);
  }
  return Int32Array.from(spans);
}

/** @param {Spans} spans @returns {number[]} */
function edgesOf(spans) {
  const edges = [];
  for (let i = 0; i < spans.length; i += 2) edges.push(spans[i], spans[i] + spans[i + 1]);
  return edges;
}

/** Gap and length in turn as LEB128: a few hundred bytes for a stroke.
 * @param {Spans} spans @returns {Uint8Array} */
export function packSpans(spans) {
  /** @type {number[]} */
  const bytes = [];
  let at = 0;
  for (let i = 0; i < spans.length; i += 2) {
    pushVarint(bytes, spans[i] - at);
    pushVarint(bytes, spans[i + 1]);
    at = spans[i] + spans[i + 1];
  }
  return Uint8Array.from(bytes);
}

/** @param {Uint8Array} bytes @returns {Spans} */
export function unpackSpans(bytes) {
  /** @type {number[]} */
  const spans = [];
  let at = 0;
  const numbers = readVarints(bytes, 0);
  for (let i = 0; i < numbers.length; i += 2) {
    spans.push(at + numbers[i], numbers[i + 1]);
    at += numbers[i] + numbers[i + 1];
  }
  return Int32Array.from(spans);
}

/** @param {number[]} bytes @param {number} value a non-negative integer */
export function pushVarint(bytes, value) {
  while (value >= 0x80) {
    bytes.push((value & 0x7f) | 0x80);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
}

/** @param {Uint8Array} bytes @param {number} offset @returns {number[]}
 * @throws {RangeError} when the bytes end within a number, or a number needs more than 5 bytes */
export function readVarints(bytes, offset) {
  const numbers = [];
  for (let i = offset; i < bytes.length; ) {
    let value = 0;
    let scale = 1;
    for (let byte = 0x80; byte & 0x80; i += 1, scale *= 128) {
      if (i >= bytes.length || scale > 2 ** 28) throw new RangeError("a run length is cut off");
      byte = bytes[i];
      value += (byte & 0x7f) * scale;
    }
    numbers.push(value);
  }
  return numbers;
}
