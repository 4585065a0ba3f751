import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck } from '../support/executable.ts';
import { fakeProgram, isRunning } from '../support/fake-program.ts';
import { shownBlock } from '../support/pages.ts';
import { directory, start, until } from '../support/programs.ts';
import { configureNagios, installPlugins } from '../support/syn-monitoring.ts';
import {
  makeNamespace,
  type Namespace,
  ownAddress,
  runInside,
  startCounting,
} from '../support/syn-namespace.ts';

const cleanUp = afterThisFile();
let namespace: Namespace;
let plugin: string;
beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
  plugin = join(await installPlugins(cleanUp), 'check_tcp_half_open');
  await startCounting(cleanUp, namespace, ownAddress, 25, '127.0.0.1', 25);
});

/** Runs a program to its end, and returns all that it printed. */
async function judge(command: string, args: readonly string[]) {
  const { code, stdout, stderr } = await lbcheck(args, { command, input: '' });
  return { code, text: stdout + stderr };
}

describe('Nagios', () => {
  test('accepts the configuration, and would not accept a wrong one', async () => {
    const { main } = await configureNagios(onTestFinished, shownBlock('nagios'), ownAddress);
    const { code, text } = await judge('nagios4', ['-v', main]);
    expect(text).toMatch(/Total Warnings: 0\nTotal Errors: +0\n/);
    expect(code).toBe(0);
    const wrong = shownBlock('nagios').replace('command_name', 'command_nam');
    const other = await configureNagios(onTestFinished, wrong, ownAddress);
    expect(await judge('nagios4', ['-v', other.main])).toMatchObject({ code: 1 });
  });

  test('runs the check, and reads its state and its perfdata', async () => {
    const { main, status } = await configureNagios(
      onTestFinished,
      shownBlock('nagios'),
      ownAddress,
    );
    const [command, ...enter] = namespace.enter;
    const nagios = await start(onTestFinished, command, [...enter, 'nagios4', main]);
    let service = '';
    await until('Nagios has checked', async () => {
      if (nagios.hasEnded()) throw new Error(nagios.output());
      const text = await readFile(status, 'utf8').catch(() => '');
      service = /servicestatus \{[^}]*has_been_checked=1[^}]*\}/.exec(text)?.[0] ?? '';
      return service !== '';
    });
    expect(service).toMatch('current_state=0\n');
    expect(service).toMatch(`plugin_output=SYN OK - ${ownAddress}:25 is open (syn-ack)\n`);
    expect(service).toMatch(/performance_data=time=[\d.]+s;;;0;1\.5\n/);
  });
});

describe('Icinga 2', () => {
  /** Lets Icinga check a configuration with a host for it. */
  async function validate(text: string) {
    const host = `object Host "mx1" {\n  check_command = "tcp_half_open"\n  address = "${ownAddress}"\n  vars.half_open_port = 25\n  vars.smtp = true\n}\n`;
    const files = await directory(onTestFinished, {
      'icinga2.conf': `include <itl>\nobject CheckerComponent "checker" {}\n${text}\n${host}`,
    });
    const constants = {
      ...{ PluginDir: '/usr/lib/nagios/plugins', NodeName: 'test' },
      ...{ DataDir: files, CacheDir: files, SpoolDir: files, LogDir: files, InitRunDir: files },
      ...{ RunAsUser: 'root', RunAsGroup: 'root' },
    };
    const defines = Object.entries(constants).flatMap(([name, value]) => [
      '-D',
      `${name}=${value}`,
    ]);
    return judge('icinga2', ['daemon', '-C', '-c', join(files, 'icinga2.conf'), ...defines]);
  }

  test('accepts the configuration, and would not accept a wrong one', async () => {
    const { code, text } = await validate(shownBlock('icinga2'));
    expect(text).toMatch('Instantiated 1 Service.');
    expect(text).not.toMatch(/warning|critical\//);
    expect(code).toBe(0);
    const wrong = shownBlock('icinga2').replace('arguments =', 'argument =');
    expect(await validate(wrong)).toMatchObject({ code: 1 });
  });
});

describe('keepalived', () => {
  /** Lets keepalived check a configuration, with the plugin at its installed path. */
  async function validate(text: string) {
    const path = text.replace('/usr/lib/nagios/plugins/check_tcp_half_open', plugin);
    const files = await directory(onTestFinished, { 'keepalived.conf': path });
    return judge('keepalived', ['-t', '-f', join(files, 'keepalived.conf')]);
  }

  test('accepts the configuration, and would not accept a wrong one', async () => {
    expect(await validate(shownBlock('keepalived'))).toEqual({ code: 0, text: '' });
    const wrong = shownBlock('keepalived').replace('misc_path', 'misc_pat');
    const { code, text } = await validate(wrong);
    expect(text).toMatch("Unknown keyword 'misc_pat'");
    expect(code).not.toBe(0);
  });
});

describe('FarmGuardian', () => {
  /** As ZEVENET's Perl does: a shell line, its output read to the end, an alarm, the exit code. */
  async function guard(args: string): Promise<{ code: number | string; seconds: number }> {
    const library = (await judge('sh', ['-c', 'ldd $(command -v nmap) | grep -o "/.*libm.so.6"']))
      .text;
    const line = `MARK=0x7 LD_PRELOAD=${library.trim()} ${plugin} ${args}`;
    const [command, ...enter] = namespace.enter;
    const begin = performance.now();
    return new Promise((over) => {
      const limits = { timeout: 8000, killSignal: 'SIGKILL' } as const;
      execFile(command, [...enter, 'sh', '-c', line], limits, (error) => {
        const code = error === null ? 0 : (error.code ?? 'alarm');
        over({ code, seconds: (performance.now() - begin) / 1000 });
      });
    });
  }

  test('has 0 for an open port, and another code for a closed one', async () => {
    expect(await guard('127.0.0.1 25')).toMatchObject({ code: 0 });
    expect(await guard('127.0.0.1 26')).toMatchObject({ code: 2 });
  });

  test('has its mark and its library passed on to nmap', async () => {
    const nmap = await fakeProgram(onTestFinished, 'echo "$MARK $LD_PRELOAD" >environment');
    await guard(`127.0.0.1 25 --nmap ${nmap.path}`);
    expect(await nmap.file('environment')).toMatch(/^0x7 \/.*libm\.so\.6\n$/);
  });

  test('gets its pipe back at the deadline, though nmap and its child hang', async () => {
    const nmap = await fakeProgram(onTestFinished, 'sleep 60 & echo $$ $! >pids; wait');
    const { code, seconds } = await guard(`127.0.0.1 25 -t 1 --engine nmap --nmap ${nmap.path}`);
    expect(code).toBe(3);
    expect(seconds).toBeLessThan(5);
    for (const pid of (await nmap.file('pids')).trim().split(' ')) {
      await until(`${pid} is gone`, async () => !(await isRunning(Number(pid))));
    }
  });
});

test('the plugin is the link that scripts/install makes', async () => {
  const { code, stdout, stderr } = await runInside(namespace, plugin, ownAddress, '25');
  expect(stdout).toMatch(
    /^SYN OK - 192\.0\.2\.1:25 is open \(syn-ack\) \| time=0\.\d+s;;;0;1\.5\n$/,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const version = await lbcheck(['-V'], { command: plugin, input: '' });
  expect(version).toMatchObject({ code: 3, stdout: expect.stringMatching(/^lbcheck \d/) });
  const help = await lbcheck(['-h'], { command: plugin, input: '' });
  expect(help).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^Usage: check_tcp_half_open \[/),
  });
});
