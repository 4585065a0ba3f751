import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { executable, lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

/** Runs the executable by another name, `lbcheck` where it is installed. */
async function called(name: string, ...args: readonly string[]) {
  const command = join(await directory(onTestFinished), name);
  await symlink(executable, command);
  return lbcheck(args, { command, input: '' });
}

const probes = ['rbl', 'dns', 'tls', 'syn', 'exec'] as const;

describe('help', () => {
  test.each<[readonly string[], string]>([
    [['--help'], 'lbcheck PROBE [options]'],
    [['help'], 'lbcheck PROBE [options]'],
    [['help', 'help'], 'lbcheck PROBE [options]'],
    [['rbl', '--help'], 'lbcheck rbl [options] [HOST] [PORT]'],
    [['dns', '--help'], 'lbcheck dns [options] [HOST] [PORT]'],
    [['tls', '-h'], 'lbcheck tls [options] [HOST] [PORT]'],
    [['exec', '--help'], 'lbcheck exec [options] [COMMAND...]'],
    [['help', 'syn'], 'lbcheck syn [options] [HOST] [PORT]'],
  ])('by %s is that of %s, fits 80 columns and ends well', async (args, usage) => {
    const { code, stdout, stderr } = await called('lbcheck', ...args);
    expect(stdout.split('\n')[0]).toBe(`Usage: ${usage}`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each(probes)(
    'of %s groups its options, and ends in what a person asks next',
    async (probe) => {
      const { stdout } = await called('lbcheck', 'help', probe);
      const sections = [...stdout.matchAll(/^([A-Z][A-Za-z ]+):$/gm)].map(([, title]) => title);
      expect(sections).toEqual([
        ...['Arguments', 'Probe options', 'Answer options', 'Serving options', 'Other options'],
        ...['Examples', 'Exit codes'],
      ]);
      const group = (title: string) => stdout.split(`\n${title} options:\n`)[1]?.split('\n\n')[0];
      expect(group('Probe')).toMatch(/^ {2}-t, --timeout <SECONDS> .*\(default: 1\.5\)$/m);
      expect(group('Answer')).toMatch(/^ {2}--label <TEXT> /m);
      expect(group('Serving')).toMatch(/^ {2}--listen <WHERE> /m);
      expect(stdout).toMatch(new RegExp(`^  lbcheck ${probe} .*\n`, 'm'));
      expect(stdout).toMatch(/0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN/);
      expect(stdout).toMatch(/\nManual: man lbcheck, .*\.\n$/);
    },
  );

  test('of a probe is the same by either way', async () => {
    const [one, other] = [
      await called('lbcheck', 'help', 'tls'),
      await called('lbcheck', 'tls', '-h'),
    ];
    expect(one).toEqual(other);
  });

  test('is longer than a terminal that is closed, and harms nobody', async () => {
    const { code } = await lbcheck(['-c', `${executable} help rbl | true`], { command: 'sh' });
    expect(code).toBe(0);
  });
});

test.each([['-V'], ['--version'], ['rbl', '--version'], ['exec', '-V']])(
  'the version by %s is one line',
  async (...args) => {
    expect(await called('lbcheck', ...args)).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: expect.stringMatching(/^lbcheck \d+\.\d+\.\d+\n$/),
    });
  },
);

test.each(['check_dnsbl', 'check_rbl', 'check_dns_answer', 'check_tls', 'check_tcp_half_open'])(
  'help and version as %s exit with 3',
  async (name) => {
    expect(await called(name, '-V')).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^lbcheck \d+\.\d+\.\d+\n$/),
    });
    expect(await called(name, '--help')).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(new RegExp(`^Usage: ${name} \\[`)),
    });
  },
);

test('a plugin name that no probe has is UNKNOWN', async () => {
  expect(await called('check_nothing', '-H', 'x')).toEqual({
    code: 3,
    stdout:
      'LBCHECK UNKNOWN - no plugin has the name check_nothing. Allowed is check_dnsbl, check_dns_answer, check_tls, check_tcp_half_open.\n',
    stderr: expect.stringMatching(/^check_nothing: no plugin has the name check_nothing\..*/),
  });
});
