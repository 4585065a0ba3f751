import { expect, test } from 'vitest';
import { healthDocument } from '../../src/replies/formats/health-json.ts';
import { json } from '../../src/replies/json.ts';
import { reportOf, statuses } from '../support/reports.ts';

test.each(statuses)('a health document is said without hearing anything (%s)', async (status) => {
  const unopened = () => expect.unreachable('the input was opened');
  const turn = await json.readRequest({ arrived: unopened, input: unopened }, AbortSignal.abort());
  const report = reportOf(status);
  expect(turn.kind === 'accepted' && turn.render(report)).toBe(healthDocument(report));
});
