import { quote } from './quote.ts';
import { readReply } from './reply-codes.ts';
import { Declined, type StartTls } from './session.ts';

/** RFC 4217 section 4. */
export const ftp: StartTls = {
  goodbye: 'QUIT\r\n',
  async ask(session) {
    const greeting = await readReply(session, 'FTP');
    if (greeting.code !== 220) throw new Declined(`greets with ${quote(greeting.last)}`);
    session.send('AUTH TLS\r\n');
    const { code, last } = await readReply(session, 'FTP');
    if (code !== 234) throw new Declined(`refuses AUTH TLS: ${quote(last)}`);
  },
};
