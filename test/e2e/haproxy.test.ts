import { expect, test } from 'vitest';
import { startHaproxy } from '../support/haproxy.ts';
import { adapted, shownBlock } from '../support/pages.ts';
import { freePort } from '../support/programs.ts';
import { startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { startXinetd } from '../support/xinetd.ts';

test("HAProxy's option httpchk sees the server up, and down with its list server", async ({
  onTestFinished,
}) => {
  const list = await startRbldnsd(onTestFinished, { 'good.example': zoneFiles.good });
  const args = `rbl 127.0.0.1 ${list.port} --zone good.example --timeout 0.5`;
  const { port } = await startXinetd(onTestFinished, args);
  const shown = adapted(shownBlock('haproxy httpchk'), {
    '192.0.2.7:53': `127.0.0.1:${list.port}`,
    '192.0.2.8:53': `127.0.0.1:${await freePort()} disabled`,
    'port 8088': `port ${port}`,
    'inter 5s': 'inter 1s fastinter 1s downinter 200ms',
  });
  const haproxy = await startHaproxy(onTestFinished, shown);
  const state = () => haproxy.state('dnsbl/rbl1');
  const soon = { timeout: 15_000, interval: 50 };
  const up = { status: 'UP', check_status: 'L7OK', check_code: 200 };

  await expect.poll(state, soon).toMatchObject(up);
  process.kill(list.pid, 'SIGSTOP');
  await expect
    .poll(state, soon)
    .toMatchObject({ status: 'DOWN', check_status: 'L7STS', check_code: 503 });
  process.kill(list.pid, 'SIGCONT');
  await expect.poll(state, soon).toMatchObject(up);
});
