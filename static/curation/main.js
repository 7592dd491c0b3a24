/** What the pages of datasets do beyond plain HTML. Each works, plainer, without this script. */
import { startRuler } from "/static/curation/case.js";
import { startGallery } from "/static/curation/gallery.js";

startGallery(document);
startRuler(document);
