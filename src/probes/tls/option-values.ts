import { InvalidArgumentError } from '../../check/invalid-argument.ts';
import type { CertificateDays } from './expiry.ts';

const daysIn = { d: 1, h: 1 / 24 };

/** Reads `30`, `30,7`, `12h` or `7d,12h` into days: whole numbers, of days without a unit. */
export function parseDays(text: string): CertificateDays {
  const match = /^(\d{1,5})([dh]?)(?:,(\d{1,5})([dh]?))?$/.exec(text);
  const days = (digits: string, unit = '') =>
    Number(digits) * daysIn[(unit || 'd') as keyof typeof daysIn];
  const [, warning = '', warningUnit, critical, criticalUnit] = match ?? [];
  const limits = {
    warning: days(warning, warningUnit),
    critical: critical === undefined ? undefined : days(critical, criticalUnit),
  };
  if (!match || (limits.critical ?? 0) > limits.warning) {
    throw new InvalidArgumentError(
      'Allowed are whole days or hours: 30, 12h, or 30,7 with the second not above the first.',
    );
  }
  return limits;
}

/** Reads protocol names of ALPN (RFC 7301 section 3.1): 1 to 255 bytes each, joined by commas. */
export function parseAlpn(text: string): readonly string[] {
  const names = text.split(',');
  // The list has a length of 2 bytes; this one also fits into one record with the rest.
  if (!names.every((name) => /^[!-~]{1,255}$/.test(name)) || text.length > 2000) {
    throw new InvalidArgumentError('Allowed are names of protocols, joined by commas: h2,http/1.1');
  }
  return names;
}
