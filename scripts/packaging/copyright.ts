import type { BundledPackage } from '../notices.ts';

/**
 * debian/copyright in its machine-readable form: lbcheck, and what is bundled with it. The runtime's
 * notice is for the native executable.
 */
export function copyright(
  own: string,
  packages: readonly BundledPackage[],
  runtimeNotice: string,
): string {
  const paragraphs = packages.map(({ name, license, text }) =>
    [
      `Files: node_modules/${name}/*`,
      `Copyright: ${holders(text)}`,
      `License: ${license}-${nameOf(name)}`,
      body(text),
    ].join('\n'),
  );
  const header = [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Upstream-Name: lbcheck',
    'Source: https://github.com/lbcheck/lbcheck',
  ];
  const ours = ['Files: *', `Copyright: ${holders(own)}`, 'License: MIT', body(own)];
  const runtime = [
    'Files: node_modules/bun/*',
    'Copyright: the authors of Bun and of what it contains',
    'License: Bun',
    body(runtimeNotice),
  ];
  return `${[header, ours]
    .map((lines) => lines.join('\n'))
    .concat(paragraphs, runtime.join('\n'))
    .join('\n\n')}\n`;
}

/** The licence of each package has its own name, since each has its own text. */
const nameOf = (name: string) => name.replace(/[^a-z0-9]+/g, '-').replace(/^-/, '');

const holders = (text: string) =>
  [...text.matchAll(/^\W*Copyright (?:\([cC]\) |© )?(?=\d)(.*)$/gm)]
    .map(([, holder]) => holder?.trim())
    .join('\n ') || 'its authors';

const body = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`))
    .join('\n');
