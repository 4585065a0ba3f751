import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startHaproxy } from '../support/haproxy.ts';
import { freePort } from '../support/programs.ts';
import { startPostfix } from '../support/syn-postfix.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import { startNginx } from '../support/tls-nginx.ts';
import { openPeer } from '../support/tls-peers.ts';
import { ask } from '../support/tls-plugin.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;
let nginx: Awaited<ReturnType<typeof startNginx>>;
let haproxy: { address: string; port: number; rejected: () => Promise<number> };

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
  nginx = await startNginx(cleanUp, certificates.server);
  const port = await freePort();
  const pem = join(certificates.directory, 'haproxy.pem');
  const { cert, key } = certificates.server;
  writeFileSync(pem, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
  const { state } = await startHaproxy(
    cleanUp,
    `frontend tls
        mode http
        bind 127.0.0.1:${port} accept-proxy ssl crt ${pem} alpn h2,http/1.1`,
  );
  const rejected = async () => Number((await state('tls/FRONTEND')).ereq);
  haproxy = { address: '127.0.0.1', port, rejected };
});

describe.each(['1', '2'])('the header of version %s', (version) => {
  const args = ['--require', 'handshake', '--proxy-protocol', version];

  test('is what nginx asks for', async () => {
    const before = (await nginx.log()).length;
    expect(await ask(nginx, ...args)).toMatchObject({ code: 0 });
    await new Promise((soon) => setTimeout(soon, 100));
    expect((await nginx.log()).slice(before)).not.toMatch(/broken header|SSL_do_handshake/);
  });

  test('is what HAProxy asks for', async () => {
    expect(await ask(haproxy, ...args, '--alpn', 'h2')).toEqual({
      code: 0,
      summary: expect.stringMatching(/handshake completed with \S+ for h2$/),
    });
  });

  test('comes before the greeting of a protocol', async () => {
    const { server } = certificates;
    const postfix = await startPostfix(cleanUp, [
      ...[`smtpd_tls_cert_file=${server.cert}`, `smtpd_tls_key_file=${server.key}`],
      ...['smtpd_tls_security_level=may', 'smtpd_upstream_proxy_protocol=haproxy'],
    ]);
    const there = { address: '127.0.0.1', port: postfix.port };
    expect(await ask(there, ...args, '--starttls', 'smtp')).toMatchObject({ code: 0 });
  });
});

test('without its header nginx logs a broken one', async () => {
  await ask(nginx);
  await expect.poll(nginx.log, { timeout: 5000 }).toMatch(/broken header/);
});

describe('the header', () => {
  test.each<[string, RegExp]>([
    ['1', /^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ (\d+)\r\n\x16\x03/],
    ['2', /^\r\n\r\n\0\r\nQUIT\n\x20\0\0\0\x16\x03/],
  ])(
    'of version %s stands before the ClientHello, and tells whose connection it is',
    async (version, bytes) => {
      const peer = await openPeer((socket) => socket.once('data', () => socket.end()));
      await ask(peer, '--proxy-protocol', version);
      const received = peer.connections[0]?.received.toString('latin1') ?? '';
      expect(received).toMatch(bytes);
      const [, port = String(peer.port)] = bytes.exec(received) ?? [];
      expect(port).toBe(String(peer.port));
    },
  );
});

describe('ALPN', () => {
  const args = ['--proxy-protocol', '2', '--alpn'];

  test.each([
    ['h2,http/1.1', ' for h2'],
    ['http/1.1', ' for http/1\\.1'],
  ])('offers %s, and tells what was chosen', async (names, chosen) => {
    const { code, summary } = await ask(haproxy, ...args, names);
    expect(summary).toMatch(new RegExp(`handshake completed with \\S+${chosen}$`));
    expect(code).toBe(0);
  });

  test('that a server does not know is an alert, or no choice', async () => {
    const { summary } = await ask(haproxy, ...args, 'smb,h3');
    expect(summary).toMatch(
      /handshake completed with \S+; none of smb, h3 was chosen$|no application protocol/,
    );
  });
});
