import { Command } from '@commander-js/extra-typings';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainSettings, readPlainCommandLine } from '../../src/command-line/plain.ts';
import { settingsOfProbe } from '../../src/command-line/probe-settings.ts';
import type { ProbeDeclaration } from '../../src/probes/declaration.ts';
import { probes } from '../../src/probes/index.ts';

type Args = readonly string[];

/** What commander reads; undefined when it finds a mistake, or prints help. */
function commanderSettings(probe: ProbeDeclaration, args: Args) {
  const command = new Command().exitOverride();
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  try {
    return settingsOfProbe(command, probe, args, 'command-line');
  } catch {
    return undefined;
  }
}

/** Settings that can be compared: without the probe, which is a closure. */
const comparable = (settings: ReturnType<typeof plainSettings>) =>
  settings && { ...settings, check: { ...settings.check, probe: undefined } };

const byProbe = probes.flatMap((probe) => probe.examples.map((text) => ({ probe, text })));

test.each(byProbe)('reads $probe.name $text without commander', ({ probe, text }) => {
  const args = text.split(' ');
  const settings = comparable(plainSettings(probe, args, 'command-line'));
  expect(settings).toBeDefined();
  expect(settings).toEqual(comparable(commanderSettings(probe, args)));
});

test('reads each form of an option without commander', () => {
  const zone = ['--zone=a.example', '--zone', 'b.example', '--no-control', '-4', '-p', '54'];
  const shared = ['-v', '-v', '-w', '0.5', '--timeout=2', '--drain-file', '/x', '--drain-code=404'];
  const args = ['::ffff:192.0.2.1', ...zone, ...shared];
  const invocation = readPlainCommandLine('check_dnsbl', args)?.invocation;
  const settings = invocation?.kind === 'run' ? invocation.settings : undefined;
  expect(settings?.check.verbosity).toBe(2);
  const rbl = probes.find(({ name }) => name === 'rbl') as ProbeDeclaration;
  expect(comparable(settings)).toEqual(comparable(commanderSettings(rbl, args)));
});

describe('leaves to commander', () => {
  test.each([
    { what: 'help', args: ['rbl', '--help'] },
    { what: 'the version', args: ['rbl', '-V'] },
    { what: 'an unknown option', args: ['rbl', '--zone', 'a.example', '--zome', 'b'] },
    { what: 'an option without its value', args: ['rbl', '--zone'] },
    { what: 'a flag with a value', args: ['rbl', '--zone', 'a.example', '--tcp=yes'] },
    { what: 'a wrong value', args: ['rbl', '--zone', 'a.example', '--timeout', 'soon'] },
    { what: 'a wrong choice', args: ['rbl', '--zone', 'a.example', '--type', 'ip5'] },
    { what: 'options that exclude each other', args: ['rbl', '--zone', 'a.example', '-4', '-6'] },
    { what: 'a missing option', args: ['dns'] },
    {
      what: 'one argument too many',
      args: ['rbl', '192.0.2.1', '53', '54', '--zone', 'a.example'],
    },
    { what: 'options in one word', args: ['rbl', '--zone', 'a.example', '-vv'] },
    { what: 'the file of checks', args: ['serve', 'checks'] },
    { what: 'no probe', args: [] },
  ])('$what', ({ args }) => {
    expect(readPlainCommandLine('lbcheck', args)).toBeUndefined();
  });
});

/** Words of a command line: all options of the probe, right and wrong values, and odd ones. */
function wordsOf(probe: ProbeDeclaration): readonly string[] {
  const command = new Command();
  probe.declare(command);
  const long = command.options.flatMap((option) => option.long ?? []);
  const short = command.options.flatMap((option) => option.short ?? []);
  const shared = ['-t', '-w', '-c', '-v', '-vv', '--label', '--drain-file', '--reply', '--listen'];
  const values = ['192.0.2.1', '::1', 'a.example', '53', '2h', 'A', 'SOA', 'auto', 'http', '1'];
  const odd = [
    '',
    '-',
    '--',
    '---',
    '--=',
    '-=x',
    '-1',
    '--zone=a.example',
    '-p53',
    '--tcp=',
    '-h',
  ];
  return [...long, ...short, ...shared, ...values, ...values, ...odd];
}

test.each(probes)('reads no command line of $name other than commander does', (probe) => {
  const needed = { rbl: ['--zone', 'a.example'], dns: ['--query', 'a.example'] };
  const before = needed[probe.name as keyof typeof needed] ?? ['192.0.2.1', '25'];
  const words = fc.array(fc.constantFrom(...wordsOf(probe)), { maxLength: 6 });
  fc.assert(
    fc.property(words, (rest) => {
      const args = [...before, ...rest];
      const settings = comparable(plainSettings(probe, args, 'command-line'));
      if (settings !== undefined) {
        expect(settings).toEqual(comparable(commanderSettings(probe, args)));
      }
    }),
    { numRuns: 300 },
  );
});
