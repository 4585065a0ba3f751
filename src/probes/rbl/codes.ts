import { InvalidArgumentError } from '../../check/invalid-argument.ts';
import { isIPv4 } from '../../net/ip-address.ts';
import { badAddress } from './reasons.ts';

/** One answer that a list may give, or a network of them. */
export interface ExpectedCode {
  /** As the user wrote it. */
  readonly text: string;
  readonly network: number;
  /** 32 for one address. */
  readonly prefix: number;
}

/** Reads `127.0.0.2,127.0.1.0/24`. Throws InvalidArgumentError otherwise. */
export function parseCodes(text: string): readonly ExpectedCode[] {
  return text.split(',').map((part) => {
    const [, address = '', digits = '32'] =
      /^([\d.]+)(?:\/([89]|[12]\d|3[0-2]))?$/.exec(part) ?? [];
    const isCode = isIPv4(address) && address.startsWith('127.');
    if (!isCode || (digits === '32' && badAddress(address))) {
      throw new InvalidArgumentError(
        'Allowed are addresses in 127.0.0.0/8, without 127.0.0.1 and error codes, or networks there, joined by commas: 127.0.0.2,127.0.1.0/24.',
      );
    }
    return { text: part, network: numberOf(address), prefix: Number(digits) };
  });
}

/** True when an answer is one that is expected. */
export function isExpected(address: string, codes: readonly ExpectedCode[]): boolean {
  return codes.some(({ network, prefix }) => {
    const size = 2 ** (32 - prefix);
    return Math.floor(numberOf(address) / size) === Math.floor(network / size);
  });
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
