import { beforeEach, expect, test } from 'vitest';
import { type Inbox, openInbox, type Receiver } from '../../../src/system/sockets/inbox.ts';

let events: string[];
let inbox: Inbox;

beforeEach(() => {
  events = [];
  inbox = openInbox({ pause: () => events.push('pause'), resume: () => events.push('resume') });
});

/** Notes what it gets; after its first bytes it receives no more. */
const receiver = (name: string, isOnce = false): Receiver => ({
  onBytes(bytes) {
    events.push(`${name}: ${bytes}`);
    if (isOnce) inbox.receive(undefined);
  },
  onEnd: () => events.push(`${name} ended`),
});

const take = (text: string) => inbox.take(Buffer.from(text));

test('an inbox gives what comes to the one who receives', () => {
  inbox.receive(receiver('one'));
  take('a');
  inbox.receive(receiver('two'));
  take('b');
  inbox.end();
  inbox.end();
  expect(events).toEqual(['one: a', 'two: b', 'two ended']);
});

test('an inbox keeps what comes while nobody receives, and pauses its stream', () => {
  take('a');
  take('b');
  expect(events).toEqual(['pause']);
  inbox.receive(receiver('one', true));
  expect(events).toEqual(['pause', 'one: a']);
  inbox.receive(receiver('two'));
  take('c');
  expect(events).toEqual(['pause', 'one: a', 'two: b', 'resume', 'two: c']);
});

test('what a receiver puts back goes to the next one first', () => {
  take('b');
  inbox.putBack(Buffer.from('a'));
  inbox.receive(receiver('one'));
  expect(events).toEqual(['pause', 'one: a', 'one: b', 'resume']);
});

test('an inbox that has ended gives what it keeps, and tells each receiver of its end', () => {
  take('a');
  inbox.end();
  expect(inbox.hasEnded()).toBe(true);
  inbox.receive(receiver('one'));
  inbox.receive(receiver('two'));
  expect(events).toEqual(['pause', 'one: a', 'one ended', 'two ended']);
});
