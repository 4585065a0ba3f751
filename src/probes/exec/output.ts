import { cutText } from '../../check/cut-text.ts';
import { type Perfdatum, parsePerfdata } from '../../check/perfdata.ts';
import { withoutEscapes } from './escapes.ts';

/** What a plugin printed. */
export interface PluginOutput {
  /** Its first line, without performance data; empty when it printed none. */
  readonly summary: string;
  /** The lines after the first, without performance data and without empty lines. */
  readonly details: readonly string[];
  readonly perfdata: readonly Perfdatum[];
}

/** How many lines after the first are kept, and how many characters of each. */
const maxDetails = 40;
const maxDetailLength = 1000;

/**
 * Reads a plugin's stdout (Monitoring Plugins guidelines, section "Plugin output"; Nagios plugin API):
 * performance data follows the bar in the first line; after a bar in a later line, all text is
 * performance data.
 */
export function readPluginOutput(stdout: string, isCut = false): PluginOutput {
  const text = withoutEscapes(isCut ? withoutLastWord(stdout) : stdout);
  const [first = '', ...others] = text.replace(/^\s+/, '').split('\n');
  const [summary, perfdata] = cutAtBar(first);
  const [longText, more] = cutAtBar(others.join('\n'));
  return {
    summary: summary.trim(),
    details: longText.split('\n').map(cleaned).filter(Boolean).slice(0, maxDetails),
    perfdata: parsePerfdata(`${perfdata} ${more}`),
  };
}

/** Removes the last word, which may be cut: half of a number is another number. */
function withoutLastWord(text: string): string {
  const end = Math.max(...[' ', '\t', '\n'].map((blank) => text.lastIndexOf(blank)));
  return end < 0 ? text : text.slice(0, end);
}

function cutAtBar(text: string): readonly [string, string] {
  const bar = text.indexOf('|');
  return bar < 0 ? [text, ''] : [text.slice(0, bar), text.slice(bar + 1)];
}

/** Removes control characters from one line, and cuts it at its longest length. */
function cleaned(line: string): string {
  const plain = line.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').trimEnd();
  return cutText(plain, maxDetailLength);
}
