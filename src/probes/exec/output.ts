import { type Perfdatum, parsePerfdata } from '../../check/perfdata.ts';

/** What a plugin printed. */
export interface PluginOutput {
  /** Its first line, without performance data; empty when it printed none. */
  readonly summary: string;
  readonly perfdata: readonly Perfdatum[];
}

/**
 * Reads a plugin's stdout (Monitoring Plugins guidelines, section "Plugin output"; Nagios plugin API):
 * performance data stands behind the bar of the first line, and from the bar of a later line on.
 */
export function readPluginOutput(stdout: string): PluginOutput {
  const [first = '', ...others] = stdout.replace(/^\s+/, '').split('\n');
  const [summary, perfdata] = cutAtBar(first);
  const [, more] = cutAtBar(others.join('\n'));
  return { summary: summary.trim(), perfdata: parsePerfdata(`${perfdata} ${more}`) };
}

function cutAtBar(text: string): readonly [string, string] {
  const bar = text.indexOf('|');
  return bar < 0 ? [text, ''] : [text.slice(0, bar), text.slice(bar + 1)];
}
