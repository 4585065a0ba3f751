import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { directory, start, until } from '../support/programs.ts';
import { shellCheck, startServe } from '../support/serve.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
});
afterAll(() => browser.close());

/** A page of the browser, and all errors that the browser reported. */
async function open(url: string, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  // The page itself may have the status 503.
  page.on('console', (message) => {
    if (!message.text().includes('status of 503')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** True when nothing is cut off at the right of the window. */
const fits = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

const color = (page: Page, selector: string, property: string) =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`);

describe('the page in a browser', () => {
  test('shows each check in colour and word, and needs nothing else', async () => {
    const drained = join(await directory(onTestFinished, { drain: '' }), 'drain');
    const serve = await startServe(
      onTestFinished,
      shellCheck('up', 'echo fine') +
        shellCheck('down', 'echo "gone | a=1"; exit 2') +
        shellCheck('out', 'echo fine', `--drain-file ${drained}`),
    );
    const url = `http://127.0.0.1:${serve.port}/`;
    const { page, complaints } = await open(url);
    expect(await page.title()).toBe('CRITICAL: checks');
    expect(await page.locator('h1').innerText()).toBe('CHECKS is not running or not accessible.');
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'CRITICAL down',
      'DRAINED out',
      'OK up',
    ]);
    expect(await page.locator('main').innerText()).toContain(
      '2 of 3 checks are not ok: down critical: gone',
    );
    expect(await color(page, 'li.ok', 'color')).not.toBe(await color(page, 'li.critical', 'color'));
    expect(complaints).toEqual([]);
  });

  test('of one check shows since when, and its last changes', async () => {
    const flag = join(await directory(onTestFinished), 'down');
    const script = `test ! -e ${flag} || { echo gone; exit 2; }; echo fine`;
    const serve = await startServe(onTestFinished, shellCheck('license', script));
    const url = `http://127.0.0.1:${serve.port}/license`;
    const { page } = await open(url);
    expect(await page.locator('h1').innerText()).toBe('EXEC is running.');
    await start(onTestFinished, 'touch', [flag]);
    // It reloads itself.
    await until('the page shows the failure', async () =>
      (await page.title()).startsWith('CRITICAL'),
    );
    expect(await page.locator('ol li').allInnerTexts()).toEqual([
      expect.stringMatching(/^critical \d\d:\d\d:\d\d$/),
      expect.stringMatching(/^ok \d\d:\d\d:\d\d$/),
    ]);
    expect(await page.locator('main').innerText()).toMatch(/since \d+s/);
  });

  test('has links that work, by keyboard too', async () => {
    const serve = await startServe(
      onTestFinished,
      shellCheck('a b'.replace(' ', '-'), 'echo fine'),
    );
    const { page } = await open(`http://127.0.0.1:${serve.port}/`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'a-b as JSON',
    );
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/a-b\?format=json$/);
    await page.goBack();
    await page.getByRole('link', { name: 'a-b as metrics' }).click();
    await page.waitForURL(/\/a-b\?format=metrics$/);
  });

  test.each([
    ['light', 360],
    ['dark', 360],
    ['light', 1280],
    ['dark', 1280],
  ] as const)('of 50 checks fits in %s, %d pixels wide', async (colorScheme, width) => {
    const long = 'x'.repeat(200);
    const text = Array.from({ length: 50 }, (_unused, index) =>
      shellCheck(`service-number-${index}`, index % 7 ? 'echo fine' : `echo ${long}; exit 2`),
    );
    const serve = await startServe(onTestFinished, text.join(''), ['--log', 'none']);
    const viewport = { width, height: 800 };
    const url = `http://127.0.0.1:${serve.port}/`;
    const { page, complaints } = await open(url, { viewport, colorScheme });
    expect(await page.locator('h2').count()).toBe(50);
    expect(await fits(page)).toBe(true);
    const isDark = (await color(page, 'body', 'backgroundColor')) !== 'rgb(255, 255, 255)';
    expect(isDark).toBe(colorScheme === 'dark');
    expect(complaints).toEqual([]);
    expect(Buffer.byteLength(await page.content())).toBeLessThan(30_000);
  });

  test('shows the output of a target as text', async () => {
    const script = 'echo "<script>document.title=1</script><img src=x onerror=alert(1)>"; exit 2';
    const serve = await startServe(onTestFinished, shellCheck('hostile', script));
    const { page, complaints } = await open(`http://127.0.0.1:${serve.port}/hostile`);
    expect(await page.title()).toBe('CRITICAL: hostile');
    expect(await page.locator('main').innerText()).toContain('<script>document.title=1</script>');
    expect(await page.locator('script, img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
