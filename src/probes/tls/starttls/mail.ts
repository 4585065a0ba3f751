import { hostname } from 'node:os';
import { isDomainName } from '../../../net/host-names.ts';
import { quote } from './quote.ts';
import { readReply } from './reply-codes.ts';
import { Declined, type StartTls } from './session.ts';

/** SMTP and LMTP differ in the word of the first command (RFC 3207, RFC 2033 section 4.1). */
function mail(protocol: 'SMTP' | 'LMTP', hello: 'EHLO' | 'LHLO'): StartTls {
  return {
    goodbye: 'QUIT\r\n',
    async ask(session, { client }) {
      const greeting = await readReply(session, protocol);
      if (greeting.code !== 220) throw new Declined(`greets with ${quote(greeting.last)}`);
      session.send(`${hello} ${client ?? ourName()}\r\n`);
      const { code, lines, last } = await readReply(session, protocol);
      if (code !== 250) throw new Declined(`answers ${hello} with ${quote(last)}`);
      if (!lines.some((line) => /^STARTTLS\s*$/i.test(line))) {
        throw new Declined('does not offer STARTTLS');
      }
      session.send('STARTTLS\r\n');
      const answer = await readReply(session, protocol);
      if (answer.code !== 220) throw new Declined(`refuses STARTTLS: ${quote(answer.last)}`);
    },
  };
}

export const smtp = mail('SMTP', 'EHLO');
export const lmtp = mail('LMTP', 'LHLO');

/** What we call ourselves in EHLO (RFC 5321 section 4.1.1.1). */
function ourName(): string {
  const name = hostname();
  return isDomainName(name) ? name : 'localhost';
}
