import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startHaproxy } from '../support/haproxy.ts';
import { adapted, shownBlock } from '../support/pages.ts';
import { directory, freePort } from '../support/programs.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { exchange, startXinetd, type Xinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
let list: Rbldnsd;
let agent: Xinetd;
let drainFile: string;
let check: string;

beforeAll(async () => {
  list = await startRbldnsd(cleanUp, { 'good.example': zoneFiles.good });
  drainFile = join(await directory(cleanUp), 'drain');
  check = `rbl 127.0.0.1 ${list.port} --zone good.example --timeout 0.5`;
  const args = `${check} --reply haproxy --drain-file ${drainFile}`;
  agent = await startXinetd(cleanUp, args, {}, 'lbcheck-agent');
});

describe('the shipped agent', () => {
  test.each<[string, readonly string[]]>([
    ['nothing', []],
    ['an agent-send string', ['rbl1\n']],
    ['a request', ['GET / HTTP/1.1\r\n\r\n']],
    ['200 KB', ['x'.repeat(200_000)]],
  ])('answers one line to who sends %s, and never with a reset', async (_what, parts) => {
    for (let count = 0; count < 5; count += 1) {
      const { text, error } = await exchange(agent.port, parts);
      expect({ text, error }).toEqual({ text: 'up ready\n', error: undefined });
    }
  });

  test('takes a server of HAProxy up, down with the reason, into drain, and up again', async () => {
    const { port } = await startXinetd(cleanUp, check);
    const shown = adapted(shownBlock('haproxy agent'), {
      '192.0.2.7:53': `127.0.0.1:${await freePort()}`,
      '192.0.2.8:53': `127.0.0.1:${await freePort()} disabled`,
      'port 8088': `port ${port}`,
      'agent-port 8091': `agent-port ${agent.port}`,
      // The agent is faster than the health check, so the change that we see is the agent's.
      'agent-inter 5s': 'agent-inter 1s',
      ' inter 5s': ' inter 5s fastinter 1s downinter 200ms',
    });
    const haproxy = await startHaproxy(cleanUp, shown);
    const state = () => haproxy.state('dnsbl/rbl1');
    const soon = { timeout: 15_000, interval: 50 };
    const up = { status: 'UP', agent_status: 'L7OK', last_agt: expect.stringMatching('up') };

    await expect.poll(state, soon).toMatchObject(up);
    process.kill(list.pid, 'SIGSTOP');
    await expect.poll(state, soon).toMatchObject({
      ...{ status: 'DOWN (agent)', agent_status: 'L7STS' },
      last_agt: expect.stringContaining('good.example: no answer from 127.0.0.1'),
    });
    process.kill(list.pid, 'SIGCONT');
    await expect.poll(state, soon).toMatchObject(up);
    await writeFile(drainFile, '');
    await expect.poll(state, soon).toMatchObject({ status: 'DRAIN (agent)' });
    await rm(drainFile);
    await expect.poll(state, soon).toMatchObject(up);
  });
});
