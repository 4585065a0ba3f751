import { expect, test } from 'vitest';
import { healthDocument } from '../../src/replies/formats/health-json.ts';
import { json } from '../../src/replies/json.ts';
import { reportOf, statuses } from '../support/reports.ts';
import { lateAfter, unread } from '../support/requests.ts';

test.each(statuses)(
  'a health document is rendered without reading anything (%s)',
  async (status) => {
    const request = await json.readRequest(unread, lateAfter(0));
    const report = reportOf(status);
    expect(request.kind === 'accepted' && request.render(report)).toBe(healthDocument(report));
  },
);
