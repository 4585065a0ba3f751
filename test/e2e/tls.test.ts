import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { executable, isNative, lbcheck, parseResponse } from '../support/executable.ts';
import { saying } from '../support/tls-behaviours.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import { openNodeTls, openPeer } from '../support/tls-peers.ts';
import { ask } from '../support/tls-plugin.ts';
import { lines, type OpensslServer, startOpenssl } from '../support/tls-server.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
});

/** The exit codes under each requirement, from the least to the most. */
async function codes(target: OpensslServer, ...args: readonly string[]) {
  const requirements = ['connect', 'answer', 'handshake'];
  const asked = requirements.map((one) => ask(target, '--require', one, ...args));
  return (await Promise.all(asked)).map(({ code }) => code);
}

describe('a real server completes the handshake', () => {
  test.each<[string, 'old' | 'selfSigned', readonly string[], string]>([
    ['of TLS 1.0', 'old', ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'], 'TLSv1 handshake'],
    ['of TLS 1.1', 'old', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], 'TLSv1.1 handshake'],
    ['of TLS 1.2', 'selfSigned', ['-tls1_2'], 'TLSv1.2 handshake'],
    ['of TLS 1.3', 'selfSigned', ['-tls1_3'], 'TLSv1.3 handshake completed with TLS_AES_'],
  ])('%s', async (_what, credentials, args, summary) => {
    const server = await startOpenssl(cleanUp, certificates[credentials], ...args);
    expect(await ask(server, '--require', 'handshake')).toEqual({
      code: 0,
      summary: expect.stringContaining(summary),
    });
    await expect.poll(() => server.count(lines.closed)).toBe(1);
    expect(server.count(lines.closeNotify)).toBe(1);
  });

  test('though it does not know the server name, and warns of it', async () => {
    const { server, selfSigned } = certificates;
    const named = ['-servername', 'self.test', '-cert2', selfSigned.cert, '-key2', selfSigned.key];
    const there = await startOpenssl(cleanUp, server, '-tls1_2', '-tlsextdebug', ...named);
    const args = ['--require', 'handshake', '--servername', 'other.test'];
    expect(await ask(there, ...args)).toMatchObject({ code: 0 });
    expect(there.output()).toMatch('.....other.test\n');
    expect(there.output()).toMatch('warning:unrecognized name');
  });
});

describe('a server whose only cipher OpenSSL has and BoringSSL has not', () => {
  test.each<[string, 'old' | 'selfSigned', readonly string[], string]>([
    [
      // For an RSA 1024 key s_server takes 1024 bits; OpenSSL itself has no fewer.
      'with weak Diffie-Hellman parameters',
      'old',
      ['-tls1_2', '-cipher', 'DHE:@SECLEVEL=0'],
      'TLSv1.2 handshake completed with DHE-RSA-',
    ],
    [
      'with a cipher that encrypts nothing',
      'selfSigned',
      ['-tls1_2', '-cipher', 'NULL:@SECLEVEL=0'],
      'NULL-SHA',
    ],
    [
      'with a key exchange that is anonymous',
      'selfSigned',
      ['-tls1_2', '-cipher', 'ADH:@SECLEVEL=0'],
      'handshake completed with ADH-',
    ],
  ])('%s', async (_what, credentials, args, summary) => {
    const server = await startOpenssl(cleanUp, certificates[credentials], ...args);
    const refused = 'answers with the TLS alert handshake failure';
    expect(await ask(server, '--require', 'handshake')).toEqual({
      code: isNative ? 2 : 0,
      summary: expect.stringContaining(isNative ? refused : summary),
    });
    expect(await ask(server, '--require', 'answer')).toMatchObject({ code: 0 });
    const ends = isNative ? [lines.failed] : [lines.closeNotify, lines.closed];
    for (const line of ends) await expect.poll(() => server.count(line)).toBe(2);
  });
});

test('a server that never closes does not have to be waited for', async () => {
  const server = await openNodeTls(certificates.selfSigned, { allowHalfOpen: true });
  const start = performance.now();
  expect(await ask(server, '--require', 'handshake', '-t', '20')).toMatchObject({ code: 0 });
  expect(performance.now() - start).toBeLessThan(10_000);
});

