import { expect, test } from 'vitest';
import { exposition } from '../../src/replies/formats/exposition.ts';
import { prometheus } from '../../src/replies/prometheus.ts';
import { reportOf, statuses } from '../support/reports.ts';

test.each(statuses)('an exposition for a file names its probe and target (%s)', async (status) => {
  const unopened = () => expect.unreachable('the input was opened');
  const request = await prometheus.readRequest(
    { arrived: unopened, input: unopened },
    AbortSignal.abort(),
  );
  const report = reportOf(status);
  const labels = { probe: 'rbl', target: '127.0.0.1:53' };
  expect(request.kind === 'accepted' && request.render(report)).toBe(
    exposition(report, () => labels),
  );
});
