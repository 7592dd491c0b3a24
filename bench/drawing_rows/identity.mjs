// One browser over WebDriver BiDi (Firefox) or CDP (Chromium): draws on the reading page by pointer, and prints how many
// pixels differ between what the page held, what the server stores, and what a page holds that begins from the server.
// Argument: JSON {browser, executable, args, prefs, address, session, viewport}.
import puppeteer from "puppeteer-core";
import { decodeMask, unpackMask } from "../../static/reading/codec.js";

const asked = JSON.parse(process.argv[2]);

/** Runs in the page: what this browser keeps of the reading, as bytes. */
function kept() {
  const boot = JSON.parse(document.getElementById("reading-data").textContent);
  return new Promise((done) => {
    const request = indexedDB.open("lymphus-reading", 1);
    request.onsuccess = () => {
      const get = request.result.transaction("drafts").objectStore("drafts").get(`${boot.user.id}/${boot.assignment.id}`);
      get.onsuccess = () => { request.result.close(); done([...get.result.mask]); };
    };
  });
}

/** Runs in the page: the server's mask, as the API gives it. */
async function served() {
  const boot = JSON.parse(document.getElementById("reading-data").textContent);
  return (await (await fetch(boot.urls.reading, { headers: { Accept: "application/json" } })).json()).mask.data;
}

/** Runs in the page: forget the draft, so that the next page has only the server's. */
function forget() {
  return new Promise((done) => {
    const request = indexedDB.open("lymphus-reading", 1);
    request.onsuccess = () => {
      const tx = request.result.transaction(["drafts", "steps"], "readwrite");
      tx.objectStore("drafts").clear();
      tx.objectStore("steps").clear();
      tx.oncomplete = () => { request.result.close(); done(); };
    };
  });
}

/** Runs in the page: where a place of the image (shares) is on the screen. */
function spot(x, y) {
  const { image } = JSON.parse(document.getElementById("reading-data").textContent);
  const box = document.getElementById("stage").getBoundingClientRect();
  const scale = Math.min(box.width / image.width, box.height / image.height);
  return [box.left + box.width / 2 + (x - 0.5) * image.width * scale, box.top + box.height / 2 + (y - 0.5) * image.height * scale];
}

async function stroke(page, shares) {
  const places = [];
  for (const share of shares) places.push(await page.evaluate(spot, ...share));
  await page.mouse.move(...places[0]);
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...place, { steps: 6 });
  await page.mouse.up();
}

async function saved(page) {
  await new Promise((done) => setTimeout(done, 500));
  await page.waitForSelector("#save-state[data-state=saved]", { timeout: 20_000 }).catch(async () => {
    throw new Error(`not saved: ${await page.$eval("#save-state", (place) => place.dataset.state)}`);
  });
}

async function draw(page) {
  await page.keyboard.press("b");
  await stroke(page, [[0.3, 0.3], [0.52, 0.41], [0.37, 0.6]]);
  await stroke(page, [[0.55, 0.7], [0.7, 0.33]]);
  await page.keyboard.press("e");
  await stroke(page, [[0.35, 0.5], [0.61, 0.47]]);
  await page.keyboard.press("p");
  const corners = [[0.2, 0.72], [0.33, 0.7], [0.36, 0.88], [0.22, 0.85]];
  for (const corner of corners) await page.mouse.click(...(await page.evaluate(spot, ...corner)));
  await page.keyboard.press("Enter");
  await saved(page);
}

const differing = (a, b) => {
  if (a.data.length !== b.data.length) throw new Error("masks of two sizes");
  return a.data.reduce((sum, value, i) => sum + Number(value !== b.data[i]), 0);
};

const browser = await puppeteer.launch({
  browser: asked.browser, executablePath: asked.executable, args: asked.args, extraPrefsFirefox: asked.prefs,
  headless: true, defaultViewport: null,
});
try {
  const page = await browser.newPage();
  if (asked.browser === "chrome") await page.setViewport(asked.viewport);
  const { hostname } = new URL(asked.address);
  await browser.setCookie({ name: "sessionid", value: asked.session, domain: hostname, path: "/", httpOnly: true, sameSite: "Lax" });
  await page.goto(asked.address);
  await page.waitForSelector("html[data-ready]");
  const ratio = await page.evaluate(() => window.devicePixelRatio);
  await draw(page);
  const held = unpackMask(Uint8Array.from(await page.evaluate(kept)));
  const stored = await decodeMask(await page.evaluate(served));
  await page.evaluate(forget);
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  // a stroke and its undo make the page write down what it holds, which is what it began from
  await page.keyboard.press("b");
  await stroke(page, [[0.8, 0.2], [0.85, 0.25]]);
  await page.keyboard.down("Control");
  await page.keyboard.press("z");
  await page.keyboard.up("Control");
  await saved(page);
  const again = unpackMask(Uint8Array.from(await page.evaluate(kept)));
  const area = held.data.reduce((sum, value) => sum + value, 0);
  const version = await browser.version();
  console.log(JSON.stringify({ version, ratio, area, stored: differing(held, stored), again: differing(held, again) }));
} finally {
  await browser.close();
}
