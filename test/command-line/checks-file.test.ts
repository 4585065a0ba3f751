import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readChecksFile } from '../../src/command-line/checks-file.ts';
import { checksTable } from '../../src/command-line/checks-table.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'lbcheck-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function read(text: string | Buffer) {
  const path = join(folder(), 'checks');
  writeFileSync(path, text);
  const result = readChecksFile(path);
  return result.kind === 'wrong'
    ? { ...result, mistakes: result.mistakes.map((line) => line.replace(path, 'checks')) }
    : result;
}

const mistakesIn = (text: string | Buffer) => {
  const result = read(text);
  return result.kind === 'wrong' ? result.mistakes : [];
};

describe('a file of checks', () => {
  test('does not show a zone that a label hides, though its line is wrong', () => {
    const line = 'paid rbl --label paid --zone ok.example --zone SECRET..example';
    expect(mistakesIn(line)).toEqual([
      expect.stringMatching(/^checks:1:\d+: .*'paid\/2' is invalid/),
    ]);
    expect(mistakesIn(line.replace('--label paid ', ''))[0]).toMatch('SECRET');
  });

  test('has checks with all options of a probe', () => {
    const result = read(`
      dnsbl   rbl 192.0.2.7 --zone dnsbl.example.org --timeout 0.8 --hold 2 --drain-file /run/drain
      license tls license.example.org 27000 --label license
      plugin  exec --timeout 5 -- /bin/true 'a b'
    `);
    if (result.kind === 'wrong') throw new Error(result.mistakes.join('\n'));
    expect(
      result.checks.map(({ name, check, drainFile, hold }) => [
        name,
        check.target,
        drainFile,
        hold,
      ]),
    ).toEqual([
      ['dnsbl', '192.0.2.7:53', '/run/drain', 2],
      ['license', 'license.example.org:27000', undefined, 0],
      ['plugin', '/bin/true', undefined, 0],
    ]);
    expect(checksTable(result)).toBe(
      [
        'NAME     PROBE  TARGET                     DEADLINE  LABEL',
        'dnsbl    rbl    192.0.2.7:53               0.8 s',
        'license  tls    license.example.org:27000  1.5 s     license',
        'plugin   exec   /bin/true                  5 s',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['a', 'checks:1:1: PROBE is missing. Allowed is rbl, '],
    ['a http x', "checks:1:3: there is no probe 'http'. Allowed is rbl, "],
    ['a syn h 70000', "checks:1:9: command-argument value '70000' is invalid for argument 'PORT'"],
    ['a rbl --zone "x y"', "checks:1:14: option '--zone <ZONE>' argument 'x y' is invalid"],
    ['a rbl', 'checks:1:3: --zone is missing'],
    [
      'a tls h 1 --listen :8088',
      'checks:1:11: --listen stands on the command line of lbcheck serve',
    ],
    ['a tls h 1 --reply json', 'checks:1:11: --reply stands on the command line of lbcheck serve'],
    ['a tls h 1 --idle-exit 5', 'checks:1:11: --idle-exit stands on the command line of lbcheck'],
    ['a tls h 1 --request-timeout 5', 'checks:1:11: --request-timeout stands on the command line'],
    ['a tls h 1 --log none', 'checks:1:11: --log stands on the command line of lbcheck serve'],
    ['a tls h 1 --log-format json', 'checks:1:11: --log-format stands on the command line of'],
    ['a tls --help', 'checks:1:3: help and version are no checks'],
    ['a tls h 1 --unknown', "checks:1:11: unknown option '--unknown'"],
    ['a rbl --zon x.example', "checks:1:7: unknown option '--zon' (Did you mean --zone?)"],
    ['a syn h 1 -t', "checks:1:11: option '-t, --timeout <SECONDS>' argument missing"],
    ['a rbl --zone a.b --hold', "checks:1:18: option '--hold <SECONDS>' argument missing"],
    ['a serve x', "checks:1:3: there is no probe 'serve'"],
    ['a tls {target} 443 extra', 'checks:1:3: too many arguments'],
    ['a exec -- "x', 'checks:1:11: this " is never closed'],
    ['', 'checks: it holds no check'],
    ['# nothing\n\n', 'checks: it holds no check'],
    ['a syn h 1\0', 'checks: it is not a text file in UTF-8'],
    [Buffer.from([0xff, 0xfe, 0x61]), 'checks: it is not a text file in UTF-8'],
  ])('is wrong: %j', (text, message) => {
    const [first = '', ...others] = mistakesIn(text);
    expect(first.slice(0, message.length)).toBe(message);
    expect(others).toEqual([]);
  });

  test('shows all its mistakes, in the order of its lines', () => {
    const places = mistakesIn('a syn h 0\nmetrics syn h 1\nb syn h 1\nc nothing\nb syn h 2').map(
      (mistake) => /^checks:(\d+)/.exec(mistake)?.[1],
    );
    expect(places).toEqual(['1', '2', '4', '5']);
  });

  test('may hold 10,000 checks', { timeout: 60_000 }, () => {
    const lines = Array.from(
      { length: 10_000 },
      (_unused, index) => `c${index} syn 127.0.0.1 ${index + 1}\n`,
    );
    const result = read(lines.join(''));
    if (result.kind === 'wrong') throw new Error(result.mistakes.join('\n'));
    expect(result.checks).toHaveLength(10_000);
  });

  test('that is read again keeps the checks of lines that did not change', () => {
    const path = join(folder(), 'checks');
    writeFileSync(path, 'a syn 127.0.0.1 1\nb syn 127.0.0.1 2\n');
    const first = readChecksFile(path);
    if (first.kind === 'wrong') throw new Error(first.mistakes.join('\n'));
    writeFileSync(path, 'b syn 127.0.0.1 3\na  syn 127.0.0.1   1 # again\n');
    const second = readChecksFile(path, first);
    if (second.kind === 'wrong') throw new Error(second.mistakes.join('\n'));
    expect(second.checks[1]).toBe(first.checks[0]);
    expect(second.checks[0]?.check.target).toBe('127.0.0.1:3');
  });

  test.each<[string, (path: string) => void, RegExp]>([
    ['that is missing', () => {}, /ENOENT/],
    ['that is a directory', (path) => mkdirSync(path), /it is not a regular file/],
    ['that is a FIFO', (path) => void execFileSync('mkfifo', [path]), /it is not a regular file/],
    ['of 5 MB', (path) => writeFileSync(path, '#'.repeat(5 * 1024 ** 2)), /allowed are 4194304/],
  ])('%s is wrong, at once', (_title, make, message) => {
    const path = join(folder(), 'checks');
    make(path);
    expect(readChecksFile(path)).toMatchObject({
      kind: 'wrong',
      mistakes: [expect.stringMatching(message)],
    });
  });
});

describe('a line with {target}', () => {
  function aim(line: string, host: string, port?: number) {
    const result = read(`web ${line}`);
    if (result.kind === 'wrong') throw new Error(result.mistakes.join('\n'));
    expect(result.checks).toEqual([]);
    return result.templates[0]?.aim({ host, port });
  }

  test.each([
    ['tls {target} 443', '192.0.2.7', undefined, '192.0.2.7:443'],
    ['tls {target}', '192.0.2.7', 8443, '192.0.2.7:8443'],
    ['syn {target}', '2001:db8::7', 25, '[2001:db8::7]:25'],
    ['rbl {target} --zone a.example', '192.0.2.7', undefined, '192.0.2.7:53'],
    ['rbl {target} --zone a.example', '192.0.2.7', 5353, '192.0.2.7:5353'],
    ['exec -- /bin/echo -H {target}', '192.0.2.7', undefined, '/bin/echo'],
    ['syn -H {target}', '192.0.2.7', 25, '192.0.2.7:25'],
    ['syn --hostname={target} -v', '2001:db8::7', 25, '[2001:db8::7]:25'],
    ['tls -H {target} -p 443', '192.0.2.7', undefined, '192.0.2.7:443'],
    ['syn {target} -6', '2001:db8::7', 25, '[2001:db8::7]:25'],
    ['dns 127.0.0.1 --query {target}', '192.0.2.7', 25, '127.0.0.1:53'],
  ])('%s is aimed at %s %s', (line, host, port, target) => {
    expect(aim(line, host, port)).toMatchObject({ target });
  });

  test.each([
    ['tls {target} 443', 8443, 'web takes a target without a port.'],
    ['tls {target} -p 443', 8443, 'web takes a target without a port.'],
    ['tls -H {target} --port=443', 8443, 'web takes a target without a port.'],
    ['tls {target}', undefined, 'web needs a target with a port: HOST:PORT.'],
    ['syn -H {target}', undefined, 'web needs a target with a port: HOST:PORT.'],
  ])('%s cannot be aimed with the port %s', (line, port, mistake) => {
    expect(aim(line, '192.0.2.7', port)).toEqual({ mistake });
  });

  test.each([
    ['web tls {target} 443 --servername {target}', /^checks:1:35: .* argument '{target}' is inv/],
    ['web syn {target} {target}', /^checks:1:18: .*'{target}' is invalid for argument 'HOST'/],
  ])('that is wrong is told with what stands in it: %s', (line, mistake) => {
    expect(mistakesIn(line)).toEqual([expect.stringMatching(mistake)]);
  });

  test('keeps its drain file, hold and label, and is in the table as it stands', () => {
    const result = read(`
      a tls {target} 443 --drain-file /run/drain --hold 5
      b syn {target} --label "port of {target}"
      c dns {target} --query {target}
      d exec -- /bin/echo {target}
    `);
    if (result.kind === 'wrong') throw new Error(result.mistakes.join('\n'));
    expect(result.templates[0]).toMatchObject({ drainFile: '/run/drain', hold: 5 });
    expect(checksTable(result)).toBe(
      [
        'NAME  PROBE  TARGET        DEADLINE  LABEL',
        'a     tls    {target}:443  1.5 s',
        'b     syn    {target}      1.5 s     port of {target}',
        'c     dns    {target}:53   1.5 s',
        'd     exec   /bin/echo     1.5 s',
        '',
      ].join('\n'),
    );
  });
});
