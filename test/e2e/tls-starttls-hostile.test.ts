import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { endlessly, saying } from '../support/tls-behaviours.ts';
import { openPeer } from '../support/tls-peers.ts';
import { ask } from '../support/tls-plugin.ts';
import {
  type Protocol,
  scripts,
  startTlsProtocols,
  takingTurns,
} from '../support/tls-starttls-scripts.ts';

/** What the executable says of a server that behaves so, to which it makes one connection. */
async function check(protocol: Protocol, behave: (socket: Socket) => void, seconds: string) {
  const peer = await openPeer(behave);
  const result = await ask(peer, '--starttls', protocol, '-t', seconds);
  expect(peer.connections).toHaveLength(1);
  return `${result.code} ${result.summary.replace(/^127[.\d]+:\d+ /, '')}`;
}

describe.each(startTlsProtocols)('a hostile server of %s', (protocol) => {
  const { first, turns } = scripts[protocol];
  const start = { first, turns: turns.slice(0, -1) };

  test('that is silent is blocked', async () => {
    expect(await check(protocol, () => {}, '2')).toBe('2 accepts TCP but says nothing: blocked');
  });

  test('that leaves, floods or falls silent in any state has answered', async () => {
    const answers = await Promise.all([
      ...[0, 1, turns.length - 1, turns.length].flatMap((count) => {
        const state = { first, turns: turns.slice(0, count) };
        return [
          check(
            protocol,
            takingTurns(state, (socket) => socket.end()),
            '10',
          ),
          check(
            protocol,
            takingTurns(state, (socket) => socket.resetAndDestroy()),
            '10',
          ),
        ];
      }),
      check(
        protocol,
        takingTurns(
          start,
          endlessly(() => Buffer.alloc(65_536, ' ')),
        ),
        '10',
      ),
      check(protocol, takingTurns({ first, turns }), '2'),
    ]);
    for (const answer of answers) {
      expect(answer).toMatch(
        /^0 ((closed|reset) the connection|says more than|does not speak|gives no answer|agrees to TLS, and is silent)/,
      );
    }
  });

  test('that speaks plain text in the place of TLS has no handshake', async () => {
    const injected = turns.map((turn, index) =>
      index < turns.length - 1
        ? turn
        : Buffer.concat([Buffer.from(turn), Buffer.from('250 x\r\n')]),
    );
    expect(await check(protocol, takingTurns({ first, turns: injected }), '10')).toBe(
      '0 sends plain text after it has agreed to TLS: injected, or broken',
    );
    const plain = takingTurns({ first, turns }, saying('250 x\r\n'));
    expect(await check(protocol, plain, '2')).toBe('0 does not speak TLS: "250 x"');
  });
});
