import { quote } from './quote.ts';
import { Declined, type StartTls } from './session.ts';

/** SSLRequest: a length of 8, and a code in the place of a version (PostgreSQL, chapter 55.7). */
const sslRequest = Buffer.from('0000000804d2162f', 'hex');

/** PostgreSQL answers with one byte, and nothing may follow it (CVE-2021-23222). */
export const postgres: StartTls = {
  async ask(session) {
    session.send(sslRequest);
    const answer = (await session.bytes(1)).toString('latin1');
    if (answer === 'S') return;
    if (answer === 'N') throw new Declined('does not offer TLS');
    if (answer === 'E') throw new Declined('answers the request for TLS with an error');
    throw new Declined(`does not speak PostgreSQL: first byte ${quote(answer)}`);
  },
};
