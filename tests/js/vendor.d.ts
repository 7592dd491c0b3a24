/** Vendored modules are not ours to check: what we use of them. */
export const expressionInterpreter: Function;
