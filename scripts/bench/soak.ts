import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How many answers each executable gives, unless the first argument is another number. */
const checks = Number(process.argv[2] ?? 1_000_000);

const executables = ['dist/lbcheck', 'dist/lbcheck-linux-x64'];

/** Where it is measured, as parts of all checks. */
const measuredAt = [0.1, 0.5, 1];

interface Usage {
  readonly megabytes: number;
  readonly descriptors: number;
}

function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  return { megabytes, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Makes so many checks with wrk, 32 clients at a time; returns how many answers were no 200. */
async function ask(port: number, many: number): Promise<{ made: number; errors: number }> {
  let made = 0;
  let errors = 0;
  while (made < many) {
    const load = ['--threads', '1', '--connections', '32', '--duration', '5s'];
    const url = `http://127.0.0.1:${port}/`;
    const { stdout } = await run('wrk', [...load, '--header', 'Connection: close', url]);
    made += Number(/^ *(\d+) requests in /m.exec(stdout)?.[1] ?? Number.NaN);
    errors += Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
    const [, ...counts] =
      /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout) ?? [];
    errors += counts.map(Number).reduce((sum, count) => sum + count, 0);
  }
  return { made, errors };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Lets one executable check a server that answers without TLS, and prints what that costs. */
async function soak(executable: string): Promise<void> {
  const target = createServer(
    (socket) =>
      void socket
        .on('error', () => {})
        .resume()
        .end('x'),
  );
  await new Promise<void>((listening) => target.listen(0, '127.0.0.1', listening));
  const bound = target.address();
  const targetPort = String(typeof bound === 'object' ? bound?.port : '');
  const port = await freePort();
  const args = ['tls', '127.0.0.1', targetPort, '--listen', `127.0.0.1:${port}`];
  const resident = spawn(executable, args, { stdio: 'ignore' });
  const { pid = 0 } = resident;
  try {
    await new Promise((started) => setTimeout(started, 1000));
    print(executable, 0, 0, usageOf(pid));
    let made = 0;
    let errors = 0;
    for (const part of measuredAt) {
      const more = await ask(port, checks * part - made);
      made += more.made;
      errors += more.errors;
      print(executable, made, errors, usageOf(pid));
    }
  } finally {
    resident.kill();
    target.close();
  }
}

function print(executable: string, made: number, errors: number, usage: Usage): void {
  const size = `${usage.megabytes.toFixed(1)} MB, ${usage.descriptors} descriptors`;
  console.log(`${executable}: ${made} answers, ${errors} errors, ${size}`);
}

async function main(): Promise<void> {
  for (const executable of executables) await soak(executable);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
