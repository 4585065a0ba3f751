import { expect, test } from 'vitest';
import { exposition } from '../../src/replies/formats/exposition.ts';
import { prometheus } from '../../src/replies/prometheus.ts';
import { reportOf, statuses } from '../support/reports.ts';
import { lateAfter, unread } from '../support/requests.ts';

test.each(statuses)('an exposition for a file names its probe and target (%s)', async (status) => {
  const request = await prometheus.readRequest(unread, lateAfter(0));
  const report = reportOf(status);
  const labels = { probe: 'rbl', target: '127.0.0.1:53' };
  expect(request.kind === 'accepted' && request.render(report)).toBe(
    exposition(report, () => labels),
  );
});
