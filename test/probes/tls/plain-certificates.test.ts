import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { plainCertificates } from '../../../src/probes/tls/plain-certificates.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Chains, makeChains } from '../../support/tls-chains.ts';

const cleanUp = afterThisFile();
let chains: Chains;

beforeAll(async () => {
  chains = await makeChains(cleanUp);
});

/** A length of 3 bytes, and what it counts. */
function counted(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  return Buffer.concat([length, body]);
}

const message = (type: number, body: Buffer) => Buffer.concat([Buffer.of(type), counted(body)]);
const serverHello = message(2, Buffer.alloc(70));
const shown = (...names: readonly string[]) =>
  message(11, counted(...names.map((name) => counted(chains.certificate(name).raw))));
const subjects = (messages: Buffer) => plainCertificates(messages).map(({ subject }) => subject);

test('certificates are found behind other messages, in their order', () => {
  const messages = Buffer.concat([serverHello, shown('leaf', 'inter', 'stray'), serverHello]);
  expect(subjects(messages)).toEqual(['CN=leaf.test', 'CN=Intermediate', 'CN=Stray']);
});

describe('what is cut off or malformed', () => {
  test('has the part before it', () => {
    const message = shown('leaf', 'inter');
    expect(subjects(message.subarray(0, message.length - 1))).toEqual(['CN=leaf.test']);
    expect(subjects(message.subarray(0, 100))).toEqual([]);
    expect(subjects(serverHello)).toEqual([]);
    expect(subjects(Buffer.alloc(0))).toEqual([]);
  });

  test('does no harm', () => {
    const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(bytes, bytes, (some, others) => {
        expect(subjects(some)).toEqual([]);
        expect(subjects(message(11, counted(others)))).toEqual([]);
        expect(subjects(Buffer.concat([serverHello, message(11, some), others]))).toEqual([]);
      }),
    );
  });
});
