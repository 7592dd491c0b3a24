/** The view as a value: image px to device px of the stage and back.
 * @import {Point, Rect} from "./types.js"
 * @typedef {{scale: number, x: number, y: number}} View stage = image * scale + (x, y); device px
 * @typedef {{width: number, height: number}} Size */

const LEAST = 0.05;
const MOST = 64;

/** @param {View} view @param {Point} p image px @returns {Point} stage, device px */
export function toStage({ scale, x, y }, p) {
  return { x: p.x * scale + x, y: p.y * scale + y };
}

/** @param {View} view @param {Point} p stage, device px @returns {Point} image px */
export function toImage({ scale, x, y }, p) {
  return { x: (p.x - x) / scale, y: (p.y - y) / scale };
}

/** The whole image, centred. @param {Size} image @param {Size} stage device px @returns {View} */
export function fit(image, stage) {
  const scale = Math.min(stage.width / image.width, stage.height / image.height);
  return centred(image, stage, scale);
}

/** One image px on one device px, the middle of what was seen kept. @param {View} view @param {Size} stage
 * @returns {View} */
export function oneToOne(view, stage) {
  return zoomAt(view, 1 / view.scale, { x: stage.width / 2, y: stage.height / 2 });
}

/** @param {Size} image @param {Size} stage @param {number} scale @returns {View} */
function centred(image, stage, scale) {
  return {
    scale,
    x: Math.round((stage.width - image.width * scale) / 2),
    y: Math.round((stage.height - image.height * scale) / 2),
  };
}

/** Zoom so that the point under the cursor stays there. @param {View} view @param {number} factor
 * @param {Point} at stage, device px @returns {View} */
export function zoomAt(view, factor, at) {
  const scale = Math.max(LEAST, Math.min(MOST, view.scale * factor));
  const k = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * k, y: at.y - (at.y - view.y) * k };
}

/** Move, but never so far that the image leaves the stage. @param {View} view @param {number} dx
 * @param {number} dy @param {Size} image @param {Size} stage @returns {View} */
export function panBy(view, dx, dy, image, stage) {
  const keep = 40;
  /** @param {number} value @param {number} length @param {number} room */
  const held = (value, length, room) => Math.max(keep - length, Math.min(room - keep, value));
  return {
    scale: view.scale,
    x: held(view.x + dx, image.width * view.scale, stage.width),
    y: held(view.y + dy, image.height * view.scale, stage.height),
  };
}

/** After the stage changed its size: the same place in the middle. @param {View} view @param {Size} before
 * @param {Size} after @returns {View} */
export function resized(view, before, after) {
  return {
    scale: view.scale,
    x: view.x + (after.width - before.width) / 2,
    y: view.y + (after.height - before.height) / 2,
  };
}

/** Image px that a stage of this size shows. @param {View} view @param {Size} stage @param {Size} image
 * @returns {Rect} */
export function visible(view, stage, image) {
  const a = toImage(view, { x: 0, y: 0 });
  const b = toImage(view, { x: stage.width, y: stage.height });
  return {
    x0: Math.max(0, Math.floor(a.x)),
    y0: Math.max(0, Math.floor(a.y)),
    x1: Math.min(image.width, Math.ceil(b.x)),
    y1: Math.min(image.height, Math.ceil(b.y)),
  };
}
