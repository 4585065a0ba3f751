import { Declined, type StartTls } from './conversation.ts';
import { quote } from './quote.ts';
import { readReply } from './reply-codes.ts';

/** RFC 4217 section 4. */
export const ftp: StartTls = {
  goodbye: 'QUIT\r\n',
  async ask(talk) {
    const greeting = await readReply(talk, 'FTP');
    if (greeting.code !== 220) throw new Declined(`greets with ${quote(greeting.last)}`);
    talk.send('AUTH TLS\r\n');
    const { code, last } = await readReply(talk, 'FTP');
    if (code !== 234) throw new Declined(`refuses AUTH TLS: ${quote(last)}`);
  },
};
