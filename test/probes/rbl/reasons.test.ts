import { describe, expect, test } from 'vitest';
import { badAddress, errorCode, failedRcode } from '../../../src/probes/rbl/reasons.ts';

describe('an rcode', () => {
  test.each([
    ['REFUSED', 'refused: rate-limited, or zone not served here'],
    ['SERVFAIL', 'SERVFAIL: zone expired or not loaded'],
    ['NOTAUTH', 'answered with rcode NOTAUTH'],
    ['RCODE_11', 'answered with rcode RCODE_11'],
  ])('%s is a failure: %s', (rcode, text) => {
    expect(failedRcode(rcode)).toBe(text);
  });

  test.each(['NOERROR', 'NXDOMAIN'])('%s is none', (rcode) => {
    expect(failedRcode(rcode)).toBeUndefined();
  });
});

describe('an address', () => {
  test.each([
    ['192.0.2.1', 'outside 127.0.0.0/8: zone parked, hijacked or rewritten'],
    ['12.70.0.2', 'outside 127.0.0.0/8'],
    ['0.0.0.0', 'outside 127.0.0.0/8'],
    ['127.0.0.1', 'zone parked, hijacked or rewritten'],
    ['127.255.255.252', 'error code 127.255.255.252: typing error in the zone name'],
    ['127.255.255.254', 'error code 127.255.255.254: query through a public resolver'],
    ['127.255.255.255', 'error code 127.255.255.255: too many queries'],
    ['127.255.255.7', 'error code 127.255.255.7: the list refuses the query'],
    [
      '127.0.1.255',
      'error code 127.0.1.255: a list of names was asked for an address: --type name',
    ],
    [
      '127.0.2.255',
      'error code 127.0.2.255: a list of names was asked for an address: --type name',
    ],
    ['127.0.0.255', 'error code 127.0.0.255: the list blocks you'],
  ])('%s is bad: %s', (address, text) => {
    expect(badAddress(address)).toContain(text);
    expect(badAddress(address)).toContain(address);
  });

  test.each(['127.0.0.2', '127.0.1.2', '127.0.0.99', '127.0.0.10', '127.255.254.255', '127.1.1.1'])(
    '%s is the answer of a working list',
    (address) => {
      expect(badAddress(address)).toBeUndefined();
      expect(errorCode(address)).toBeUndefined();
    },
  );
});
