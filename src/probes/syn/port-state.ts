/** What nmap found out about one port (nmap's reference guide, chapter "Port Scanning Basics"). */
export interface PortState {
  /** open, closed, filtered, ... */
  readonly state: string;
  /** syn-ack, reset, no-response, admin-prohibited, ... */
  readonly reason: string;
}

/** What nmap's XML says: the port's state, or why it has none. */
export type Reading =
  | ({ readonly kind: 'state' } & PortState)
  /** The run ended as it should, and reports no state: the host is down or cannot be reached. */
  | { readonly kind: 'no-state'; readonly host: string }
  /** nmap gave up, in its own words. */
  | { readonly kind: 'failed'; readonly message: string }
  /** What was printed is not the whole of nmap's XML. */
  | { readonly kind: 'unreadable' };

/**
 * Reads the few elements needed of nmap's XML output (nmap.dtd). nmap writes each with its attributes
 * in one order and escapes every text, so that none of them can be met inside of another.
 */
export function readNmapXml(xml: string, port: number): Reading {
  const finished = /<finished [^>]*?exit="(success|error)"(?: errormsg="([^"]*)")?/.exec(xml);
  if (!finished || !xml.includes('</nmaprun>')) return { kind: 'unreadable' };
  if (finished[1] === 'error')
    return { kind: 'failed', message: withoutEntities(finished[2] ?? '') };

  for (const [, id, state, reason] of xml.matchAll(
    /<port protocol="tcp" portid="(\d+)"><state state="([^"]+)" reason="([^"]+)"/g,
  )) {
    if (Number(id) === port && state !== undefined && reason !== undefined) {
      return { kind: 'state', state, reason };
    }
  }
  const [, host = 'unknown', why = ''] =
    /<host[ >].*?<status state="([^"]+)" reason="([^"]+)"/s.exec(xml) ?? [];
  return { kind: 'no-state', host: why === '' ? host : `${host}, ${why}` };
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,5})|([a-z]+));/g, (entity, code, name) =>
    code === undefined ? (entities[name] ?? entity) : String.fromCharCode(Number(code)),
  );
}
