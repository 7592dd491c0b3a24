/** Loaded by pages that show long work. */
import { startProgress } from "/static/pages/progress.js";

startProgress(document);
