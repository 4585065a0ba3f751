import type { PortState } from '../port-state.ts';

/** What nmap's XML says: the port's state, or why it has none. */
export type Reading =
  | ({ readonly kind: 'state' } & PortState)
  /** The run ended as it should, and reports no state: of the host, what nmap says of it. */
  | { readonly kind: 'no-state'; readonly isDown: boolean; readonly host: string }
  /** nmap gave up, in its own words. */
  | { readonly kind: 'failed'; readonly message: string }
  /** What was printed is not the whole of nmap's XML. */
  | { readonly kind: 'unreadable' };

/** Attributes by their names; their order and the blanks between them tell nothing (XML 1.0, 3.1). */
type Attributes = Readonly<Record<string, string | undefined>>;

/**
 * Reads the few elements needed of nmap's XML output (nmap.dtd). nmap escapes `<`, `>` and `"` in every
 * text, so that none of these elements can be found inside another.
 */
export function readNmapXml(xml: string, port: number): Reading {
  const [finished] = startTags(xml, 'finished');
  if (!finished || !xml.includes('</nmaprun>')) return { kind: 'unreadable' };
  if (finished.attributes.exit === 'error') {
    return { kind: 'failed', message: withoutEntities(finished.attributes.errormsg ?? '') };
  }
  if (finished.attributes.exit !== 'success') return { kind: 'unreadable' };

  for (const { attributes, rest } of startTags(xml, 'port')) {
    if (attributes.protocol !== 'tcp' || Number(attributes.portid) !== port) continue;
    const [element] = startTags(rest.slice(0, rest.indexOf('</port')), 'state');
    const { state, reason } = element?.attributes ?? {};
    if (state !== undefined && reason !== undefined) return { kind: 'state', state, reason };
  }
  return stateOfHost(xml);
}

function stateOfHost(xml: string): Reading {
  const [host] = startTags(xml, 'host');
  const [status] = host ? startTags(host.rest, 'status') : [];
  const { state = 'unknown', reason = '' } = status?.attributes ?? {};
  const isDown = state === 'down';
  return { kind: 'no-state', isDown, host: reason === '' ? state : `${state}, ${reason}` };
}

interface StartTag {
  readonly attributes: Attributes;
  /** What stands behind the tag. */
  readonly rest: string;
}

function startTags(xml: string, name: string): readonly StartTag[] {
  return [...xml.matchAll(new RegExp(`<${name}(\\s[^<>]*)?>`, 'g'))].map((tag) => ({
    attributes: Object.fromEntries(
      [...(tag[1] ?? '').matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map(([, key, value]) => [
        key,
        value,
      ]),
    ),
    rest: xml.slice(tag.index + tag[0].length),
  }));
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
