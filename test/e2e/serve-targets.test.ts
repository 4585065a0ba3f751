import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { adapted, shownBlock } from '../support/pages.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { ask } from '../support/resident.ts';
import { startServe } from '../support/serve.ts';
import { isListening } from '../support/xinetd.ts';

const probe = (port: number, query: string) => ask(port, `GET /probe?${query} HTTP/1.1\r\n\r\n`);

/** A server that closes every connection at once, and counts them. */
async function countingServer(host = '127.0.0.1') {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).end();
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, host, done));
  onTestFinished(() => void server.close());
  return { port, connections: () => connections };
}

describe('/probe', () => {
  test('asks a target that --allow-targets covers', async () => {
    const server = await countingServer();
    const options = ['--allow-targets', '127.0.0.0/8'];
    const serve = await startServe(onTestFinished, 'web tls {target}\n', options);
    const { status, body } = await probe(serve.port, `check=web&target=127.0.0.1:${server.port}`);
    expect(status).toBe(200);
    expect(body).toMatch(/^probe_success\{check="web"\} 1$/m);
    expect(server.connections()).toBe(1);
  });

  test('is where a file of such lines alone leads to: at / nothing is known', async () => {
    const serve = await startServe(onTestFinished, 'web tls {target}\n');
    const { status, body } = await ask(serve.port, 'GET / HTTP/1.1\r\n\r\n');
    expect(status).toBe(503);
    expect(body).toMatch(/needs a target: \/probe\?check=NAME&target=HOST:PORT/);
    expect((await ask(serve.port, 'GET /metrics HTTP/1.1\r\n\r\n')).status).toBe(200);
  });

  test('has a dead target as probe_success 0', async () => {
    const options = ['--allow-targets', '127.0.0.1'];
    const serve = await startServe(onTestFinished, `web tls {target}\n`, options);
    const target = `127.0.0.1:${await freePort()}`;
    const { status, body } = await probe(serve.port, `check=web&target=${target}`);
    expect(status).toBe(200);
    expect(body).toMatch(/^probe_success\{check="web"\} 0$/m);
  });

  test.each([
    ['an address outside', '127.0.0.2'],
    ['an IPv6 address', '[::1]'],
    ['an IPv4-mapped address outside', '[::ffff:127.0.0.2]'],
    ['an IPv4-mapped address in hexadecimal', '[::ffff:7f00:2]'],
    ['a name that resolves outside', 'localhost'],
    ['an octal address', '0177.0.0.1'],
    ['a hexadecimal address', '0x7f000002'],
    ['a decimal address', '2130706434'],
    ['a short address', '127.2'],
    ['a network', '127.0.0.1/8'],
    ['an option', '-iL'],
    ['a URL', 'http://127.0.0.1'],
    ['nothing', ''],
  ])('never asks %s: %s', async (_title, host) => {
    const server = await countingServer();
    const options = ['--allow-targets', '127.0.0.9/32'];
    const serve = await startServe(onTestFinished, 'web tls {target}\n', options);
    const target = encodeURIComponent(`${host}:${server.port}`);
    expect((await probe(serve.port, `check=web&target=${target}`)).status).toBe(403);
    expect(server.connections()).toBe(0);
  });

  test('asks an allowed address however it is written', async () => {
    const server = await countingServer();
    const options = ['--allow-targets', '127.0.0.1'];
    const serve = await startServe(onTestFinished, 'web tls {target}\n', options);
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]']) {
      const target = encodeURIComponent(`${host}:${server.port}`);
      expect((await probe(serve.port, `check=web&target=${target}`)).status).toBe(200);
    }
    expect(server.connections()).toBe(2);
  });

  test('asks nothing at all without --allow-targets', async () => {
    const serve = await startServe(onTestFinished, 'web tls {target} 1\n');
    expect((await probe(serve.port, 'check=web&target=127.0.0.1')).status).toBe(403);
  });

  test('tells why in text and JSON, with the status line of any other check', async () => {
    const options = ['--allow-targets', '127.0.0.1'];
    const serve = await startServe(onTestFinished, 'web tls {target} -v\n', options);
    const target = `127.0.0.1:${await freePort()}`;
    const { status, body } = await probe(serve.port, `check=web&target=${target}&format=text`);
    expect(status).toBe(503);
    const [verdict, reason, step] = body.split('\n');
    expect(verdict).toBe('TLS is not running or not accessible.');
    expect(reason).toMatch(`${target}`);
    expect(step).toMatch(/^\d+\.\d ms: could not connect/);
    const json = await probe(serve.port, `check=web&target=${target}&format=json`);
    expect(JSON.parse(json.body)).toMatchObject({ status: 'fail', output: reason });
  });

  test('asks nothing while the drain file of the line exists', async () => {
    const server = await countingServer();
    const drainFile = join(await directory(onTestFinished, { drain: '' }), 'drain');
    const line = `web tls {target} --drain-file ${drainFile} --drain-code 404\n`;
    const serve = await startServe(onTestFinished, line, ['--allow-targets', '127.0.0.1']);
    const query = `check=web&target=127.0.0.1:${server.port}`;
    expect((await probe(serve.port, query)).body).toMatch(/^lbcheck_draining\{check="web"\} 1$/m);
    expect((await probe(serve.port, `${query}&format=text`)).status).toBe(404);
    expect(server.connections()).toBe(0);
    await rm(drainFile);
    expect((await probe(serve.port, query)).body).toMatch(/^probe_success\{check="web"\} 1$/m);
    expect(server.connections()).toBe(1);
  });

  test('gives an answer again for as long as --hold of the line says', async () => {
    const server = await countingServer();
    const options = ['--allow-targets', '127.0.0.0/8'];
    const serve = await startServe(onTestFinished, 'web tls {target} --hold 60\n', options);
    const query = `check=web&target=127.0.0.1:${server.port}`;
    for (let count = 0; count < 3; count += 1) await probe(serve.port, query);
    expect(server.connections()).toBe(1);
    await probe(serve.port, `check=web&target=localhost:${server.port}`);
    expect(server.connections()).toBe(2);
  });

  test.each([
    ['check=web', 400],
    ['target=127.0.0.1', 400],
    ['check=web&target=127.0.0.1&target=127.0.0.2', 400],
    ['check=nothing&target=127.0.0.1', 404],
  ])('?%s is %d', async (query, status) => {
    const options = ['--allow-targets', '127.0.0.1'];
    const serve = await startServe(onTestFinished, 'web tls {target} 1\n', options);
    expect((await probe(serve.port, query)).status).toBe(status);
  });
});

