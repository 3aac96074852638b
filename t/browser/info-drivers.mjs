/* What a person does with a page, for the sessions of engines.mjs: press keys,
 * look, make the window narrow. */

import { writeFileSync } from 'node:fs';
import { Key } from 'selenium-webdriver';

/* Chromium, and Firefox. */
function byPuppeteer(session) {
  const page = () => session.page();
  return {
    evaluate: (source) => page().evaluate(source),
    type: (text) => page().keyboard.type(text),
    press: (key) => page().keyboard.press(key === 'Space' ? ' ' : key),
    async pressWithControl(key) {
      await page().keyboard.down('Control');
      await page().keyboard.press(key);
      await page().keyboard.up('Control');
    },
    async selectAll() {
      await page().keyboard.down('Control');
      await page().keyboard.press('a');
      await page().keyboard.up('Control');
    },
    resize: (width) => page().setViewport({ width, height: 900 }),
    picture: (path) => page().screenshot({ path, fullPage: true }),
    async dark(on) {
      await page().emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: on ? 'dark' : 'light' }]);
    },
  };
}

const keys = { Tab: Key.TAB, Enter: Key.ENTER, Space: Key.SPACE };

function byWebDriver(session) {
  const window = () => session.window();
  const send = (...all) => window().actions().sendKeys(...all).perform();
  return {
    evaluate: (source) => window().executeScript(`return (${source})`),
    type: (text) => send(text),
    press: (key) => send(keys[key]),
    pressWithControl: (key) => window().actions().keyDown(Key.CONTROL)
      .sendKeys(keys[key]).keyUp(Key.CONTROL).perform(),
    selectAll: () => window().actions().keyDown(Key.CONTROL).sendKeys('a')
      .keyUp(Key.CONTROL).perform(),
    resize: (width) => window().manage().window()
      .setRect({ width, height: 900 }),
    async picture(path) {
      writeFileSync(path, await window().takeScreenshot(), 'base64');
    },
  };
}

export const driverOf = (name, session) => (name === 'webkit'
  ? byWebDriver(session) : byPuppeteer(session));
