/** What the pages on paper do beyond plain HTML. Each works, plainer, without this script. */
import { startDialogs } from "./pages/dialogs.js";
import { startKept } from "./pages/kept.js";
import { startOnce } from "./pages/once.js";
import { startPeople } from "./pages/people.js";
import { startPopovers } from "./pages/popovers.js";
import { startTables } from "./pages/tables.js";
import { startTheme } from "./pages/theme.js";
import { startZone } from "./pages/zone.js";

startZone(document);
startKept(document);
startTheme(document);
startPopovers(document);
startDialogs(document);
startTables(document);
startPeople(document);
startOnce(document, () => performance.now());
