import { describe, expect, test } from 'vitest';
import { isNative, lbcheck, parseResponse } from '../support/executable.ts';
import { synMistakes } from '../support/syn-mistakes.ts';
import { tlsMistakes } from '../support/tls-mistakes.ts';

/** Every mistake: what is typed, and what must be named in the answer. */
const mistakes: readonly (readonly [string, readonly string[]])[] = [
  ['PROBE is missing. Allowed is rbl, dns, tls, syn, exec.', []],
  ["unknown command 'smtp'. Allowed is rbl, dns, tls, syn, exec, serve, help.", ['smtp']],
  ["unknown command 'smtp'", ['help', 'smtp']],
  ["unknown command 'constructor'", ['constructor']],
  ["unknown option '--zones'", ['rbl', '--zones', 'x.example']],
  ['--zone is missing. Needed is at least one zone, there or in RBL_ZONE.', ['rbl']],
  ["option '--zone <ZONE>' argument missing", ['rbl', '--zone']],
  [
    "option '--zone <ZONE>' argument 'a..b' is invalid. Allowed is a domain name",
    ['rbl', '--zone', 'a..b'],
  ],
  ["argument 'a b' is invalid", ['rbl', '--zone', 'a b']],
  ["argument '' is invalid", ['rbl', '--zone', '']],
  ["argument '10.0.0.1' is invalid", ['rbl', '--zone', '10.0.0.1']],
  [
    `argument '${'a'.repeat(64)}.example' is invalid`,
    ['rbl', '--zone', `${'a'.repeat(64)}.example`],
  ],
  [
    'is too long: a name to ask below it has more than 253 characters',
    ['rbl', '--zone', Array(62).fill('abc').join('.'), '--type', 'ip6'],
  ],
  [
    "value '65536' is invalid for argument 'PORT'. Allowed is one number from 1 to 65535.",
    ['rbl', 'h.example', '65536', '--zone', 'x.example'],
  ],
  [
    "argument '0' is invalid. Allowed is one number from 1 to 65535.",
    ['rbl', '-p', '0', '--zone', 'x.example'],
  ],
  [
    "value 'a,b' is invalid for argument 'HOST'. Allowed is one IPv4 or IPv6 address",
    ['rbl', 'a,b', '--zone', 'x.example'],
  ],
  [
    "value '10.0.0.0/8' is invalid for argument 'HOST'",
    ['rbl', '10.0.0.0/8', '--zone', 'x.example'],
  ],
  ["value '[::1]' is invalid for argument 'HOST'", ['rbl', '[::1]', '--zone', 'x.example']],
  [
    "HOST is given twice: 'a.example' and 'b.example'",
    ['rbl', 'a.example', '-H', 'b.example', '--zone', 'x.example'],
  ],
  [
    "PORT is given twice: '53' and '54'",
    ['rbl', 'a.example', '53', '-p', '54', '--zone', 'x.example'],
  ],
  ['too many arguments', ['rbl', 'a.example', '53', '54', '--zone', 'x.example']],
  [
    "argument '-1' is invalid. Allowed is a number of seconds from 0.05 to 300.",
    ['rbl', '-t', '-1', '--zone', 'x.example'],
  ],
  ["argument '301' is invalid", ['rbl', '--timeout', '301', '--zone', 'x.example']],
  ["argument '1s' is invalid", ['rbl', '--request-timeout', '1s', '--zone', 'x.example']],
  [
    "argument '20:10' is invalid. Allowed is a range",
    ['rbl', '-w', '20:10', '--zone', 'x.example'],
  ],
  ["argument 'soon' is invalid. Allowed is a range", ['rbl', '-c', 'soon', '--zone', 'x.example']],
  [
    "argument '2' is invalid. Allowed is a whole number above 0 with its unit",
    ['rbl', '--max-age', '2', '--zone', 'x.example'],
  ],
  [
    "argument 'ipv4' is invalid. Allowed choices are ip4, ip6, name.",
    ['rbl', '--type', 'ipv4', '--zone', 'x.example'],
  ],
  [
    "--test-entry '::1' is invalid. Allowed is an IPv4 address, or another --type.",
    ['rbl', '--test-entry', '::1', '--zone', 'x.example'],
  ],
  [
    "--test-entry '127.0.0.1' is the negative control: add --no-control",
    ['rbl', '--test-entry', '127.0.0.1', '--zone', 'x.example'],
  ],
  [
    "--test-entry 'invalid' is the negative control",
    ['rbl', '--type', 'name', '--test-entry', 'invalid', '--zone', 'x.example'],
  ],
  [
    "--test-entry '::FFFF:127.0.0.1' is the negative control",
    ['rbl', '--type', 'ip6', '--test-entry', '::FFFF:127.0.0.1', '--zone', 'x.example'],
  ],
  [
    "--control '::1' is invalid. Allowed is an IPv4 address, or another --type",
    ['rbl', '--control', '::1', '--zone', 'x.example'],
  ],
  [
    "--test-entry '127.0.0.3' is the negative control: add --no-control, or another --control",
    ['rbl', '--test-entry', '127.0.0.3', '--control', '127.0.0.3', '--zone', 'x.example'],
  ],
  [
    "argument '127.0.0.1' is invalid. Allowed are addresses in 127.0.0.0/8",
    ['rbl', '--expect', '127.0.0.1', '--zone', 'x.example'],
  ],
  [
    "argument '127.0.0.2,10.0.0.0/8' is invalid. Allowed are addresses in 127.0.0.0/8",
    ['rbl', '--expect', '127.0.0.2,10.0.0.0/8', '--zone', 'x.example'],
  ],
  [
    '--max-rate 10 is too low for 20 questions within --timeout 1.5',
    [
      'rbl',
      '--max-rate',
      '10',
      ...Array(10)
        .fill(0)
        .flatMap((_, i) => ['--zone', `z${i}.example`]),
    ],
  ],
  [
    "argument '0' is invalid. Allowed is a whole number from 1 to 99999",
    ['rbl', '--max-rate', '0', '--zone', 'x.example'],
  ],
  [
    "argument 'a:b' is invalid. Allowed is one number from 1 to 65535",
    ['rbl', '--primary', 'a:b', '--zone', 'x.example'],
  ],
  [
    "argument '[a.example]:53' is invalid. Allowed is one address or host name",
    ['rbl', '--primary', '[a.example]:53', '--zone', 'x.example'],
  ],
  ["required option '--query <NAME>' not specified", ['dns', '192.0.2.1']],
  ["argument 'a..b' is invalid. Allowed is a domain name", ['dns', '--query', 'a..b']],
  [
    'is invalid. Allowed is a domain name: labels of 1 to 63 printable ASCII characters',
    ['dns', '--query', Array(64).fill('abc').join('.')],
  ],
  [
    "argument 'ANY' is invalid. Allowed choices are A, NS,",
    ['dns', '--query', 'a', '--type', 'ANY'],
  ],
  [
    "--expect '192.0.2.1,192.0.2.2' is invalid. Allowed is one value of type A: IPV4-ADDRESS. For more values repeat --expect.",
    ['dns', '--query', 'a', '--expect', '192.0.2.1,192.0.2.2'],
  ],
  [
    "--expect 'mail.example' is invalid. Allowed is one value of type MX: NUMBER NAME.",
    ['dns', '--query', 'a', '--type', 'MX', '--expect', 'mail.example'],
  ],
  [
    "argument 'GONE' is invalid. Allowed choices are NOERROR,",
    ['dns', '--query', 'a', '--expect-rcode', 'GONE'],
  ],
  ['--max-age needs --type SOA', ['dns', '--query', 'a', '--max-age', '1h']],
  ['--primary needs --type SOA', ['dns', '--query', 'a', '--primary', '192.0.2.1']],
  ['--serial-format needs --max-age', ['rbl', '--serial-format', 'unix', '--zone', 'x.example']],
  [
    "argument 'xml' is invalid. Allowed choices are http, plugin, haproxy, json, prometheus.",
    ['rbl', '--reply', 'xml', '--zone', 'x.example'],
  ],
  ['COMMAND is missing. Needed is a plugin and its arguments, behind --.', ['exec']],
  ['COMMAND is missing.', ['exec', '--']],
  [
    "argument '10:0' is invalid. Allowed behind the colon is 1, 2 or 3, or warning, critical or unknown.",
    ['exec', '-t', '10:0', '--', 'true'],
  ],
  [
    '--timeout and --timeout-status give two different statuses',
    ['exec', '-t', '10:3', '--timeout-status', 'warning', '--', 'true'],
  ],
  [
    "argument 'ok' is invalid. Allowed choices are critical, unknown, warning.",
    ['exec', '--timeout-status', 'ok', '--', 'true'],
  ],
  [
    "argument 'any' is invalid. Allowed choices are plugin, command.",
    ['exec', '--exit-codes', 'any', '--', 'true'],
  ],
  [
    '--timeout takes a status behind a colon for exec alone',
    ['rbl', '-t', '10:3', '--zone', 'x.example'],
  ],
  ["unknown option '-H'", ['exec', '-H', 'a.example']],
  ["cannot run '/no/such/plugin': there is no such program (ENOENT)", ['exec', '/no/such/plugin']],
  ["cannot run '/etc/passwd': it is not executable for this user", ['exec', '--', '/etc/passwd']],
  [
    "'--drain-file <PATH>' argument '' is invalid. Allowed is the path of a file.",
    ['rbl', '--drain-file', '', '--zone', 'x.example'],
  ],
  [
    "'--label <TEXT>' argument '' is invalid. Allowed are 1 to 100 characters on one line",
    ['rbl', '--label', '', '--zone', 'x.example'],
  ],
  ["argument ' a' is invalid. Allowed are 1 to", ['rbl', '--label', ' a', '--zone', 'x.example']],
  [
    "'--drain-code <CODE>' argument '200' is invalid. Allowed is 503 or 404.",
    ['rbl', '--drain-file', '/x', '--drain-code', '200', '--zone', 'x.example'],
  ],
  ['--drain-code needs --drain-file', ['rbl', '--drain-code', '404', '--zone', 'x.example']],
  ['--hold needs --listen', ['rbl', '--hold', '1', '--zone', 'x.example']],
  [
    '--idle-exit needs --listen inetd or --listen systemd',
    ['rbl', '--idle-exit', '1', '--zone', 'x.example'],
  ],
  ...synMistakes,
  ...tlsMistakes,
];

