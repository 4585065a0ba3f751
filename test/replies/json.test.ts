import { expect, test } from 'vitest';
import { healthDocument } from '../../src/documents/health.ts';
import { json } from '../../src/replies/json.ts';
import { reportOf, statuses } from '../support/reports.ts';

test.each(statuses)('a health document is said without hearing anything (%s)', async (status) => {
  const unopened = () => expect.unreachable('the input was opened');
  const turn = await json.hear({ arrived: unopened, input: unopened }, AbortSignal.abort());
  const report = reportOf(status);
  expect(turn.kind === 'ask' && turn.say(report)).toBe(healthDocument(report));
});
