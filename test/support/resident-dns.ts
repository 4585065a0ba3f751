import { createSocket } from 'node:dgram';
import * as packet from 'dns-packet';
import type { CleanUp } from './clean-up.ts';
import type { Responder } from './dns-server.ts';

/** A DNS server on UDP that keeps its answers back. */
export interface HeldDnsServer {
  readonly port: number;
  /** How many queries have come. */
  readonly queries: () => number;
  /** Answers what has come; from now on nothing is kept back. */
  readonly release: () => void;
  /** Answers the oldest query that was kept back, and keeps back what comes. */
  readonly releaseOldest: () => void;
}

export async function startHeldDnsServer(
  cleanUp: CleanUp,
  respond: Responder,
): Promise<HeldDnsServer> {
  let queries = 0;
  let isHeld = true;
  const held: (() => void)[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { port, address }) => {
    queries += 1;
    const answer = () => {
      for (const message of respond(packet.decode(bytes), 'udp')) {
        socket.send(message, port, address);
      }
    };
    if (isHeld) held.push(answer);
    else answer();
  });
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  cleanUp(() => new Promise((closed) => socket.close(() => closed())));
  return {
    port: socket.address().port,
    queries: () => queries,
    releaseOldest: () => held.shift()?.(),
    release() {
      isHeld = false;
      for (const answer of held.splice(0)) answer();
    },
  };
}
