import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { nameOf } from '../../../src/probes/tls/certificate.ts';
import {
  type Chain,
  firstToExpire,
  shownChain,
  verifiedChain,
} from '../../../src/probes/tls/chain.ts';
import { trustIn } from '../../../src/probes/tls/trust-store.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Chains, makeChains } from '../../support/tls-chains.ts';

const cleanUp = afterThisFile();
let chains: Chains;

beforeAll(async () => {
  chains = await makeChains(cleanUp);
});

const certificates = (...names: readonly string[]) => names.map(chains.certificate);
const trust = (...names: readonly string[]) =>
  trustIn(names.map((name) => readFileSync(chains.file(`${name}.pem`), 'utf8')).join('words\n'));
const named = (chain: Chain | undefined) => chain?.map(nameOf);

describe('the chain of what was shown', () => {
  test.each([
    ['goes from issuer to issuer', ['leaf', 'inter', 'root']],
    ['is the same in another order', ['leaf', 'root', 'inter']],
    ['leaves out a stray', ['leaf', 'stray', 'inter', 'root', 'old-root']],
    ['takes of two issuers the one that is valid', ['leaf', 'inter', 'cross', 'root']],
  ])('%s', (_what, names) => {
    expect(named(shownChain(certificates(...names)))).toEqual([
      ...['leaf.test', 'Intermediate', 'New Root'],
    ]);
  });

  test('ends where an issuer is missing', () => {
    expect(named(shownChain(certificates('leaf', 'root')))).toEqual(['leaf.test']);
    expect(shownChain([])).toEqual([]);
  });

  test('is the certificate alone when that is its own issuer', () => {
    expect(named(shownChain(certificates('root', 'root')))).toEqual(['New Root']);
  });
});

describe('the chain that verifies', () => {
  test.each([
    ['passes an expired cross-signature by', ['leaf', 'inter', 'cross'], ['root']],
    ['though whoever signed it is trusted too', ['leaf', 'inter', 'cross'], ['old-root', 'root']],
    ['passes a stray by', ['leaf', 'stray', 'inter'], ['root']],
    ['takes an issuer that was not shown from the trusted', ['leaf'], ['inter', 'root']],
  ])('%s', (_what, shown, trusted) => {
    const chain = verifiedChain(certificates(...shown), trust(...trusted));
    expect(named(chain)).toEqual(['leaf.test', 'Intermediate', 'New Root']);
    expect(chain?.map(({ serialNumber }) => serialNumber)).toContain(
      chains.certificate('root').serialNumber,
    );
  });

  test.each([
    ['its root is not trusted', ['leaf', 'inter', 'root'], ['stray']],
    ['an issuer is missing', ['leaf'], ['root']],
    ['only its intermediate is trusted', ['leaf', 'inter'], ['inter']],
    ['it has expired', ['stray'], ['stray']],
    ['it is not valid yet', ['future'], ['future']],
    ['nothing was shown', [], ['root']],
  ])('is none when %s', (_what, shown, trusted) => {
    expect(verifiedChain(certificates(...shown), trust(...trusted))).toBeUndefined();
  });

  test('is the one of two that stays valid for longer', async () => {
    await chains.make(
      `cp root.key soon.key; issue soon old-root '/CN=New Root' 2 basicConstraints=critical,CA:TRUE`,
    );
    const shown = certificates('leaf', 'inter', 'soon');
    const first = (...trusted: readonly string[]) => {
      const chain = verifiedChain(shown, trust(...trusted));
      return chain && nameOf(firstToExpire(chain) ?? chains.certificate('bare'));
    };
    expect(first('old-root')).toBe('New Root');
    expect(first('old-root', 'root')).toBe('leaf.test');
  });

  test('is looked for in bounded time', async () => {
    // Twenty certificates that have all issued each other, and none of them is trusted.
    const lines = Array.from({ length: 20 }, (_, index) => [
      `cp inter.key loop${index}.key`,
      `issue loop${index} inter '/CN=Intermediate' 90 basicConstraints=critical,CA:TRUE`,
    ]);
    await chains.make(`openssl req -x509 -key inter.key -subj /CN=Intermediate -days 9 -out x.pem
      cp inter.pem inter.was; cp x.pem inter.pem; ${lines.flat().join('\n')}\ncp inter.was inter.pem`);
    const shown = [
      ...certificates('leaf'),
      ...lines.map((_, index) => chains.certificate(`loop${index}`)),
    ];
    const start = performance.now();
    expect(verifiedChain(shown, trust('root'))).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

test('the first to expire is the earliest of all', () => {
  expect(firstToExpire(certificates('leaf', 'inter', 'root'))?.subject).toBe('CN=leaf.test');
  expect(firstToExpire(certificates('leaf', 'inter', 'cross'))?.subject).toBe('CN=New Root');
  expect(firstToExpire([])).toBeUndefined();
});
