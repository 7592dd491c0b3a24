// One browser at the reading page: Firefox over WebDriver BiDi, Chromium over its own protocol, by puppeteer-core.
// Argument: JSON {browser, executable, args, prefs, address, session, viewport, steps}. It takes the steps one after the
// other and prints JSON {version, ratio, errors, said}: the ratio is what the page is told of its screen, `errors` what its
// console heard, and `said` what the steps that look had to say.
import puppeteer from "puppeteer-core";
import { decodeMask, hashMask, unpackMask } from "../../static/reading/codec.js";

const asked = JSON.parse(process.argv[2]);
const READY = "html[data-ready]";
const PATIENCE_MS = 30_000;

/** Runs in the page: where an image px is seen, in whole CSS px: a mouse has no fractions, and browsers round them each
 * in their way. */
function spot(x, y) {
  const { image } = JSON.parse(document.getElementById("reading-data").textContent);
  const box = document.getElementById("stage").getBoundingClientRect();
  const scale = Math.min(box.width / image.width, box.height / image.height);
  return [
    Math.round(box.left + box.width / 2 + (x - image.width / 2) * scale),
    Math.round(box.top + box.height / 2 + (y - image.height / 2) * scale),
  ];
}

/** Runs in the page: the mask this browser keeps, as bytes. */
async function kept() {
  const boot = JSON.parse(document.getElementById("reading-data").textContent);
  const answer = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const db = await answer(indexedDB.open("lymphus-reading", 1));
  const draft = await answer(db.transaction("drafts").objectStore("drafts").get(`${boot.user.id}/${boot.assignment.id}`));
  db.close();
  return [...draft.mask];
}

/** Runs in the page: the reading as the server has it. */
async function served() {
  const boot = JSON.parse(document.getElementById("reading-data").textContent);
  return (await fetch(boot.urls.reading, { headers: { Accept: "application/json" } })).json();
}

/** Runs in the page: nothing is left here, so that the next page has only what the server has. */
async function forget() {
  const answer = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const db = await answer(indexedDB.open("lymphus-reading", 1));
  const tx = db.transaction(["drafts", "steps"], "readwrite");
  tx.objectStore("drafts").clear();
  tx.objectStore("steps").clear();
  await new Promise((done) => (tx.oncomplete = done));
  db.close();
}

const facts = async (raster) => ({ sha256: await hashMask(raster), area: raster.data.reduce((sum, v) => sum + v, 0) });

/** What a step of each name does, to the page, with its words. */
const STEPS = {
  press: async (page, keys) => {
    const all = keys.split("+");
    for (const key of all.slice(0, -1)) await page.keyboard.down(key);
    await page.keyboard.press(all.at(-1));
    for (const key of all.slice(0, -1).reverse()) await page.keyboard.up(key);
  },
  move: async (page, at) => page.mouse.move(...(await page.evaluate(spot, ...at))),
  drag: async (page, points, button = "left") => {
    const places = [];
    for (const point of points) places.push(await page.evaluate(spot, ...point));
    await page.mouse.move(...places[0]);
    await page.mouse.down({ button });
    for (const place of places.slice(1)) await page.mouse.move(...place);
    await page.mouse.up({ button });
  },
  click: async (page, at) => page.mouse.click(...(await page.evaluate(spot, ...at))),
  type: async (page, text) => page.keyboard.type(text),
  left: async (page) => void (await page.waitForFunction(() => !document.getElementById("stage"), { timeout: PATIENCE_MS })),
  wait: async (page, selector) => void (await page.waitForSelector(selector, { timeout: PATIENCE_MS })),
  pause: async (page, ms) => new Promise((done) => setTimeout(done, ms)),
  saved: async (page) => {
    await STEPS.pause(page, 500);
    await STEPS.wait(page, "#save-state[data-state=saved]");
  },
  reopen: async (page) => {
    await page.evaluate(forget);
    await page.reload();
    await STEPS.wait(page, READY);
  },
  held: async (page) => facts(unpackMask(Uint8Array.from(await page.evaluate(kept)))),
  stored: async (page) => {
    const { mask, mask_sha256, answers } = await page.evaluate(served);
    return { ...(await facts(await decodeMask(mask.data))), mask_sha256, answers };
  },
  shot: async (page, path) => void (await (await page.$("#stage")).screenshot({ path })),
  text: async (page, selector) => page.$eval(selector, (element) => element.textContent.trim()),
};

const browser = await puppeteer.launch({
  browser: asked.browser, executablePath: asked.executable, args: asked.args, extraPrefsFirefox: asked.prefs, headless: true,
  defaultViewport: null,
});
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.setViewport(asked.viewport);
  const { hostname } = new URL(asked.address);
  await browser.setCookie({ name: "sessionid", value: asked.session, domain: hostname, path: "/", httpOnly: true, sameSite: "Lax" });
  await page.goto(asked.address);
  await STEPS.wait(page, READY);
  const ratio = await page.evaluate(() => window.devicePixelRatio);
  const said = [];
  for (const [name, ...words] of asked.steps) {
    const answer = await STEPS[name](page, ...words).catch((error) => {
      throw new Error(`${name} ${JSON.stringify(words)}: ${error.message}; the page said ${JSON.stringify(errors)}`);
    });
    if (answer !== undefined) said.push(answer);
  }
  console.log(JSON.stringify({ version: await browser.version(), ratio, errors, said }));
} finally {
  await browser.close();
}
