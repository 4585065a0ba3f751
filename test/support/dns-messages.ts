import * as packet from 'dns-packet';

/** A reply that is only a header: so unbound's access control refuses. */
export function bareHeader(id: number, rcode: number): Buffer {
  const message = Buffer.alloc(12);
  message.writeUInt16BE(id, 0);
  message.writeUInt16BE(0x8000 | rcode, 2);
  return message;
}

/** A message with the query's id that cannot be read. */
export function malformed(query: packet.DecodedPacket): Buffer {
  const message = bareHeader(query.id ?? 0, 0);
  // One question is announced and none is there.
  message.writeUInt16BE(1, 4);
  return message;
}

/** The same message under another id. */
export function withWrongId(message: Buffer): Buffer {
  const changed = Buffer.from(message);
  changed.writeUInt16BE(message.readUInt16BE(0) ^ 0x5555, 0);
  return changed;
}

/** The query itself, sent back. */
export function echo(query: packet.DecodedPacket): Buffer {
  return packet.encode({
    type: 'query',
    id: query.id ?? 0,
    flags: packet.RECURSION_DESIRED,
    questions: query.questions ?? [],
  });
}

export function a(name: string, data: string): packet.Answer {
  return { type: 'A', name, ttl: 60, data };
}

export function cname(name: string, data: string): packet.Answer {
  return { type: 'CNAME', name, ttl: 60, data };
}

export function soa(name: string, serial: number): packet.Answer {
  const timers = { refresh: 3600, retry: 600, expire: 86400, minimum: 60 };
  const data = { mname: `ns.${name}`, rname: `hostmaster.${name}`, serial, ...timers };
  return { type: 'SOA', name, ttl: 60, data };
}
