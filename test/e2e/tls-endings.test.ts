import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import { endings, openEndingTls } from '../support/tls-endings.ts';
import { ask } from '../support/tls-plugin.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a healthy server of %s', (version) => {
  test.each(endings)('whose way to end is %s passes every requirement, soon', async (ending) => {
    const server = await openEndingTls(certificates.selfSigned, version, ending);
    for (const requirement of ['connect', 'answer', 'handshake', 'handshake', 'handshake']) {
      const start = performance.now();
      expect(await ask(server, '--require', requirement)).toEqual({
        code: 0,
        summary: expect.stringMatching(`^${version} handshake completed`),
      });
      expect(performance.now() - start).toBeLessThan(5000);
    }
  });
});
