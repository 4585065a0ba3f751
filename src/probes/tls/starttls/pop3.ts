import { type Conversation, Declined, type StartTls } from './conversation.ts';
import { quote } from './quote.ts';

/** RFC 2595 section 4, with the capabilities of RFC 2449. */
export const pop3: StartTls = {
  goodbye: 'QUIT\r\n',
  async ask(talk) {
    const greeting = await talk.line();
    if (!/^(\+OK|-ERR)/.test(greeting))
      throw new Declined(`does not speak POP3: ${quote(greeting)}`);
    if (greeting.startsWith('-')) throw new Declined(`greets with ${quote(greeting)}`);
    talk.send('CAPA\r\n');
    if (!(await offersStls(talk))) throw new Declined('does not offer STLS');
    talk.send('STLS\r\n');
    const answer = await talk.line();
    if (!answer.startsWith('+OK')) throw new Declined(`refuses STLS: ${quote(answer)}`);
  },
};

/** A server without a list of capabilities may know STLS all the same. */
async function offersStls(talk: Conversation): Promise<boolean> {
  if (!(await talk.line()).startsWith('+OK')) return true;
  let offers = false;
  for (;;) {
    const line = await talk.line();
    if (line === '.') return offers;
    if (/^STLS\s*$/i.test(line)) offers = true;
  }
}
