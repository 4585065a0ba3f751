import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck } from '../support/executable.ts';
import { startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { ask } from '../support/resident.ts';
import { shellCheck, startServe } from '../support/serve.ts';
import { makeCertificates } from '../support/tls-certificates.ts';
import { startOpenssl } from '../support/tls-server.ts';

const folder = resolve(import.meta.dirname, '../../examples');

describe('the alert rules', () => {
  test.each([
    ['check', ['check', 'rules', join(folder, 'prometheus/alerts.yml')]],
    ['test', ['test', 'rules', join(folder, 'prometheus/alerts.test.yml')]],
  ])('pass promtool %s', async (_what, args) => {
    const { code, stdout, stderr } = await lbcheck(args, { command: 'promtool', input: '' });
    expect({ code, printed: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, printed: '' });
  });
});

describe('the metrics that the examples name', () => {
  let exported: Set<string>;
  const cleanUp = afterThisFile();

  beforeAll(async () => {
    const aged = `$SOA 60 ns.x. m.x. 0 60 60 60 60\n${zoneFiles.good.text}`;
    const list = await startRbldnsd(cleanUp, { 'a.example': { type: 'ip4set', text: aged } });
    const tls = await startOpenssl(cleanUp, (await makeCertificates(cleanUp)).server);
    const serve = await startServe(
      cleanUp,
      `dnsbl rbl 127.0.0.1 ${list.port} --zone a.example --max-age 1d
license tls ${tls.address} ${tls.port}
${shellCheck('plugin', 'echo "OK | a=1"')}`,
    );
    const { body } = await ask(serve.port, 'GET /metrics HTTP/1.1\r\n\r\n');
    exported = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
  });

  test.each(['grafana/lbcheck.json', 'prometheus/alerts.yml'])('%s are exported', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const named = new Set(text.match(/\b(?:lbcheck|probe)_[a-z_]+\b/g));
    expect(named.size).toBeGreaterThan(4);
    expect([...named].filter((name) => !exported.has(name))).toEqual([]);
  });
});

test('the dashboard has panels of its own places, each with a question', () => {
  const { panels } = JSON.parse(readFileSync(join(folder, 'grafana/lbcheck.json'), 'utf8'));
  expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
  for (const { targets } of panels) expect(targets.length).toBeGreaterThan(0);
});
