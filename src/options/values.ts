import { InvalidArgumentError } from '../check/invalid-argument.ts';
import type { DrainCode } from '../check/outcome.ts';
import { domainNameSyntax, hostSyntax, isDomainName, isHost } from '../net/host-names.ts';

/** Makes a parser of a number of seconds within bounds, decimals allowed. */
export function secondsWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const seconds = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (!(seconds >= least && seconds <= most)) {
      throw new InvalidArgumentError(`Allowed is a number of seconds from ${least} to ${most}.`);
    }
    return seconds;
  };
}

/** Reads the path of a file, which need not exist. */
export function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Allowed is the path of a file.');
  return text;
}

/** Reads a label of the user: one line of text. */
export function parseLabel(text: string): string {
  if (!/^[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,100}$/.test(text) || text.trim() !== text) {
    throw new InvalidArgumentError(
      'Allowed are 1 to 100 characters on one line, without blanks at its ends.',
    );
  }
  return text;
}

/** Reads the HTTP status of a drained check. */
export function parseDrainCode(text: string): DrainCode {
  if (text === '503') return 503;
  if (text === '404') return 404;
  throw new InvalidArgumentError('Allowed is 503 or 404.');
}

/** Reads one port number: no names, lists or ranges. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) {
    throw new InvalidArgumentError('Allowed is one number from 1 to 65535.');
  }
  return port;
}

/** Reads one address or host name, and does not change it. */
export function parseHost(text: string): string {
  if (!isHost(text)) throw new InvalidArgumentError(`Allowed is ${hostSyntax}.`);
  return text;
}

/** Reads a domain name, and removes the dot at its end. */
export function parseDomainName(text: string): string {
  if (!isDomainName(text)) throw new InvalidArgumentError(`Allowed is ${domainNameSyntax}.`);
  return text.replace(/\.$/, '');
}

const secondsIn = { s: 1, m: 60, h: 3600, d: 86400 };

/** Reads `90s`, `30m`, `2h` or `7d` into seconds. */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * secondsIn[unit as keyof typeof secondsIn];
  if (!(seconds > 0)) {
    throw new InvalidArgumentError(
      'Allowed is a whole number above 0 with its unit: 90s, 30m, 2h or 7d.',
    );
  }
  return seconds;
}
