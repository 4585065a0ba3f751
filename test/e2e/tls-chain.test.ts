import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { environment, lbcheck } from '../support/executable.ts';
import { type Chains, makeChains } from '../support/tls-chains.ts';
import { openPeer } from '../support/tls-peers.ts';
import { ask } from '../support/tls-plugin.ts';
import { type OpensslServer, startOpenssl } from '../support/tls-server.ts';

const cleanUp = afterThisFile();
let chains: Chains;

beforeAll(async () => {
  chains = await makeChains(cleanUp);
});

/** A server that shows a certificate and a file of others. */
function show(certificate: string, others: string | undefined, ...args: readonly string[]) {
  const credentials = {
    cert: chains.file(`${certificate}.pem`),
    key: chains.file(`${certificate}.key`),
  };
  const chain = others === undefined ? [] : ['-cert_chain', chains.file(`${others}.pem`)];
  return startOpenssl(cleanUp, credentials, ...chain, ...args);
}

const trusted = () => ['--verify', '--ca', chains.file('root.pem')];

describe.each(['-tls1_2', '-tls1_3'])('a server of TLS %s', (version) => {
  describe.each([
    ['that lets anybody in', []],
    ['that demands a client certificate', ['-Verify', '1', '-verify_return_error']],
  ])('%s', (_who, demand) => {
    let servers: Record<'cross' | 'stray' | 'future' | 'alone' | 'client', OpensslServer>;

    beforeAll(async () => {
      servers = {
        cross: await show('leaf', 'shown-cross', version, ...demand),
        stray: await show('leaf', 'shown-stray', version, ...demand),
        future: await show('future', undefined, version, ...demand),
        alone: await show('leaf', undefined, version, ...demand),
        client: await show('client', undefined, version, ...demand),
      };
    });

    test.each<['cross' | 'stray' | 'alone', string]>([
      ['cross', 'an expired cross-signature of its root'],
      ['stray', 'an expired stray'],
    ])('%s: has the days of its certificate, though it shows %s', async (server) => {
      const args = [...trusted(), '--cert-days', '30,7'];
      const { code, summary } = await ask(servers[server], ...args);
      expect(summary).toMatch(
        /; certificate of leaf\.test expires on [0-9-]{10}, in (89|90) days$/,
      );
      expect(code).toBe(0);
    });

    test('is judged by its certificate alone if the user wants it', async () => {
      const args = ['--cert-days', '30,7', '--cert-of', 'leaf'];
      const { code, summary } = await ask(servers.cross, ...args);
      expect(summary).toMatch(/leaf\.test expires on/);
      expect(code).toBe(0);
    });

    test('is judged by what it shows when that does not verify', async () => {
      await chains.make(
        '[ -f stranger.pem ] || openssl req -x509 -newkey rsa:2048 -nodes -keyout stranger.key -out stranger.pem -subj /CN=s',
      );
      const args = ['--verify', '--ca', chains.file('stranger.pem'), '--cert-days', '30,7'];
      const { code, summary } = await ask(servers.cross, ...args);
      expect(summary).toMatch(/certificate of New Root expired on/);
      expect(code).toBe(2);
    });

    test('is critical when its certificate is not valid yet', async () => {
      const { code, summary } = await ask(servers.future, '--cert-days', '30,7');
      expect(summary).toMatch(/; certificate of future\.test is not valid before [0-9-]{10}$/);
      expect(code).toBe(2);
    });

    test.each<[string, readonly string[], RegExp]>([
      [
        'for another name',
        ['--servername', 'other.test'],
        /it is not for other\.test, only for leaf\.test, .* \(/,
      ],
      ['for its own name', ['--servername', 'www.leaf.test'], /^((?!verify).)*$/],
    ])('is verified %s', async (_what, args, text) => {
      const { summary } = await ask(servers.cross, ...trusted(), ...args);
      expect(summary).toMatch(text);
    });

    test('does not verify by a certificate that is for clients alone', async () => {
      const { code, summary } = await ask(servers.client, ...trusted());
      expect(summary).toMatch(/: client\.test is not for servers \(INVALID_PURPOSE\)$/);
      expect(code).toBe(2);
    });

    test('is told what would make it verify', async () => {
      const { code, summary } = await ask(servers.alone, '--verify');
      expect(summary).toMatch(
        /does not verify: leaf\.test is issued by Intermediate, which was not shown and is not in the system's store; --ca FILE names whom to trust \([A-Z_]+\)$/,
      );
      expect(code).toBe(2);
    });

    test.each([
      ['SSL_CERT_FILE', () => chains.file('bundle.pem')],
      ['SSL_CERT_DIR', () => chains.file('store')],
    ])('verifies by the store that %s names', async (variable, value) => {
      await chains.make(`cp root.pem bundle.pem; mkdir -p store
        cp root.pem store/$(openssl x509 -hash -noout -in root.pem).0`);
      const env = { ...environment, [variable]: value() };
      const { port } = servers.stray;
      const args = ['tls', '127.0.0.1', String(port), '--verify', '--reply', 'plugin', '-t', '10'];
      const { stdout, code } = await lbcheck(args, { input: '', env });
      expect(stdout).toMatch(/^TLS OK/);
      expect(code).toBe(0);
    });
  });
});

test('a name outside of the name constraints is named', async () => {
  const server = await show('outside', 'limited');
  const { code, summary } = await ask(server, ...trusted(), '--servername', 'outside.test');
  expect(summary).toMatch(/outside\.test may be outside the name constraints of Limited \(/);
  expect(code).toBe(2);
});

describe('a file of --ca', () => {
  test.each([
    ['a sparse file of 3 GB', 'truncate -s 3G big.pem'],
    ['80 MB of comments', "yes '# comment' | head -c 80000000 >big.pem; cat root.pem >>big.pem"],
  ])('is not read when it is large: %s', async (_what, script) => {
    await chains.make(script);
    const start = performance.now();
    const server = await show('leaf', 'inter');
    const { code, summary } = await ask(server, '--verify', '--ca', chains.file('big.pem'));
    expect(summary).toMatch(/^cannot read certificate '.*big\.pem': it is larger than 1 MiB$/);
    expect(code).toBe(3);
    expect(performance.now() - start).toBeLessThan(8000);
    await chains.make('rm big.pem');
  });
});

test('the time that its certificates take this side is not blamed on a server', async () => {
  // As many as fit below the bound, so that to read them outlasts the deadline.
  await chains.make('for n in $(seq 1600); do cat root.pem; done >many.pem');
  const silent = await openPeer(() => {});
  const args = ['--verify', '--ca', chains.file('many.pem'), '-t', '0.05'];
  const { code, summary } = await ask(silent, ...args);
  expect(summary).toMatch(/took|held up/);
  expect(code).toBe(3);
});
