import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { version } from '../../package.json';
import { lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';
import { startRbldnsd } from '../support/rbldnsd.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const read = (file: string) => readFileSync(join(examples, file), 'utf8');
const image = `ghcr.io/lbcheck/lbcheck:${version}`;

/** Runs `serve --test` for a file of checks. */
const judge = (file: string) => lbcheck(['serve', file, '--test']);

test('the file of checks for compose is right, and names the service of the list', async () => {
  const { code, stdout } = await judge(join(examples, 'compose/checks'));
  expect(stdout).toMatch(/^dnsbl +rbl +rbldnsd:53 /m);
  expect(code).toBe(0);
  expect(Object.keys(parse(read('compose/compose.yaml')).services)).toContain('rbldnsd');
});

test('the list for compose passes its check', async () => {
  const list = await startRbldnsd(onTestFinished, {
    'dnsbl.example.org': { type: 'ip4set', text: read('compose/zones/dnsbl') },
  });
  const { stdout } = await lbcheck([
    'rbl',
    '127.0.0.1',
    String(list.port),
    '--zone',
    'dnsbl.example.org',
    '--reply',
    'plugin',
  ]);
  expect(stdout).toMatch(/^RBL OK/);
});

test('the checks in the ConfigMap of Kubernetes are right', async () => {
  const [config, deployment] = parseAllDocuments(read('kubernetes/sidecar.yaml')).map(
    (document) => {
      expect(document.errors).toEqual([]);
      return document.toJS();
    },
  );
  const folder = await directory(onTestFinished, { checks: config.data.checks });
  expect((await judge(join(folder, 'checks'))).code).toBe(0);
  const { containers, volumes } = deployment.spec.template.spec;
  expect(containers.map(({ name }: { name: string }) => name)).toEqual(['rbldnsd', 'lbcheck']);
  expect(volumes[0].configMap.name).toBe(config.metadata.name);
  expect(containers[0].readinessProbe.httpGet).toEqual({ path: '/dnsbl', port: 8088 });
});

test('the command in the task definition of ECS is right', async () => {
  const containers = JSON.parse(read('ecs/containers.json'));
  const { command, healthCheck } = containers[1];
  const oneShot = command.slice(0, command.indexOf('--listen'));
  const { stdout } = await lbcheck([...oneShot, '--reply', 'plugin', '--timeout', '0.1']);
  expect(stdout).toMatch(/^RBL (CRITICAL|OK)/);
  const health = await lbcheck(healthCheck.command.slice(2));
  expect(health.stderr).toBe('');
});

test.each(['compose/compose.yaml', 'kubernetes/sidecar.yaml', 'ecs/containers.json'])(
  '%s takes the image of this version',
  (file) => {
    expect(read(file)).toMatch(new RegExp(`image"?: "?${image.replaceAll('.', '\\.')}"?,?\n`));
  },
);

test.runIf(spawnSync('terraform', ['version']).status === 0)('terraform reads main.tf', () => {
  const { status } = spawnSync('terraform', [`-chdir=${join(examples, 'ecs')}`, 'fmt', '-check']);
  expect(status).toBe(0);
});
