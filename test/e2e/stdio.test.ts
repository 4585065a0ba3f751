import { execFile, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { environment, executable, lbcheck, parseResponse } from '../support/executable.ts';
import { directory, until } from '../support/programs.ts';
import { shellCheck } from '../support/serve.ts';
import { exchange } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const run = promisify(execFile);
let list: DnsServer;
let args: readonly string[];
let check: string;

beforeAll(async () => {
  list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  cleanUp(list.close);
  args = ['rbl', list.address, String(list.port), '--zone', 'list.example'];
  check = [executable, ...args].join(' ');
});

/** For a machine that is busy. */
const patiently = { timeout: 10_000 };

/** Runs a line of sh and returns all that it prints on stdout and stderr, and its exit code. */
async function sh(line: string): Promise<{ text: string; code: number }> {
  const ending = await run('sh', ['-c', line]).catch((error) => error);
  return { text: ending.stdout + ending.stderr, code: ending.code ?? 0 };
}

describe('stdin', () => {
  test.each([
    ['a pipe', "printf 'GET / HTTP/1.1\\r\\n\\r\\n' | CHECK"],
    ['a slow pipe', "{ sleep 0.3; printf 'GET / HTTP/1.1\\r\\n\\r\\n'; } | CHECK"],
    ['a request in two parts', "{ printf 'GET /'; sleep 0.3; printf ' HTTP/1.1\\n\\n'; } | CHECK"],
    ['a request without its blank line', "printf 'GET / HTTP/1.1' | CHECK"],
    ['a file', 'CHECK < FILES/request'],
    ['/dev/null, with --reply http', 'CHECK --reply http < /dev/null'],
  ])('may be %s: HTTP', async (_what, line) => {
    const files = await directory(cleanUp, { request: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' });
    const { text, code } = await sh(line.replace('CHECK', check).replaceAll('FILES', files));
    expect(parseResponse(text)).toMatchObject({ status: 200, body: /^RBL is running/ });
    expect(code).toBe(0);
  });

  test.each([
    ['/dev/null, as cron and HEALTHCHECK have it', 'CHECK < /dev/null'],
    ['closed', 'CHECK <&-'],
    ['an empty pipe', ': | CHECK'],
    ['a pipe that stays silent, as ssh -T and Ansible have it', 'sleep 3 | CHECK'],
    ['an empty file', 'CHECK < FILES/empty'],
    ['a file that cannot be read', 'CHECK 0> FILES/written'],
    ['a directory', 'CHECK < FILES'],
  ])('may be %s: one line of a plugin', async (_what, line) => {
    const files = await directory(cleanUp, { empty: '' });
    const { text, code } = await sh(line.replace('CHECK', check).replaceAll('FILES', files));
    expect({ text, code }).toEqual({ text: expect.stringMatching(/^RBL OK - .*\n$/), code: 0 });
  });

  test('may be a socket that is not stdout, as some programs start others: as a pipe', async () => {
    const { code, stdout, stderr } = await lbcheck(args, {});
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 0, stdout: expect.stringMatching(/^RBL OK - /), stderr: '' },
    });
  });

  test('may be a pipe or socket that stays open and silent: with --reply http 408 in time', async () => {
    const http = ['--reply', 'http', '--request-timeout', '0.3'];
    const { code, stdout, stderr } = await lbcheck([...args, ...http], {});
    expect(parseResponse(stdout).status).toBe(408);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const pipe = join(await directory(cleanUp), 'pipe');
    const piped = await sh(`mkfifo ${pipe}; ${check} ${http.join(' ')} <> ${pipe}`);
    expect(parseResponse(piped.text).status).toBe(408);
    expect(piped.code).toBe(1);
  });

  test.each([
    ['/dev/null', '', '< /dev/null'],
    ['a silent pipe', 'sleep 3 |', ''],
  ])(
    'may be %s: a typing error is UNKNOWN, and reported on stderr',
    async (_what, before, behind) => {
      const files = await directory(cleanUp);
      const { text, code } = await sh(`${before} ${check} --zones x ${behind} 2> ${files}/stderr`);
      expect(text).toMatch(/^RBL UNKNOWN - unknown option '--zones'.*\n$/);
      expect(code).toBe(3);
      expect(readFileSync(join(files, 'stderr'), 'utf8')).toMatch(
        /^lbcheck(-linux-x64)? rbl: unknown option '--zones'.*\nSee lbcheck(-linux-x64)? rbl --help\.\n$/s,
      );
    },
  );

  test('a typing error shows once where stdout and stderr are one', async () => {
    const together = await sh(`${check} --zones x < /dev/null 2>&1`);
    expect(together.text).toMatch(/^RBL UNKNOWN - [^\n]*\n$/);
    const typed = await sh(`script -qec '${check} --zones x' /dev/null`);
    expect(typed.text.match(/unknown option/g)).toHaveLength(1);
    expect(typed.text).toMatch(/See \S+ rbl --help\./);
  });

  test('may be a terminal: one line, unless HTTP is asked for', async () => {
    const plain = await sh(`script -qec '${check}' /dev/null`);
    expect(plain).toEqual({
      text: expect.stringMatching(/^RBL OK - list\.example: .* \| time=[\d.]+s;;;0;1\.5\r\n$/),
      code: 0,
    });
    const typed = "{ printf 'GET / HTTP/1.1\\n\\n'; sleep 1; }";
    const http = await sh(`${typed} | script -qec '${check} --reply http' /dev/null`);
    expect(http.text).toMatch(/HTTP\/1\.1 200 OK.*RBL is running\./s);
  });

  test('is left alone by a plugin', async () => {
    const { text } = await sh(`printf 'one\\ntwo\\n' | { ${check} --reply plugin; cat; }`);
    expect(text).toMatch(/^RBL OK - [^\n]+\none\ntwo\n$/);
  });
});

