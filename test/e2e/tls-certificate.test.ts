import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { environment, lbcheck } from '../support/executable.ts';
import { replaceGetent } from '../support/getent.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import { openNodeTls } from '../support/tls-peers.ts';
import { ask } from '../support/tls-plugin.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
});

describe('the certificate of a server', () => {
  test.each<[string, 'server' | 'selfSigned' | 'expired', readonly string[], number, RegExp]>([
    ['is not verified by default', 'expired', [], 0, /completed with [A-Z0-9_]+$/],
    [
      'does not verify when it is its own',
      'selfSigned',
      ['--verify'],
      2,
      /verify: self\.test is its own issuer, and not in the system's store; .* \(DEPTH_ZERO_SELF/,
    ],
    [
      'does not verify by an unknown authority',
      'server',
      ['--verify'],
      2,
      /does not verify: server\.test is issued under authority\.test, .* \(SELF_SIGNED_CERT_IN_CHAIN\)$/,
    ],
    ['verifies by its authority', 'server', ['--verify', '--ca', 'CA'], 0, /completed with \S+$/],
    ['does not verify by another', 'selfSigned', ['--verify', '--ca', 'CA'], 2, /does not verify/],
    [
      'does not verify for another name',
      'server',
      ['--verify', '--ca', 'CA', '--servername', 'other.test'],
      2,
      /does not verify: it is not for other\.test, only for server\.test, .* \(ERR_TLS_CERT_ALTNAME_INVALID\)$/,
    ],
    [
      'has days enough left',
      'selfSigned',
      ['--cert-days', '9,3'],
      0,
      /self\.test expires on .* in 9 days$/,
    ],
    [
      'has few days left',
      'selfSigned',
      ['--cert-days', '11,3'],
      1,
      /of self\.test expires on [0-9-]{10}, in 9 days$/,
    ],
    ['has too few days left', 'selfSigned', ['--cert-days', '20,11'], 2, /in 9 days$/],
    ['has expired', 'expired', ['--cert-days', '1'], 2, /of expired\.test expired on DAY$/],
  ])('%s', async (_what, name, args, code, summary) => {
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const there = args.map((word) => (word === 'CA' ? certificates.authority.cert : word));
    const outcome = await ask(await openNodeTls(certificates[name]), ...there);
    expect(outcome.code).toBe(code);
    expect(outcome.summary).toMatch(new RegExp(summary.source.replace('DAY', day)));
  });
});

describe('the server name', () => {
  test('is the host when that is a name, looked up once', async () => {
    replaceGetent('echo "127.0.0.1  STREAM"');
    const env = { ...environment, PATH: process.env.PATH ?? '' };
    const server = await openNodeTls(certificates.server);
    const args = ['--verify', '--ca', certificates.authority.cert, '--reply', 'plugin'];
    const command = ['tls', 'server.test.', String(server.port), ...args];
    const { stdout, stderr } = await lbcheck(command, { input: '', env });
    expect(stdout).toMatch(/^TLS OK - TLSv1\.3 handshake completed/);
    expect(stderr).toBe('');
    await expect.poll(() => server.servernames).toEqual(['server.test']);
  });

  test('is not set when the host is an address, and no warning is printed', async () => {
    const server = await openNodeTls(certificates.server);
    expect(await ask(server)).toMatchObject({ code: 0 });
    await expect.poll(() => server.servernames).toEqual([false]);
  });
});
