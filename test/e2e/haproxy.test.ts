import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { directory, freePort, start } from '../support/programs.ts';
import { startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { startXinetd } from '../support/xinetd.ts';

/** One server's line of "show stat" (HAProxy management guide, section 9.1). */
async function serverState(socket: string) {
  const client = connect({ path: socket, allowHalfOpen: true });
  client.end('show stat\n');
  const lines = (await text(client)).split('\n').map((line) => line.split(','));
  const [names = []] = lines;
  const values = lines.find(([proxy, server]) => proxy === 'dnsbl' && server === 'list') ?? [];
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

test("HAProxy's option httpchk sees the server up, and down with its list server", async ({
  onTestFinished,
}) => {
  const list = await startRbldnsd(onTestFinished, { 'good.example': zoneFiles.good });
  const words = `rbl 127.0.0.1 ${list.port} --zone good.example --timeout 0.5`;
  const xinetd = await startXinetd(onTestFinished, words);
  const files = await directory(onTestFinished);
  const socket = join(files, 'stats');
  const configuration = await directory(onTestFinished, {
    'haproxy.cfg': `
global
    stats socket ${socket} mode 600 level user
defaults
    mode tcp
    timeout connect 1s
    timeout client 10s
    timeout server 10s
listen dnsbl
    bind 127.0.0.1:${await freePort()}
    option httpchk
    server list 127.0.0.1:${list.port} check port ${xinetd.port} inter 2s fastinter 200ms downinter 200ms fall 1 rise 1
`,
  });
  await start(onTestFinished, 'haproxy', ['-db', '-f', join(configuration, 'haproxy.cfg')]);
  const state = () => serverState(socket).catch(() => ({}));
  const soon = { timeout: 15_000 };

  await expect
    .poll(state, soon)
    .toMatchObject({ status: 'UP', check_status: 'L7OK', check_code: '200' });
  process.kill(list.pid, 'SIGSTOP');
  await expect
    .poll(state, soon)
    .toMatchObject({ status: 'DOWN', check_status: 'L7STS', check_code: '503' });
  process.kill(list.pid, 'SIGCONT');
  await expect.poll(state, soon).toMatchObject({ status: 'UP', check_status: 'L7OK' });
});