describe('stdout', () => {
  test.each([
    ['closed', 'CHECK < /dev/null >&-'],
    [
      'a pipe that nobody reads',
      '{ CHECK < /dev/null; echo $? > FILES/code; } | true; exit $(cat FILES/code)',
    ],
  ])('may be %s: the exit code still tells', async (_what, line) => {
    const files = await directory(cleanUp);
    const { text, code } = await sh(line.replace('CHECK', check).replaceAll('FILES', files));
    expect({ text, code }).toEqual({ text: '', code: 0 });
  });

  test.each([
    ['a check', 'rbl', 'CHECK'],
    ['a check over HTTP', 'rbl', 'CHECK --reply http'],
    ['metrics', 'rbl', 'CHECK --reply prometheus'],
    ['the version', '', 'EXECUTABLE --version'],
    ['the help', '', 'EXECUTABLE --help'],
    ['a test of a file of checks', 'serve', 'EXECUTABLE serve FILES/checks --test'],
  ])('may be a full disk: exit code 3, and a word on stderr, of %s', async (_what, probe, line) => {
    const files = await directory(cleanUp, { checks: shellCheck('fine', 'echo fine') });
    const command = line.replace('CHECK', check).replace('EXECUTABLE', executable);
    const { text, code } = await sh(`${command.replace('FILES', files)} < /dev/null > /dev/full`);
    const name = `lbcheck(-linux-x64)?${probe && ' '}${probe}`;
    expect(text).toMatch(new RegExp(`^${name}: the answer cannot be written: .*ENOSPC.*\\n$`));
    expect(code).toBe(3);
  });

  test('may be a disk with room for a part: exit code 3', async () => {
    const files = await directory(cleanUp);
    const plugin = `echo "fine | $(seq -s " " -f "m%g=1" 500)"`;
    const lines = [
      `mount -t tmpfs -o size=4k none ${files}`,
      `${executable} exec --reply prometheus -- sh -c '${plugin}' > ${files}/metrics < /dev/null`,
    ];
    const { text, code } = await run('unshare', ['--mount', 'sh', '-c', lines.join(' && ')]).then(
      ({ stderr }) => ({ text: stderr, code: 0 }),
      (error) => ({ text: error.stderr, code: error.code }),
    );
    expect(text).toMatch('the answer cannot be written: ENOSPC');
    expect(code).toBe(3);
  });

  test('may be a full pipe that does not block: the answer waits for its reader', async () => {
    const { fd, filled } = await fullPipe();
    // Behind fd 3, since a child's fds 0 to 2 are made to block.
    const child = spawn('sh', ['-c', `exec ${check} --reply http < /dev/null >&3`], {
      stdio: ['ignore', 'ignore', 'ignore', fd],
    });
    const ended = new Promise((exit) => child.on('exit', exit));
    await expect.poll(() => list.queries.length, patiently).toBeGreaterThan(0);
    let text = '';
    const more = Buffer.alloc(65536);
    await expect
      .poll(() => {
        try {
          text += more.toString('latin1', 0, readSync(fd, more));
        } catch {
          // Empty for now.
        }
        return text;
      }, patiently)
      .toMatch(/as 127\.0\.0\.2\n$/);
    expect(parseResponse(text.slice(filled)).status).toBe(200);
    expect(await ended).toBe(0);
  });

  test('may be a full pipe whose reader takes nothing for 5 s: exit code 3, and a word', async () => {
    const { path } = await fullPipe();
    const start = performance.now();
    const { text, code } = await sh(`${check} --reply http < /dev/null > ${path}`);
    expect(text).toMatch(
      /: the answer cannot be written: .*the reader has taken nothing for 5 s\n$/,
    );
    expect(code).toBe(3);
    expect(performance.now() - start).toBeGreaterThan(4900);
  });

  test('may be a full pipe that is read while lbcheck is stopped for longer', async () => {
    const { path, fd, filled } = await fullPipe();
    const child = spawn('sh', ['-c', `exec ${check} --reply http < /dev/null > ${path}`]);
    cleanUp(() => void child.kill('SIGKILL'));
    const ended = new Promise((exit) => child.on('exit', exit));
    // Beside stdout it has the pipe open a second time when it writes.
    const descriptors = `/proc/${child.pid}/fd`;
    const isPipe = (name: string) => {
      try {
        return readlinkSync(`${descriptors}/${name}`) === path;
      } catch {
        // Closed by now.
        return false;
      }
    };
    await until('it writes', async () => readdirSync(descriptors).filter(isPipe).length === 2);
    child.kill('SIGSTOP');
    await new Promise((over) => setTimeout(over, 5500));
    readSync(fd, Buffer.alloc(filled));
    child.kill('SIGCONT');
    expect(await ended).toBe(0);
    const answer = Buffer.alloc(65536);
    expect(answer.toString('latin1', 0, readSync(fd, answer))).toMatch(/as 127\.0\.0\.2\n$/);
  });
});