/** A problem that only the run of a check finds is not wrong usage. */
const isFoundByRun = (message: string) => /^cannot /.test(message);

/** What an operator reads on stderr, which is not the client's socket here. */
const onStderr = (message: string) =>
  isFoundByRun(message)
    ? /^$/
    : new RegExp(`${escaped(message)}.*\nSee lbcheck\\S*( \\w+)? --help\\.\n$`, 's');

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The words do not depend on the runtime or on the form: one whole table, and every fourth otherwise. */
const everyFourth = mistakes.filter((_mistake, index) => index % 4 === 0);

describe('wrong usage', () => {
  test.each(isNative ? everyFourth : mistakes)(
    'is answered over HTTP: %s',
    async (message, args) => {
      const { code, stdout, stderr } = await lbcheck(args, { input: 'GET / HTTP/1.1\r\n\r\n' });
      const { status, body } = parseResponse(stdout);
      expect(body).toMatch(/^(RBL|DNS|TLS|SYN|EXEC|LBCHECK) is not running or not accessible\.\n/);
      expect(body).toContain(message);
      expect({ status, code }).toEqual({ status: 503, code: 1 });
      expect(stderr).toMatch(onStderr(message));
    },
  );

  test.each(everyFourth)('is UNKNOWN to a plugin: %s', async (message, args) => {
    const [probe, ...rest] = args;
    const { code, stdout, stderr } = await lbcheck(
      probe === 'exec' ? [probe, '--reply', 'plugin', ...rest] : [...args, '--reply', 'plugin'],
    );
    expect(stdout).toMatch(/^(RBL|DNS|TLS|SYN|EXEC|LBCHECK) UNKNOWN - [^\n]+\n$/);
    // The form is read as the missing argument.
    const isCut = args.at(-1) === '--zone' || args.length === 0;
    if (!isCut) expect(stdout).toContain(message);
    expect(code).toBe(3);
    expect(stderr).toMatch(onStderr(isCut ? '' : message));
  });

  test('names what is wrong in RBL_ZONE', async () => {
    const env = { PATH: process.env.PATH ?? '', RBL_ZONE: 'good.example,b_d..example' };
    const { stdout } = await lbcheck(['rbl'], { input: '\n', env });
    expect(parseResponse(stdout).body).toContain("zone 'b_d..example' in RBL_ZONE is invalid");
  });

  test('shows no control character of a bad value', async () => {
    const { stdout } = await lbcheck(['rbl', '--zone', 'a\r\nSet-Cookie: x\u001b[2J'], {
      input: '\n',
    });
    const { body, fields } = parseResponse(stdout);
    expect(fields['set-cookie']).toBeUndefined();
    expect(body.split('\n')).toHaveLength(3);
    expect(body).not.toContain('\u001b');
  });
});
