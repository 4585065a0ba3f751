import type { X509Certificate } from 'node:crypto';

/**
 * What a person calls a certificate: its common name, else the first name that it is for, else the
 * organisation of its subject, else its serial number.
 */
export function nameOf(certificate: X509Certificate): string {
  const { CN, OU, O } = subjectOf(certificate);
  const given = [CN ?? alternativeNames(certificate)[0] ?? OU ?? O ?? []].flat().join(', ');
  return given === '' ? `serial number ${certificate.serialNumber}` : given;
}

/** What its issuer is called: by the common name, else by all that is known of it. */
export function issuerNameOf(certificate: X509Certificate): string {
  const common = /^CN=(.+)$/m.exec(certificate.issuer ?? '')?.[1];
  const all = (certificate.issuer ?? '').split('\n').join(', ');
  return common ?? (all === '' ? 'an issuer without a name' : all);
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