test('a Prometheus has 50 targets of its file_sd_configs checked', async () => {
  const server = await countingServer('0.0.0.0');
  const options = ['--allow-targets', '127.0.0.0/8'];
  const serve = await startServe(onTestFinished, 'license tls {target}\n', options);
  const addresses = Array.from({ length: 49 }, (_unused, index) => `127.0.0.${index + 1}`);
  const dead = `127.0.0.50:${await freePort()}`;
  const targets = [...addresses.map((address) => `${address}:${server.port}`), dead];
  const files = await directory(onTestFinished, { 'targets.json': JSON.stringify([{ targets }]) });
  const configuration = adapted(shownBlock('yaml multi-target'), {
    '/etc/prometheus/license-servers.json': join(files, 'targets.json'),
    '127.0.0.1:8088': `127.0.0.1:${serve.port}`,
    'scrape_interval: 15s': 'scrape_interval: 2s',
    'scrape_timeout: 5s': 'scrape_timeout: 2s',
  });
  await writeFile(join(files, 'prometheus.yml'), configuration);
  const port = await freePort();
  await start(onTestFinished, 'prometheus', [
    `--config.file=${join(files, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(files, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until('Prometheus listens', () => isListening(port));
  const query = async (expression: string) => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { data } = (await (await fetch(url)).json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result;
  };
  await until('all targets are scraped', async () => (await query('probe_success')).length === 50);
  const results = await query('probe_success');
  expect(results.filter(({ metric }) => metric.check !== 'license')).toEqual([]);
  expect(results.map(({ metric }) => metric.instance).sort()).toEqual(targets.sort());
  const failed = results.filter(({ value: [, success] }) => success === '0');
  expect(failed.map(({ metric }) => metric.instance)).toEqual([dead]);
});
