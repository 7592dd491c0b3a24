/** What the pages of datasets do beyond plain HTML. Each works, plainer, without this script. */
import { startRuler } from "./case.js";
import { startGallery } from "./gallery.js";

startGallery(document);
startRuler(document);
