import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNmapXml } from '../../../../src/probes/syn/nmap/xml.ts';

/** What nmap 7.93 printed. */
const printed = (name: string) =>
  readFileSync(resolve(import.meta.dirname, `../../../fixtures/nmap/${name}.xml`), 'utf8');

describe('the output of nmap 7.93', () => {
  test.each([
    ['open', 25, 'open', 'syn-ack'],
    ['closed', 26, 'closed', 'reset'],
    ['filtered', 2001, 'filtered', 'no-response'],
    ['prohibited', 2002, 'filtered', 'admin-prohibited'],
    ['ipv6', 65535, 'open', 'syn-ack'],
    ['two-ports', 25, 'open', 'syn-ack'],
    ['two-ports', 26, 'closed', 'reset'],
    ['verbose', 26, 'closed', 'reset'],
  ])('%s reports port %s: %s, %s', (name, port, state, reason) => {
    expect(readNmapXml(printed(name), port)).toEqual({ kind: 'state', state, reason });
  });

  test.each(['no-route', 'host-timeout', 'host-down', 'unresolved'])('%s has no state', (name) => {
    expect(readNmapXml(printed(name), 25)).toMatchObject({ kind: 'no-state' });
  });

  test('tells why a host has no state', () => {
    expect(readNmapXml(printed('host-down'), 25)).toEqual({
      kind: 'no-state',
      isDown: true,
      host: 'down, no-response',
    });
  });

  test("tells why nmap gave up, in nmap's text", () => {
    expect(readNmapXml(printed('no-raw-socket'), 25)).toEqual({
      kind: 'failed',
      message: "Couldn't open a raw socket. Error: Operation not permitted (1)",
    });
  });

  test('is unreadable wherever it is cut', () => {
    const whole = printed('open').trimEnd();
    for (let length = 0; length < whole.length; length += 1) {
      expect(readNmapXml(whole.slice(0, length), 25)).toEqual({ kind: 'unreadable' });
    }
  });
});

describe('XML of any layout', () => {
  const expected = { kind: 'state', state: 'open', reason: 'syn-ack' };

  test.each([
    ['line breaks between elements', (xml: string) => xml.replaceAll('><', '>\n  <')],
    ['line breaks in tags', (xml: string) => xml.replaceAll(/ (?=\w+="[^"]*"[ />])/g, '\n\t')],
    [
      'attributes in another order',
      (xml: string) =>
        xml
          .replace('state="open" reason="syn-ack"', 'reason="syn-ack" x="" state="open"')
          .replace('protocol="tcp" portid="25"', 'portid="25" protocol="tcp"'),
    ],
    ['elements between', (xml: string) => xml.replace('<state ', '<extra a="b"/><state ')],
  ])('is read: %s', (_what, change) => {
    const xml = printed('open');
    expect(change(xml)).not.toBe(xml);
    expect(readNmapXml(change(xml), 25)).toEqual(expected);
  });
});

describe('the state of a port', () => {
  const two = printed('two-ports');

  test('is not that of a port whose number begins or ends alike', () => {
    for (const other of [2, 5, 250, 125, 65535]) {
      expect(readNmapXml(two, other)).toMatchObject({ kind: 'no-state' });
    }
  });

  test('is not that of the same port of another protocol', () => {
    const udp = printed('open').replace('protocol="tcp" portid', 'protocol="udp" portid');
    expect(readNmapXml(udp, 25)).toMatchObject({ kind: 'no-state' });
  });

  test('is not that of the port behind it', () => {
    const xml = printed('two-ports').replace(/(portid="25">)<state [^>]*>/, '$1');
    expect(readNmapXml(xml, 25)).toMatchObject({ kind: 'no-state' });
    expect(readNmapXml(xml, 26)).toMatchObject({ kind: 'state', state: 'closed' });
  });

  test('is not read from a text that nmap quotes', () => {
    const forged = '&lt;port protocol=&quot;tcp&quot; portid=&quot;25&quot;&gt;&lt;state';
    const text = printed('closed').replace('args="', `args="${forged}`);
    expect(readNmapXml(text, 25)).toMatchObject({ kind: 'no-state' });
  });
});

test("nmap's text is shown without XML's entities", () => {
  const text = printed('no-raw-socket').replace(
    /errormsg="[^"]*"/,
    'errormsg="&lt;-&#45;min-rate&gt; &amp;lt; &quot;1&quot; &apos;x&apos;"',
  );
  expect(readNmapXml(text, 25)).toEqual({
    kind: 'failed',
    message: `<--min-rate> &lt; "1" 'x'`,
  });
});

test.each(['', 'rubbish', '<nmaprun>', '</nmaprun>', '\0'.repeat(100), '<'.repeat(65536)])(
  'what is not the XML of nmap is unreadable (row %#)',
  (text) => {
    expect(readNmapXml(text, 25)).toEqual({ kind: 'unreadable' });
  },
);

test.each(['<finished ', '<port protocol="tcp" portid="1"><state ', '<host '])(
  'a long text of %s is read in no time',
  (part) => {
    const text = `${part.repeat(65536 / part.length)}<finished exit="success"/></nmaprun>`;
    const start = performance.now();
    readNmapXml(text, 25);
    expect(performance.now() - start).toBeLessThan(2000);
  },
);
