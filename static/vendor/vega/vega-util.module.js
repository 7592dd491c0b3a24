// What the interpreter asks of vega-util, from the one copy that vega.min.js holds.
export const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;
