import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pagePaths, readPage } from '../support/pages.ts';

const root = join(import.meta.dirname, '../..');

/** A page without its blocks of code, which hold no links and no headings. */
function withoutBlocks(text: string): string {
  return text.replace(/^```.*?^```$/gms, '').replace(/^ {4}.*$/gm, '');
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const name = shown
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = name;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${name}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The targets of a page's links and images. */
function linksOf(text: string): readonly string[] {
  const prose = withoutBlocks(text).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** What is wrong with a link from a page; undefined if it is right. */
function faultOf(page: string, link: string): string | undefined {
  if (/^https:\/\//.test(link)) return URL.canParse(link) ? undefined : 'is not a URL';
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(page, '..', path);
  if (target.startsWith('..')) return 'leaves the repository';
  if (!existsSync(join(root, target))) return 'leads to no file';
  if (anchor === undefined) return undefined;
  return anchorsOf(readPage(target)).has(anchor) ? undefined : 'leads to no heading';
}

const faults = (page: string, text: string) =>
  linksOf(text).flatMap((link) => {
    const fault = faultOf(page, link);
    return fault === undefined ? [] : `${page}: ${link} ${fault}`;
  });

describe('links', () => {
  const pages = pagePaths();

  test.each(pages)('of %s lead to a file and a heading that exist', (page) => {
    expect(faults(page, readPage(page))).toEqual([]);
  });

  test('reach every page from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const link of linksOf(readPage(page))) {
        const target = join(page, '..', link.split('#')[0] ?? '');
        if (pages.includes(target)) reached.add(target);
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  test.each([
    ['[a](docs/nowhere.md)', 'docs/nowhere.md leads to no file'],
    ['[a](docs/install.md#nowhere)', 'docs/install.md#nowhere leads to no heading'],
    ['![a](docs/nowhere.svg)', 'docs/nowhere.svg leads to no file'],
    ['[a](../main)', '../main leaves the repository'],
    ['[a](#nowhere)', '#nowhere leads to no heading'],
  ])('are reported when they are wrong: %s', (text, fault) => {
    expect(faults('README.md', text)).toEqual([`README.md: ${fault}`]);
  });

  test('have the anchors of GitHub', () => {
    const text = '# A `b` & C: `lbcheck rbl [HOST]`\n## Same\n## Same\n```sh\n# no heading\n```\n';
    expect([...anchorsOf(text)]).toEqual(['a-b--c-lbcheck-rbl-host', 'same', 'same-1']);
  });
});

test('the README has at most 150 lines', () => {
  expect(readPage('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});
