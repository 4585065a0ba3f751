import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { requirements } from '../../../../src/probes/tls/requirements.ts';
import { checkTls } from '../../../support/tls.ts';
import { endlessly, saying } from '../../../support/tls-behaviours.ts';
import { openPeer } from '../../../support/tls-peers.ts';
import {
  type Protocol,
  type Script,
  scripts,
  startTlsProtocols,
  takingTurns,
} from '../../../support/tls-starttls-scripts.ts';

const names = { client: 'client.test', server: 'server.test' };

/** The statuses under each requirement, and the summaries without the address. */
async function checkEach(protocol: Protocol, behave: (socket: Socket) => void, seconds = 0.7) {
  const peer = await openPeer(behave);
  const outcomes = await Promise.all(
    requirements.map((requirement) =>
      checkTls(peer, { requirement, startTls: { protocol, names } }, seconds),
    ),
  );
  // Never a second connection.
  expect(peer.connections).toHaveLength(requirements.length);
  const summaries = new Set(outcomes.map(({ summary }) => summary.replace(/^127[.\d]+:\d+ /, '')));
  return {
    statuses: outcomes.map(({ status }) => status).join(' '),
    summary: [...summaries].join('\n'),
  };
}

const answered = (summary: string | RegExp) => ({
  statuses: 'ok ok critical',
  summary: expect.stringMatching(summary),
});

/** Whether its last words came before a reset, nobody can tell: that may be more than one line. */
const leaves =
  /^((closed|reset) the connection (without a word|before it was ready for TLS|after our ClientHello)(\n|$))+$/;

/** The first turns of a server. */
const firstTurns = (script: Script, count: number) => ({
  ...{ first: script.first, turns: script.turns.slice(0, count) },
});

describe.each(startTlsProtocols)('a server of %s', (protocol) => {
  const script = scripts[protocol];
  const { turns } = script;

  test('that says nothing is blocked', async () => {
    expect(await checkEach(protocol, () => {})).toEqual({
      statuses: 'ok critical critical',
      summary: 'accepts TCP but says nothing: blocked',
    });
  });

  test('that leaves in any state has answered', async () => {
    for (let count = 0; count <= turns.length; count += 1) {
      const ends = takingTurns(firstTurns(script, count), (socket) => socket.end());
      expect(await checkEach(protocol, ends, 5)).toEqual(answered(leaves));
      const resets = takingTurns(firstTurns(script, count), (socket) => socket.resetAndDestroy());
      expect(await checkEach(protocol, resets, 5)).toEqual(answered(leaves));
    }
  });

  test('that falls silent in any state but the first has answered', async () => {
    const states = turns.map((_, index) => firstTurns(script, index + 1));
    const results = await Promise.all(
      states.map((state) => checkEach(protocol, takingTurns(state))),
    );
    for (const result of results) {
      expect(result).toEqual(
        answered(
          /^(began to speak, and was not ready for TLS in time|agrees to TLS, and is silent)/,
        ),
      );
    }
  });

  test('that never ends what it says has answered', async () => {
    for (let count = 0; count < turns.length; count += 1) {
      const pours = takingTurns(
        firstTurns(script, count),
        endlessly(() => Buffer.alloc(65_536, ' ')),
      );
      expect(await checkEach(protocol, pours, 5)).toEqual(
        answered(/^(says more than a server has to say|does not speak|gives no answer)/),
      );
    }
  });

  test('that speaks another protocol has answered', async () => {
    const other = takingTurns({ first: script.first, turns: ['HTTP/1.1 400 Bad Request\r\n\r\n'] });
    expect(await checkEach(protocol, other)).toEqual(answered(`^does not speak ${script.name}`));
  });

  test('that has no TLS has answered', async () => {
    const before = script.without === script.refusal ? 1 : Math.max(0, turns.length - 2);
    const without = {
      first: script.first,
      turns: [...turns.slice(0, before), script.without],
    };
    expect(await checkEach(protocol, takingTurns(without))).toEqual(
      answered(/^(does not offer (STARTTLS|STLS|TLS)$|refuses (AUTH TLS|StartTLS): )/),
    );
  });

  test('that refuses TLS has answered', async () => {
    const refusing = { first: script.first, turns: [...turns.slice(0, -1), script.refusal] };
    expect(await checkEach(protocol, takingTurns(refusing))).toEqual(
      answered(
        /^(refuses (STARTTLS|STLS|AUTH TLS|StartTLS): |answers the request|greets with the)/,
      ),
    );
  });

  test('that says more behind its consent, or in the place of a handshake, has none', async () => {
    const injected = turns.map((turn, index) =>
      index === turns.length - 1
        ? Buffer.concat([Buffer.from(turn), Buffer.from('250 x\r\n')])
        : turn,
    );
    expect(
      await checkEach(protocol, takingTurns({ first: script.first, turns: injected })),
    ).toEqual(answered('sends plain text after it has agreed to TLS: injected, or broken'));
    const plain = takingTurns(script, saying('250 x\r\n'));
    expect(await checkEach(protocol, plain)).toEqual(answered('does not speak TLS: "250 x"'));
  });

  test('is understood byte by byte', async () => {
    const slow = takingTurns(script, saying(Buffer.from('15030100020228', 'hex')), (turn) =>
      [...turn].map((byte) => Buffer.of(byte)),
    );
    expect(await checkEach(protocol, slow, 5)).toEqual(
      answered('answers with the TLS alert handshake failure'),
    );
  });
});

describe('a client', () => {
  /** What a server received, when it has taken its turns. */
  async function received(protocol: Protocol, turns: readonly (string | Buffer)[]) {
    const peer = await openPeer(takingTurns({ first: scripts[protocol].first, turns }));
    await checkTls(peer, { startTls: { protocol, names } }, 0.7);
    return peer.connections[0]?.received.toString('latin1') ?? '';
  }

  test.each<[Protocol, string]>([
    ['smtp', 'EHLO client.test\r\nSTARTTLS\r\n\x16'],
    ['lmtp', 'LHLO client.test\r\nSTARTTLS\r\n\x16'],
    ['imap', 'a CAPABILITY\r\nb STARTTLS\r\n\x16'],
    ['pop3', 'CAPA\r\nSTLS\r\n\x16'],
    ['ftp', 'AUTH TLS\r\n\x16'],
    ['sieve', 'STARTTLS\r\n\x16'],
    ['postgres', '\0\0\0\x08\x04\xd2\x16\x2f\x16'],
  ])('of %s says no more than it needs', async (protocol, sent) => {
    const { turns } = scripts[protocol];
    expect((await received(protocol, turns)).slice(0, sent.length)).toBe(sent);
  });

  test('of xmpp names the server that it wants', async () => {
    expect(await received('xmpp', scripts.xmpp.turns)).toMatch(/^<\?xml.* to='server\.test' /);
  });

  test.each<[Protocol, string]>([
    ['smtp', 'EHLO client.test\r\nQUIT\r\n'],
    ['imap', 'a CAPABILITY\r\nx LOGOUT\r\n'],
    ['pop3', 'CAPA\r\nQUIT\r\n'],
    ['ftp', 'AUTH TLS\r\nQUIT\r\n'],
    ['sieve', 'LOGOUT\r\n'],
  ])('of %s leaves a server without TLS as its protocol has it', async (protocol, sent) => {
    const { turns, without, refusal } = scripts[protocol];
    const before = without === refusal ? 1 : turns.length - 2;
    expect(await received(protocol, [...turns.slice(0, before), without])).toBe(sent);
  });
});