describe.each(['1_2', '1_3'])('a server of TLS %s that demands a client certificate', (version) => {
  const startIt = () => {
    const { server, authority } = certificates;
    const args = ['-Verify', '1', '-verify_return_error', '-CAfile', authority.cert];
    return startOpenssl(cleanUp, server, `-tls${version}`, ...args);
  };

  test('answers, and its handshake fails without one', async () => {
    const server = await startIt();
    expect(await codes(server)).toEqual([0, 0, 2]);
    const { summary } = await ask(server);
    expect(summary).toMatch(/answers with the TLS alert (handshake failure|certificate required)/);
    await expect.poll(() => server.count(lines.failed)).toBe(4);
  });

  test('completes it with the right one', async () => {
    const { cert, key } = certificates.client;
    expect(await codes(await startIt(), '--cert', cert, '--key', key)).toEqual([0, 0, 0]);
    // As an editor of Windows writes them: with a byte order mark and CRLF.
    await certificates.make(`
      for file in client.pem client.key; do
        { printf '\\357\\273\\277'; sed 's/$/\\r/' $file; } >windows-$file
      done`);
    const inWindows = (file: string) => join(dirname(file), `windows-${basename(file)}`);
    const windows = ['--cert', inWindows(cert), '--key', inWindows(key)];
    expect(await codes(await startIt(), ...windows)).toEqual([0, 0, 0]);
  });

  test('answers, and its handshake fails with a wrong one', async () => {
    const { cert, key } = certificates.selfSigned;
    expect(await codes(await startIt(), '--cert', cert, '--key', key)).toEqual([0, 0, 2]);
  });
});

describe('a file that cannot be used is unknown, and nobody is asked', () => {
  test.each([
    ['a certificate that is missing', ['--cert', 'missing', '--key', 'client.key'], 'missing'],
    ['a key that is missing', ['--cert', 'client.pem', '--key', 'missing'], 'missing'],
    ['an authority that is missing', ['--verify', '--ca', 'missing'], 'missing'],
    ['a directory', ['--cert', '.', '--key', 'client.key'], '.'],
    ['no PEM', ['--cert', 'client.ext', '--key', 'client.key'], 'client.ext'],
    ['an encrypted key', ['--cert', 'client.pem', '--key', 'encrypted.key'], 'encrypted.key'],
    ['a key that does not fit', ['--cert', 'client.pem', '--key', 'server.key'], 'server.key'],
  ])('%s', async (_what, args, named) => {
    const peer = await openPeer((socket) => socket.end());
    const start = { input: 'GET / HTTP/1.1\r\n\r\n', cwd: certificates.directory };
    const command = ['tls', peer.address, String(peer.port), ...args];
    const plugin = await lbcheck([...command, '--reply', 'plugin'], start);
    expect(plugin.stdout).toMatch(/^TLS UNKNOWN - [^\n]+\n$/);
    expect(plugin.stdout).toContain(`'${named}'`);
    expect(plugin).toMatchObject({ code: 3, stderr: '' });
    const http = await lbcheck(command, start);
    const { status, body } = parseResponse(http.stdout);
    expect(body).toContain(`'${named}'`);
    expect({ status, code: http.code, stderr: http.stderr }).toEqual({
      ...{ status: 503, code: 1, stderr: '' },
    });
    expect(peer.connections).toEqual([]);
  });
});

test('what a server says is shown cleaned: no control characters, no bar', async () => {
  const peer = await openPeer(saying('220 a|b\r\n\u001b[2J\u0000\u0085x=1;\r\n'));
  const args = ['tls', peer.address, String(peer.port), '--reply', 'plugin', '-t', '5'];
  const { code, stdout } = await lbcheck(args);
  expect(stdout).toMatch(
    /^TLS OK - [^\n\u0000-\u001f\u007f-\u009f|]*"220 a[^\n|]*(?: \|[^|\n]*)?\n$/,
  );
  expect(code).toBe(0);
});

test('a server whose machine is silent is critical whatever is required', async () => {
  const line = `
    ip link add dead0 type veth peer name dead1
    ip addr add 192.0.2.1/24 dev dead0
    ip link set dead0 up
    ip link set dead1 up
    for requirement in connect answer handshake; do
      ${executable} tls 192.0.2.9 443 -t 2 --reply plugin --require $requirement || echo $?
    done`;
  const args = ['--map-root-user', '--net', 'sh', '-ec', line];
  const { stdout } = await lbcheck(args, { command: 'unshare', input: '' });
  const said = 'TLS CRITICAL - no connection to 192.0.2.9:443 before the deadline';
  expect(stdout).toMatch(new RegExp(`^(${said}[^\\n]*\\n2\\n){3}$`));
});
