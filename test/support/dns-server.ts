import { createSocket, type RemoteInfo } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import * as packet from 'dns-packet';
import { takeMessages, withLength } from '../../src/net/dns/stream.ts';

/** What a server sends for one query: nothing, one message, or several. */
export type Responder = (
  query: packet.DecodedPacket,
  transport: 'udp' | 'tcp',
) => readonly Buffer[];

/** A DNS server on one free port of loopback, UDP and TCP. */
export interface DnsServer {
  readonly address: string;
  readonly port: number;
  /** Every query that came, in its order. */
  readonly queries: readonly ReceivedQuery[];
  /** Sends a message over UDP to the client whose query had this id. */
  send(message: Buffer, id: number): void;
  close(): Promise<void>;
}

export interface ReceivedQuery {
  readonly transport: 'udp' | 'tcp';
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly isRecursionDesired: boolean;
  /** The port it came from. */
  readonly from: number;
}

/** Starts a server that answers each query with what `respond` makes of it. */
export async function startDnsServer(
  respond: Responder,
  address = '127.0.0.1',
): Promise<DnsServer> {
  const queries: ReceivedQuery[] = [];
  const receive = (bytes: Buffer, transport: 'udp' | 'tcp', from: number) => {
    const query = packet.decode(bytes);
    const [question] = query.questions ?? [];
    const { name = '', type = '' } = question ?? {};
    const isRecursionDesired = query.flag_rd;
    queries.push({ transport, id: query.id ?? -1, name, type, isRecursionDesired, from });
    return respond(query, transport);
  };

  const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (bytes: Buffer, peer: RemoteInfo) => {
    for (const message of receive(bytes, 'udp', peer.port))
      udp.send(message, peer.port, peer.address);
  });
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket.on('error', () => {}).on('close', () => connections.delete(socket)));
    const answer = (query: Buffer) => {
      for (const message of receive(query, 'tcp', socket.remotePort ?? 0)) {
        socket.write(withLength(message));
      }
    };
    socket.on('data', takeMessages(answer));
  });
  const port = await bindBoth(udp, tcp, address);
  return {
    address,
    port,
    queries,
    send(message, id) {
      const query = queries.find((received) => received.id === id);
      if (query) udp.send(message, query.from, address);
    },
    async close() {
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise<void>((closed) => udp.close(closed)),
        new Promise((closed) => tcp.close(closed)),
      ]);
    },
  };
}

/** UDP takes the port of TCP, which is usually free for UDP too; if not, both try again. */
export async function bindBoth(
  udp: ReturnType<typeof createSocket>,
  tcp: ReturnType<typeof createServer>,
  address: string,
): Promise<number> {
  for (;;) {
    await new Promise<void>((listening) => tcp.listen(0, address, listening));
    const bound = tcp.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const failed = await new Promise<Error | undefined>((settled) => {
      udp.once('error', settled);
      udp.bind(port, address, () => settled(undefined));
    });
    if (failed === undefined) return port;
    await new Promise((closed) => tcp.close(closed));
  }
}

/** A reply to a query, as a server of the zone sends it. */
export function reply(query: packet.DecodedPacket, parts: ReplyParts = {}): Buffer {
  const { rcode = 0, flags = 0, isReferral = false, ...rest } = parts;
  return packet.encode({
    type: 'response',
    id: query.id ?? 0,
    flags: (isReferral ? 0 : packet.AUTHORITATIVE_ANSWER) | flags | rcode,
    questions: query.questions ?? [],
    ...rest,
  });
}

export interface ReplyParts extends Omit<packet.Packet, 'flags'> {
  /** RFC 1035 section 4.1.1: 2 is SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly rcode?: number;
  readonly flags?: number;
  /** Without authority: the bit AA is off. */
  readonly isReferral?: boolean;
}
