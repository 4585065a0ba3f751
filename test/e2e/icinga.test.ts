import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adapted, shownBlock } from '../support/pages.ts';
import { directory, start } from '../support/programs.ts';
import { installPlugins } from '../support/syn-monitoring.ts';
import { makeNamespace, ownAddress, startCounting } from '../support/syn-namespace.ts';

/** A host for the shown service, and a writer that stores its results every second. */
const objects = (files: string) => `
object CheckerComponent "checker" {}
object PerfdataWriter "perfdata" {
  service_perfdata_path = "${files}/checked"
  service_temp_path = "${files}/new"
  host_perfdata_path = "${files}/host"
  host_temp_path = "${files}/host-new"
  service_format_template = "$service.state$: $service.output$ | $service.perfdata$"
  rotation_interval = 1s
}
object Host "mx1" {
  check_command = "tcp_half_open"
  address = "${ownAddress}"
  vars.half_open_port = 25
  vars.smtp = true
}
`;

test('Icinga 2 runs the check, and reads its state and its perfdata', async ({
  onTestFinished,
}) => {
  const namespace = await makeNamespace(onTestFinished);
  await startCounting(onTestFinished, namespace, ownAddress, 25);
  const files = await directory(onTestFinished);
  // Without this, Icinga would begin after some minutes.
  const often = { 'half_open_port = 25': 'half_open_port = 25\n  check_interval = 1s' };
  const service = adapted(shownBlock('icinga2'), often);
  const main = await directory(onTestFinished, {
    'icinga2.conf': `include <itl>\n${objects(files)}${service}`,
  });
  const constants = {
    ...{ PluginDir: await installPlugins(onTestFinished), NodeName: 'test' },
    ...{ DataDir: files, CacheDir: files, SpoolDir: files, LogDir: files, InitRunDir: files },
    ...{ RunAsUser: 'root', RunAsGroup: 'root', 'Configuration.PidPath': join(files, 'pid') },
  };
  const defines = Object.entries(constants).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const [command, ...enter] = namespace.enter;
  const args = ['icinga2', 'daemon', '-c', join(main, 'icinga2.conf'), ...defines];
  const icinga = await start(onTestFinished, command, [...enter, ...args]);
  const checked = async () => {
    if (icinga.hasEnded()) throw new Error(icinga.output());
    const names = (await readdir(files)).filter((name) => name.startsWith('checked.'));
    const texts = names.map((name) => readFile(join(files, name), 'utf8'));
    return (await Promise.all(texts)).join('');
  };

  await expect
    .poll(checked, { timeout: 20_000, interval: 200 })
    .toMatch(
      /^OK: SYN OK - 192\.0\.2\.1:25 is open \(syn-ack\) +\| time=[\d.]+s;;;0(\.0+)?;1\.5\d*$/m,
    );
});
