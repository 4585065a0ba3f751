/** The parts of a request's head that give its target and its length. */
export interface RequestParts {
  readonly method: string;
  readonly target: string;
  /** The last digit of `HTTP/1.`. */
  readonly minorVersion: string;
  /** Each field in its order, with its name in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * True when RFC 9112 calls a request malformed, so that two programs could read it differently: its
 * target (section 3.2), its Host field (3.2), or its length (6.1 and 6.3). A missing Host is accepted:
 * many send strings of load balancers have none.
 */
export function isMalformed({ method, target, minorVersion, fields }: RequestParts): boolean {
  const valuesOf = (wanted: string) =>
    fields.flatMap(([name, value]) => (name === wanted ? [value.trim()] : []));
  const lengths = valuesOf('content-length');
  const codings = valuesOf('transfer-encoding');
  return (
    !isTarget(method, target) ||
    !isHost(valuesOf('host')) ||
    !isLength(lengths) ||
    !isCoding(codings, minorVersion) ||
    (lengths.length > 0 && codings.length > 0)
  );
}

const originForm = /^\//;
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i;

/** CONNECT has another form of target, but the method is refused anyway. */
function isTarget(method: string, target: string): boolean {
  const isForm = originForm.test(target) || absoluteForm.test(target) || method === 'CONNECT';
  return isForm || (target === '*' && method === 'OPTIONS');
}

/**
 * RFC 3986 section 3.2.2, with a port; the name may be empty. Without the flag i, for which V8 loads
 * tables of all scripts.
 */
const hostValue =
  /^(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d*)?$/;

const isHost = (values: readonly string[]) =>
  values.length <= 1 && values.every((value) => hostValue.test(value));

/** One number; the same number several times is allowed too (RFC 9110 section 8.6). */
function isLength(values: readonly string[]): boolean {
  const lengths = membersOf(values);
  return lengths.every((length) => /^\d+$/.test(length) && length === lengths[0]);
}

const coding = /^[!#$%&'*+.^_`|~0-9a-z-]+(?:\s*;.*)?$/;

/** True when `chunked` is the last coding, stands there once, and the version is HTTP/1.1. */
function isCoding(values: readonly string[], minorVersion: string): boolean {
  const codings = membersOf(values).map((text) => text.toLowerCase());
  if (values.length === 0) return true;
  const isListOfCodings = codings.every((text) => coding.test(text));
  return (
    isListOfCodings && codings.indexOf('chunked') === codings.length - 1 && minorVersion !== '0'
  );
}

/** The members of a list (RFC 9110 section 5.6.1); a field without members has one empty member. */
const membersOf = (values: readonly string[]) =>
  values.length === 0
    ? []
    : values
        .join(',')
        .split(',')
        .map((member) => member.trim());
