import Negotiator from 'negotiator';

/**
 * The media type, of those in `offer`, that the value of an Accept field prefers (RFC 9110 section
 * 12.5.1); the first one in `offer` when it accepts none.
 */
export function preferredType<T extends string>(offer: readonly [T, ...T[]], accept: string): T {
  const [best] = new Negotiator({ headers: { accept } }).mediaTypes([...offer]);
  return offer.find((mediaType) => mediaType === best) ?? offer[0];
}
