import * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { askFollowing } from '../../../src/net/dns/alias.ts';
import {
  type Answer,
  encodeQuery,
  type Question,
  readMessage,
} from '../../../src/net/dns/message.ts';
import { a, cname, soa } from '../../support/dns-messages.ts';
import { type ReplyParts, reply } from '../../support/dns-server.ts';

const question: Question = { name: 'a.test', type: 'A' };
const listed = (name: string) => a(name, '127.0.0.2');
const dname = (name: string, data: string): packet.Answer => ({
  ...{ type: 'DNAME', name, ttl: 60, data },
});

/** Follows a question at a server with a reply for each name, and REFUSED for others. */
async function follow(replies: Readonly<Record<string, ReplyParts>>, asked = question) {
  const names: string[] = [];
  const ask = async (each: Question): Promise<Answer> => {
    names.push(each.name);
    const message = reply(packet.decode(encodeQuery(1, each)), replies[each.name] ?? { rcode: 5 });
    return readMessage(message, each) as Answer;
  };
  const followed = await askFollowing(ask, asked);
  return { ...followed, names, data: followed.records.map(({ fields }) => fields[0]) };
}

describe('a question', () => {
  test('without an alias is asked once', async () => {
    expect(await follow({ 'a.test': { answers: [listed('A.test')] } })).toMatchObject({
      names: ['a.test'],
      data: ['127.0.0.2'],
    });
    expect(await follow({ 'a.test': { rcode: 3 } })).toMatchObject({ names: ['a.test'], data: [] });
  });

  test('has the records at the end of its aliases, in any order, and no others', async () => {
    const answers = [
      cname('a.test', 'one.test'),
      cname('ONE.test', 'two.test'),
      listed('two.test'),
      a('stray.test', '192.0.2.1'),
    ];
    const expected = { names: ['a.test'], data: ['127.0.0.2'], alias: 'two.test' };
    expect(await follow({ 'a.test': { answers } })).toMatchObject(expected);
    const backwards = [...answers].reverse();
    expect(await follow({ 'a.test': { answers: backwards } })).toMatchObject(expected);
  });

  test('is asked for the name at the end when the server left that out', async () => {
    const replies = {
      'a.test': { answers: [cname('a.test', 'b.test')] },
      'b.test': { answers: [cname('b.test', 'c.test')] },
      'c.test': { answers: [listed('c.test')] },
    };
    expect(await follow(replies)).toMatchObject({
      names: ['a.test', 'b.test', 'c.test'],
      data: ['127.0.0.2'],
      alias: 'c.test',
    });
  });

  test('follows a DNAME record, with its CNAME record or without', async () => {
    const name = 'x.y.old.test';
    const tree = dname('old.test', 'new.test');
    for (const answers of [[tree], [tree, cname(name, 'x.y.new.test')]]) {
      const replies = {
        [name]: { answers },
        'x.y.new.test': { answers: [listed('x.y.new.test')] },
      };
      expect(await follow(replies, { name, type: 'A' })).toMatchObject({
        names: [name, 'x.y.new.test'],
        data: ['127.0.0.2'],
      });
    }
  });

  test.each<[string, ReplyParts]>([
    ['refuses', { rcode: 5 }],
    ['fails at', { rcode: 2 }],
    ['refers to others for', { isReferral: true, authorities: [ns('test')] }],
  ])('ends with an alias that its server %s', async (_what, parts) => {
    const replies = { 'a.test': { answers: [cname('a.test', 'b.test')] }, 'b.test': parts };
    expect(await follow(replies)).toMatchObject({ data: [], alias: 'b.test', isUnserved: true });
  });

  test.each<[string, ReplyParts, string[]]>([
    ['does not exist', { rcode: 3 }, ['a.test']],
    ['has no such record', { authorities: [soa('test', 1)] }, ['a.test']],
    ['has no such record, when it is asked for it', {}, ['a.test', 'b.test']],
  ])('ends with an alias that %s, by its server', async (_what, parts, names) => {
    const answers = [cname('a.test', 'b.test')];
    const replies = { 'a.test': { ...parts, answers }, 'b.test': {} };
    expect(await follow(replies)).toMatchObject({ names, data: [], isUnserved: false });
  });

  test('ends though its aliases are a loop', async () => {
    const [there, back] = [cname('a.test', 'b.test'), cname('b.test', 'a.test')];
    expect(await follow({ 'a.test': { answers: [there, back] } })).toMatchObject({ data: [] });
    const { names, isUnserved } = await follow({
      'a.test': { answers: [there] },
      'b.test': { answers: [back] },
    });
    expect(names).toHaveLength(9);
    expect(isUnserved).toBe(true);
  });

  test('for an alias itself does not follow it', async () => {
    const replies = { 'a.test': { answers: [cname('a.test', 'b.test')] } };
    expect(await follow(replies, { name: 'a.test', type: 'CNAME' })).toMatchObject({
      names: ['a.test'],
      data: ['b.test'],
    });
  });

  test('tells when the name at its end is not answered', async () => {
    const first = reply(packet.decode(encodeQuery(1, question)), {
      answers: [cname('a.test', 'b.test')],
    });
    const silence: Answer = { kind: 'silence', ignored: 0 };
    const ask = async (each: Question) =>
      each.name === 'a.test' ? (readMessage(first, each) as Answer) : silence;
    expect(await askFollowing(ask, question)).toEqual({
      answer: silence,
      records: [],
      alias: 'b.test',
    });
  });
});

function ns(name: string): packet.Answer {
  return { type: 'NS', name, ttl: 60, data: `ns.${name}` };
}
