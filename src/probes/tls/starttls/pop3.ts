import { quote } from './quote.ts';
import { Declined, type Session, type StartTls } from './session.ts';

/** RFC 2595 section 4, with the capabilities of RFC 2449. */
export const pop3: StartTls = {
  goodbye: 'QUIT\r\n',
  async ask(session) {
    const greeting = await session.line();
    if (!/^(\+OK|-ERR)/.test(greeting))
      throw new Declined(`does not speak POP3: ${quote(greeting)}`);
    if (greeting.startsWith('-')) throw new Declined(`greets with ${quote(greeting)}`);
    session.send('CAPA\r\n');
    if (!(await offersStls(session))) throw new Declined('does not offer STLS');
    session.send('STLS\r\n');
    const answer = await session.line();
    if (!answer.startsWith('+OK')) throw new Declined(`refuses STLS: ${quote(answer)}`);
  },
};

/** A server without a list of capabilities may know STLS all the same. */
async function offersStls(session: Session): Promise<boolean> {
  if (!(await session.line()).startsWith('+OK')) return true;
  let offers = false;
  for (;;) {
    const line = await session.line();
    if (line === '.') return offers;
    if (/^STLS\s*$/i.test(line)) offers = true;
  }
}
