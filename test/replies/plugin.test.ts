import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/outcome.ts';
import { plugin } from '../../src/replies/plugin.ts';
import { reportOf } from '../support/reports.ts';

async function say(report: Report): Promise<string> {
  const unopened = () => expect.unreachable('the input was opened');
  const turn = await plugin.hear({ arrived: unopened, input: unopened }, 0);
  return turn.kind === 'ask' ? turn.say(report) : expect.unreachable('it was refused');
}

/** A line without its perfdata. */
const beforeBar = (line: string) => line.replace(/ \|.*/, '');

describe('a plugin', () => {
  test.each([
    ['ok', 'RBL OK - lists 127.0.0.2\n'],
    ['warning', 'RBL WARNING - lists 127.0.0.2\n'],
    ['critical', 'RBL CRITICAL - lists 127.0.0.2\n'],
    ['unknown', 'RBL UNKNOWN - lists 127.0.0.2\n'],
  ] as const)('says %s on one line, without hearing anything', async (status, line) => {
    expect(beforeBar(await say(reportOf(status, 'lists 127.0.0.2')))).toBe(line);
  });

  test('is labelled with the name of the probe', async () => {
    expect(await say({ ...reportOf('ok'), probe: 'tls' })).toMatch(/^TLS OK - /);
  });

  test('has no bar in its text, where perfdata would begin', async () => {
    const line = await say(reportOf('ok', 'a|b | c'));
    expect(line).toMatch(/^RBL OK - a[^|]b [^|] c( \| [^|]+)?\n$/);
  });

  test("has the exit codes of the guidelines' section on plugin return codes", () => {
    expect(plugin.exitCodes).toEqual({ ok: 0, warning: 1, critical: 2, unknown: 3 });
  });
});
