/** What the pages on paper do beyond plain HTML. Each works, plainer, without this script. */
import { startDialogs } from "/static/pages/dialogs.js";
import { startPopovers } from "/static/pages/popovers.js";
import { startTables } from "/static/pages/tables.js";
import { startTheme } from "/static/pages/theme.js";

startTheme(document);
startPopovers(document);
startDialogs(document);
startTables(document);
