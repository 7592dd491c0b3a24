/** The nouns of the reading page. Types only: this module has no code and is loaded by nobody.
 *
 * Image coordinates: x to the right, y down, in image pixels; pixel (row i, column j) covers [j, j+1) x [i, i+1).
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x0: number, y0: number, x1: number, y1: number}} Rect half-open, image px
 * @typedef {Int32Array} Spans pairs (start, length) of flat row-major indices, ascending, disjoint
 * @typedef {{data: Uint8Array, width: number, height: number, within?: Rect | null}} Raster 0/1, row-major; `within`:
 *   all ones of it are there (null: there are none), so that a large image need not be searched for a small node
 * @typedef {{row_mm: number, col_mm: number, source: string}} Spacing
 * @typedef {[number, number, number, number]} Line x1, y1, x2, y2
 *
 * @typedef {{code: string, label: string, key?: string}} FeatureValue
 * @typedef {{
 *   code: string, group: string, label: string, question: string,
 *   kind: "continuous" | "binary" | "nominal", unit: string, values: FeatureValue[],
 *   definition: string, source: string, derived: boolean,
 *   applies_when: {feature: string, value: string} | null, allow_cannot_assess: boolean
 * }} Feature
 * @typedef {{version: string, groups: {code: string, label: string}[], features: Feature[]}} FormSchema
 *
 * @typedef {{points: Line} | {mm: number}} Measure
 * @typedef {{value?: string | Measure, cannot_assess?: true, proposed?: true, mask_sha256?: string}} Answer
 * @typedef {Record<string, Answer>} Answers
 * @typedef {{points: Line, mm: number, at?: string}} Calibration `at`: when the server first had it
 * @typedef {"benign" | "malignant"} Call
 * @typedef {{code: string, shown_at: string, ended: "kept" | "changed" | null, ended_at: string | null}} AskedQuestion a
 *   contradiction put to the reader, and what came of it: the answers kept by choice, changed, or (null) left as they are
 *
 * @typedef {{
 *   version: number, state: "draft" | "submitted", answers: Answers, score: number | null, call: Call | null,
 *   remarks: string, no_node: boolean, mask: {data: string} | null, mask_sha256: string | null,
 *   calibration: Calibration | null, missing: string[], questions?: AskedQuestion[]
 * }} Reading
 *
 * @typedef {{
 *   answers: Answers, score: number | null, call: Call | null, remarks: string, no_node: boolean,
 *   calibration: Calibration | null, questions: AskedQuestion[]
 * }} FormState what the reader said, apart from the mask
 *
 * @typedef {{
 *   assignment: {id: string, study_title: string, position: number, total: number, arm_label: string,
 *     period: number, progress: string[], next_url: string | null, worklist_url: string, feedback: string,
 *     synthetic: boolean},
 *   image: {url: string, width: number, height: number, spacing: Spacing | null},
 *   form: FormSchema,
 *   score: {style: "vas" | "categories", low_label: string, high_label: string,
 *     categories?: {value: number, label: string}[]},
 *   reading: Reading,
 *   urls: {image: string, reading: string, submit: string, activity: string, prefetch_image: string | null,
 *     login: string, settings?: string},
 *   settings?: Partial<import("./settings.js").Settings>,
 *   user: {id: string, name: string}
 * }} Boot
 */
export {};
