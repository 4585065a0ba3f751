import { expect, onTestFinished, test } from 'vitest';
import { reply, startDnsServer } from '../support/dns-server.ts';
import { until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import { ask, startResident } from '../support/resident.ts';
import { startHeldDnsServer } from '../support/resident-dns.ts';

const checkOf = (port: number, ...more: readonly string[]) => [
  ...['rbl', '127.0.0.1', String(port), '--zone', zone, '--no-control', ...more],
];

test('a client that asks when the questions have gone out gets the answer of the next run', async () => {
  let isGood = true;
  const server = await startHeldDnsServer(onTestFinished, (query, transport) =>
    isGood ? working(query, transport) : [reply(query, { rcode: 2 })],
  );
  const { port } = await startResident(onTestFinished, checkOf(server.port, '--timeout', '20'));
  const early = ask(port);
  await until('it asks', async () => server.queries() > 0);
  const late = ask(port);
  // Refused without a question, behind the late client.
  await ask(port, 'DELETE / HTTP/1.1\r\n\r\n');
  server.releaseOldest();
  expect((await early).status).toBe(200);
  isGood = false;
  server.release();
  expect((await late).status).toBe(503);
});

test('a silent target keeps the second client no longer than a quarter of the deadline more', async () => {
  const server = await startDnsServer(() => []);
  onTestFinished(() => server.close());
  const { port } = await startResident(onTestFinished, checkOf(server.port, '--timeout', '2'));
  const first = ask(port);
  await until('it asks', async () => server.queries.length > 0);
  const start = performance.now();
  const clients = Array.from({ length: 30 }, () => ask(port));
  for (const { status } of await Promise.all(clients)) expect(status).toBe(503);
  expect(performance.now() - start).toBeLessThan(3600);
  expect((await first).status).toBe(503);
  // A question and its repetition, in two runs for all clients, or three when they come slowly.
  expect(server.queries.length).toBeLessThanOrEqual(6);
});
