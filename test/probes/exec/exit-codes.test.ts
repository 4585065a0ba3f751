import { expect, test } from 'vitest';
import { statusOf } from '../../../src/probes/exec/exit-codes.ts';

test.each([
  'WARNING',
  'HTTP WARNING: HTTP/1.1 404 Not Found',
  'FILE_AGE WARNING: old',
  'DISK WARN - 5% free',
  'disk=WARN',
  'PROCS AVERTISSEMENT: 116 processus',
])('exit code 1 of a plugin that prints "%s" is a warning', (line) => {
  expect(statusOf(1, line, undefined)).toBe('warning');
});

test.each([
  '',
  '127.0.0.1:5432 - rejecting connections',
  'HTTP/1.1 503 Service Unavailable',
  'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
  'Host a.example not found: 3(NXDOMAIN)',
  'warning: no connection',
  'SWARNING',
  'FORWARNED',
  'AVERTISSEMENTS',
  'OK',
])('exit code 1 of a command that prints "%s" is critical', (line) => {
  expect(statusOf(1, line, undefined)).toBe('critical');
  expect(statusOf(1, line, 'plugin')).toBe('warning');
});

test('other exit codes do not hang on the first line', () => {
  const codes = [0, 2, 3, 4, 255, 'SIGSEGV'] as const;
  const expected = ['ok', 'critical', 'unknown', undefined, undefined, undefined];
  expect(codes.map((by) => statusOf(by, 'WARNING', undefined))).toEqual(expected);
  expect(codes.map((by) => statusOf(by, '', 'plugin'))).toEqual(expected);
});
