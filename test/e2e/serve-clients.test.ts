import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { executable, lbcheck } from '../support/executable.ts';
import { startHaproxy } from '../support/haproxy.ts';
import { adapted, shownBlock } from '../support/pages.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { ask, get } from '../support/resident.ts';
import { shellCheck, startServe } from '../support/serve.ts';
import { isListening, startXinetd } from '../support/xinetd.ts';

describe('HAProxy', () => {
  test('has its agent answer for two servers by their names', async () => {
    const files = await directory(onTestFinished);
    const flag = join(files, 'down');
    const serve = await startServe(
      onTestFinished,
      shellCheck('license', `test ! -e ${flag} || { echo gone; exit 2; }; echo fine`) +
        shellCheck('dnsbl', 'echo fine'),
      ['--reply', 'haproxy'],
    );
    const target = await freePort();
    const backend = adapted(shownBlock('haproxy agent-send'), {
      '192.0.2.7:27000': `127.0.0.1:${target}`,
      '192.0.2.7:53': `127.0.0.1:${target}`,
      'agent-port 8087': `agent-port ${serve.port} agent-inter 200ms`,
      // The agent alone decides: nothing listens behind it.
      ' check ': ' ',
    });
    const haproxy = await startHaproxy(onTestFinished, backend);
    // A star marks a check that is under way.
    const status = async (name: string) =>
      String((await haproxy.state(`mixed/${name}`)).agent_status).replace('* ', '');
    await until(
      'both are up',
      async () => (await status('license')) === 'L7OK' && (await status('list')) === 'L7OK',
    );
    await start(onTestFinished, 'touch', [flag]);
    await until('license is down', async () => (await status('license')) === 'L7STS');
    expect((await haproxy.state('mixed/license')).status).toMatch(/^DOWN/);
    expect(await status('list')).toBe('L7OK');
  });

  test('is told of a name that is none', async () => {
    const text = shellCheck('dnsbl', 'echo fine');
    const path = join(await directory(onTestFinished, { checks: text }), 'checks');
    const askAgent = (input: string) => lbcheck(['serve', path, '--reply', 'haproxy'], { input });
    expect((await askAgent('dnsbl\n')).stdout).toBe('up ready\n');
    expect((await askAgent('nothing\n')).stdout).toBe(
      "down #There is no check 'nothing'. There is: dnsbl.\n",
    );
    // Without a name all checks are asked.
    expect((await askAgent('')).stdout).toBe('up ready\n');
  });
});

describe('xinetd', () => {
  test('serves one client a process', async () => {
    const text = shellCheck('a', 'echo fine') + shellCheck('b', 'echo gone; exit 2');
    const path = join(await directory(onTestFinished, { checks: text }), 'checks');
    const { port } = await startXinetd(onTestFinished, `serve ${path}`);
    expect((await ask(port, 'GET /a HTTP/1.1\r\n\r\n')).status).toBe(200);
    expect((await ask(port, 'GET /b HTTP/1.1\r\n\r\n')).status).toBe(503);
    expect((await ask(port, 'GET /c HTTP/1.1\r\n\r\n')).status).toBe(404);
    expect((await ask(port, get)).body).toContain('1 of 2 checks are not ok: b critical: gone');
  });

  test('serves all in one process by the shipped service', async () => {
    const text = shellCheck('a', 'echo fine') + shellCheck('b', 'echo gone; exit 2');
    const path = join(await directory(onTestFinished, { checks: text }), 'checks');
    const args = `serve ${path} --listen inetd --idle-exit 60`;
    const { port } = await startXinetd(onTestFinished, args, {}, 'lbcheck');
    expect((await ask(port, 'GET /a HTTP/1.1\r\n\r\n')).status).toBe(200);
    expect((await ask(port, 'GET /b HTTP/1.1\r\n\r\n')).status).toBe(503);
  });
});

/**
 * A mount namespace with its own /dev, for the socket of its own syslog daemon. All processes in it end
 * with the first one.
 */
const withSyslog = `
devices=$(mktemp -d) && mount --rbind /dev "$devices" && mount -t tmpfs -o mode=755 tmpfs /dev &&
for name in null zero random urandom tty; do
  touch /dev/$name && mount --bind "$devices/$name" /dev/$name || exit
done
ln -s /proc/self/fd /dev/fd
busybox syslogd -n -O "$1" &
until test -S /dev/log; do sleep 0.02; done
shift
exec systemd-socket-activate --inetd "$@"`;

test('under inetd the log goes to syslog', async () => {
  const files = await directory(onTestFinished, { checks: shellCheck('a', 'echo fine') });
  const [log, port] = [join(files, 'syslog'), await freePort()];
  await start(onTestFinished, 'unshare', [
    ...[
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-ec',
      withSyslog,
      'sh',
    ],
    ...[log, '-l', `127.0.0.1:${port}`, '-E', 'PATH', executable],
    ...['serve', join(files, 'checks'), '--listen', 'inetd', '--log-format', 'text'],
  ]);
  await until('it listens', () => isListening(port));
  expect((await ask(port, 'GET /a HTTP/1.1\r\n\r\n')).status).toBe(200);
  const lines = async () => readFile(log, 'utf8').catch(() => '');
  await until('syslog has both lines', async () => (await lines()).includes('a ok: fine'));
  expect(await lines()).toMatch(/daemon\.notice lbcheck: listening on 127\.0\.0\.1:\d+, lbcheck /);
});
