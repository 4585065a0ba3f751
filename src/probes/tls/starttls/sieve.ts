import { quote } from './quote.ts';
import { Declined, type Session, type StartTls } from './session.ts';

/** ManageSieve, RFC 5804 section 2.2. */
export const sieve: StartTls = {
  goodbye: 'LOGOUT\r\n',
  async ask(session) {
    const { capabilities, last } = await response(session);
    if (!/^OK\b/i.test(last)) throw new Declined(`greets with ${quote(last)}`);
    if (!capabilities.some((line) => /^"STARTTLS"\s*$/i.test(line))) {
      throw new Declined('does not offer STARTTLS');
    }
    session.send('STARTTLS\r\n');
    const answer = await response(session);
    if (!/^OK\b/i.test(answer.last)) throw new Declined(`refuses STARTTLS: ${quote(answer.last)}`);
  },
};

/** The lines of a response up to the one that ends it (RFC 5804 section 1.2). */
async function response(session: Session) {
  const capabilities: string[] = [];
  for (;;) {
    const line = await session.line();
    if (/^(OK|NO|BYE)\b/i.test(line)) return { capabilities, last: line };
    if (!line.startsWith('"')) throw new Declined(`does not speak ManageSieve: ${quote(line)}`);
    capabilities.push(line);
  }
}
