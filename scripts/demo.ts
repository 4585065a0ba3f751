import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDnsServer } from '../test/support/dns-server.ts';
import { listResponder, testEntries } from '../test/support/dnsbl.ts';
import { freePort } from '../test/support/programs.ts';

const zone = 'dnsbl.example';
const maxAge = 2;
const now = () => Math.floor(Date.now() / 1000);

/** Shows an RBL that answers although its sync is dead. Throws if an answer is not the expected one. */
async function demo(): Promise<void> {
  let syncedAt: number | undefined;
  const serial = () => syncedAt ?? now();
  const list = await startDnsServer(listResponder({ zone, entries: testEntries, serial }));
  const check = `dist/lbcheck rbl ${list.address} ${list.port} --zone ${zone} --max-age ${maxAge}s`;
  try {
    tell(
      `A DNS blocklist for ${zone} now runs on ${list.address}:${list.port}. Its data is synced all the time.`,
    );
    tell(
      'A load balancer asks for its health over HTTP. xinetd would pass the request on like this:',
    );
    await ask(check, 'HTTP/1.1 200 OK');

    tell(
      'Now its sync dies. It still answers every query, so a TCP check or a ping sees no fault.',
    );
    syncedAt = now();
    while (now() <= syncedAt + maxAge) await new Promise((later) => setTimeout(later, 100));
    tell(`${maxAge} seconds later the same request gets:`);
    await ask(check, 'HTTP/1.1 503 Service Unavailable');
    if (process.argv.includes('--keep') && process.stdin.isTTY) {
      syncedAt = undefined;
      await keepPage(`${list.address} ${list.port} --zone ${zone} --max-age ${maxAge}s`);
    }
  } finally {
    await list.close();
  }
  tell(
    'This is the end of the demo. The blocklist server has stopped, and nothing is left running.',
  );
}

/** Serves the page of `lbcheck serve` until the user presses Ctrl-C. */
async function keepPage(target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lbcheck-demo-'));
  const file = join(folder, 'checks');
  await writeFile(file, `dnsbl rbl ${target}\ndead tls 127.0.0.1 ${await freePort()}\n`);
  const port = await freePort();
  const args = ['serve', file, '--listen', `127.0.0.1:${port}`];
  const server = spawn('dist/lbcheck', args, { stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve()).once('error', () => resolve());
  });
  process.once('SIGINT', () => server.kill('SIGTERM'));
  tell(`The list is synced again. Its page: http://127.0.0.1:${port}/ (Ctrl-C ends it)`);
  await ended.finally(() => rm(folder, { recursive: true }));
}

async function ask(check: string, statusLine: string): Promise<void> {
  const command = `printf 'GET / HTTP/1.1\\r\\n\\r\\n' | ${check}`;
  console.log(`    $ ${command}`);
  // The exit code is 1 with a 503.
  const { stdout } = await promisify(execFile)('sh', ['-c', command]).catch((error) => error);
  console.log(stdout.replaceAll('\r', '').replace(/^(?=.)/gm, '    '));
  if (!stdout.startsWith(statusLine)) throw new Error(`the demo expected ${statusLine}`);
}

function tell(line: string): void {
  console.log(`==> ${line}`);
}

demo().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