/** A pipe that has room for nothing more, and is open for reading. */
async function fullPipe() {
  const path = join(await directory(cleanUp), 'pipe');
  await run('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  cleanUp(() => closeSync(fd));
  let filled = 0;
  for (;;) {
    try {
      filled += writeSync(fd, 'x'.repeat(4096));
    } catch {
      return { path, fd, filled };
    }
  }
}

describe('a client on a socket, as inetd hands it over', () => {
  test('is answered there', async () => {
    const { text, error } = await exchange(await inetd(args), ['GET / HTTP/1.1\r\n\r\n']);
    expect(error).toBeUndefined();
    expect(parseResponse(text).status).toBe(200);
  });

  test('that floods it costs no memory and gets its answer', async () => {
    const peaks: number[] = [];
    const port = await inetd(args, (pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peaks.push(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
    });
    const flood = Array.from({ length: 200 }, () => Buffer.alloc(500_000, 'x'));
    const { text } = await exchange(port, flood);
    expect(parseResponse(text).status).toBe(431);
    expect(Math.max(...peaks)).toBeGreaterThan(10_000);
    expect(Math.max(...peaks)).toBeLessThan(120_000);
  });
});

/** Runs the executable for each connection to a port, with the socket as its fds 0, 1 and 2. */
async function inetd(
  check: readonly string[],
  watch: (pid: number) => void = () => {},
): Promise<number> {
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn(executable, check, { stdio: [socket, socket, socket], env: environment });
    const watching = setInterval(() => child.exitCode === null && watch(child.pid ?? 0), 5);
    child.on('exit', () => clearInterval(watching));
    socket.destroy();
  });
  cleanUp(() => new Promise((closed) => server.close(() => closed())));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
