import { connect } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbcheck } from '../support/executable.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import { openRelay } from '../support/tls-peers.ts';
import { greet, lines, type OpensslServer, startOpenssl } from '../support/tls-server.ts';

const check = (port: number, ...args: readonly string[]) =>
  lbcheck(['tls', '127.0.0.1', String(port), '--reply', 'plugin', ...args]);

describe.each(['-tls1_2', '-tls1_3'])('a server of one thread that blocks, %s', (version) => {
  let certificates: Certificates;
  let server: OpensslServer;

  beforeEach(async ({ onTestFinished }) => {
    certificates = await makeCertificates(onTestFinished);
    server = await startOpenssl(onTestFinished, certificates.selfSigned, version);
  });

  test('completes five checks in a row and serves a real client right after', async () => {
    const relay = await openRelay(server);
    for (let count = 0; count < 5; count += 1) {
      const { stdout, code } = await check(relay.port, '--require', 'handshake', '-t', '10');
      expect(stdout).toMatch(/^TLS OK/);
      expect(code).toBe(0);
    }
    expect(await greet(server)).toBe('olleh');
    expect(server.count(lines.established)).toBe(6);
    expect(server.count(lines.failed)).toBe(0);
    expect(relay.connections.map(({ ended }) => ended)).toEqual(Array(5).fill('FIN'));
    // Each check had the server to itself for a moment, not until its deadline.
    for (const { seconds } of relay.connections) expect(seconds).toBeLessThan(2);
  });

  test('is seen when a silent peer blocks it, and recovers when that leaves', async () => {
    const silent = connect({ host: '127.0.0.1', port: server.port });
    await new Promise((connected) => silent.once('connect', connected));
    await expect.poll(() => server.output()).toMatch('before SSL initialization');

    const start = performance.now();
    const blocked = await check(server.port, '-t', '2');
    expect(blocked.stdout).toMatch(
      `TLS CRITICAL - 127.0.0.1:${server.port} accepts TCP but does not answer TLS: blocked`,
    );
    expect(blocked.code).toBe(2);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(await check(server.port, '-t', '2', '--require', 'connect')).toMatchObject({
      code: 0,
    });
    expect(server.count(lines.established)).toBe(0);

    silent.destroy();
    const left = performance.now();
    expect(await greet(server)).toBe('olleh');
    // Our two attempts stood before this client, and held it up for no deadline of theirs.
    expect(performance.now() - left).toBeLessThan(5000);
    expect(server.count(lines.failed)).toBeGreaterThanOrEqual(1);
    expect(await check(server.port, '--require', 'handshake')).toMatchObject({ code: 0 });
  });
});
