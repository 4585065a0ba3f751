import { expect, test } from 'vitest';
import { findingOf } from '../../../../src/probes/syn/kernel/answer.ts';

test.each([
  ['end 0 0 0 0 0', 'open', 'syn-ack'],
  ['sent\nend 0 0 0 0 0', 'open', 'syn-ack'],
  ['end 111 0 0 0 0', 'closed', 'reset'],
  ['sent', 'filtered', 'no-response'],
  ['end 110 0 0 0 0', 'filtered', 'no-response'],
  ['end 113 2 3 13 0', 'filtered', 'admin-prohibited'],
  ['end 113 2 3 10 0', 'filtered', 'host-prohibited'],
  ['end 101 2 3 9 0', 'filtered', 'net-prohibited'],
  ['end 113 2 3 1 0', 'filtered', 'host-unreach'],
  ['end 113 2 3 1 1', 'filtered', 'host-unreach'],
  ['end 101 2 3 0 0', 'filtered', 'net-unreach'],
  ['end 111 2 3 3 0', 'filtered', 'port-unreach'],
  ['end 113 2 11 0 0', 'filtered', 'time-exceeded'],
  ['end 13 3 1 1 0', 'filtered', 'admin-prohibited'],
  ['end 113 3 1 3 0', 'filtered', 'host-unreach'],
  ['end 101 3 1 0 0', 'filtered', 'no-route'],
  ['end 111 3 1 4 0', 'filtered', 'port-unreach'],
])('%j is the state %s (%s)', (printed, state, reason) => {
  expect(findingOf(`${printed}\n`)).toEqual({ kind: 'state', state, reason });
});

test.each([
  ['held', 'blocked', 'the firewall of this machine does not let the packet out (dropped)'],
  [
    'end 111 2 3 3 1',
    'blocked',
    'the firewall of this machine does not let the packet out (port-unreach)',
  ],
  ['end 101 0 0 0 0', 'unreachable', 'is unreachable (ENETUNREACH)'],
  ['end 113 0 0 0 0', 'unreachable', 'is unreachable (EHOSTUNREACH)'],
  ['end 22 0 0 0 0', 'unreachable', 'is unreachable (EINVAL)'],
  ['failed socket 97', 'unreachable', 'is unreachable (EAFNOSUPPORT)'],
  ['end 13 0 0 0 0', 'blocked', 'this machine does not permit the connection (EACCES)'],
  ['failed socket 1', 'unknown', 'this machine does not permit the connection (EPERM)'],
  ['failed socket 24', 'unknown', 'there was no room to ask (EMFILE)'],
  ['failed setsockopt 92', 'unknown', 'this kernel has no half-open connection (ENOPROTOOPT)'],
  ['failed interface 19', 'unknown', 'this machine has no such interface (ENODEV)'],
])('%j is %s: %s', (printed, kind, why) => {
  expect(findingOf(`sent\n${printed}\n`)).toEqual({ kind, why });
});

test.each(['', '\n', 'rubbish', "Can't locate strict.pm in @INC"])('%j is nothing', (printed) => {
  expect(findingOf(printed)).toBeUndefined();
});
