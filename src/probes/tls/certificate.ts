import type { X509Certificate } from 'node:crypto';

/**
 * What a person calls a certificate: its common name, else the first name that it is for, else the
 * organisation of its subject, else its serial number.
 */
export function nameOf(certificate: X509Certificate): string {
  const { CN, OU, O } = subjectOf(certificate);
  const given = [CN ?? alternativeNames(certificate)[0] ?? OU ?? O ?? []].flat().join(', ');
  return given === '' ? `serial number ${certificate.serialNumber}` : shortened(given);
}

/** The most characters of a name that are shown; whoever made the certificate chose them. */
const maxNameLength = 100;

function shortened(name: string): string {
  return name.length > maxNameLength ? `${name.slice(0, maxNameLength)}...` : name;
}

/** What its issuer is called: by the common name, else by all that is known of it. */
export function issuerNameOf(certificate: X509Certificate): string {
  const common = /^CN=(.+)$/m.exec(certificate.issuer ?? '')?.[1];
  const all = (certificate.issuer ?? '').split('\n').join(', ');
  return all === '' ? 'an issuer without a name' : shortened(common ?? all);
}

/** The names that a certificate is for (RFC 5280 section 4.2.1.6): DNS names, then addresses, then URIs. */
export function alternativeNames({ subjectAltName }: X509Certificate): readonly string[] {
  const found = [
    ...(subjectAltName ?? '').matchAll(/(?:^|, )(DNS|IP Address|URI):("(?:[^"\\]|\\.)*"|[^,]*)/g),
  ];
  return ['DNS', 'IP Address', 'URI'].flatMap((wanted) =>
    found.flatMap(([, kind, value = '']) =>
      kind === wanted && value !== '' ? [unquoted(value)] : [],
    ),
  );
}

/** How many names are shown. */
const maxNames = 4;

/** What a certificate is for, in words: its first names, and how many more there are. */
export function namesInWords(certificate: X509Certificate): string {
  const names = alternativeNames(certificate).map(shortened);
  if (names.length === 0) return nameOf(certificate);
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  return names.slice(0, maxNames).join(', ') + more;
}

/** Node writes a name with a comma as a text in JSON; a name without quotes has none. */
function unquoted(value: string): string {
  try {
    return value.startsWith('"') ? String(JSON.parse(value)) : value;
  } catch {
    return value;
  }
}

/** When a certificate begins and ends to be valid; a date that cannot be read is NaN. */
export function datesOf({ validFrom, validTo }: X509Certificate): { starts: Date; expires: Date } {
  return { starts: new Date(validFrom), expires: new Date(validTo) };
}

/** True between the two dates of a certificate, and false when one of them cannot be read. */
export function isValidAt(certificate: X509Certificate, now: Date): boolean {
  const { starts, expires } = datesOf(certificate);
  return starts <= now && now < expires;
}

/** True when a certificate names itself as its issuer, as the root of a chain does. */
export function isItsOwnIssuer(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

/** Node's type says that each attribute is one text; there may be several of the same. */
function subjectOf(certificate: X509Certificate) {
  const { subject } = certificate.toLegacyObject();
  return (subject ?? {}) as Readonly<Partial<Record<'CN' | 'OU' | 'O', string | string[]>>>;
}
