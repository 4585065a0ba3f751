import { quote } from './quote.ts';
import { Declined, type Session, type StartTls } from './session.ts';

/** RFC 3501 section 6.2.1. */
export const imap: StartTls = {
  goodbye: 'x LOGOUT\r\n',
  async ask(session) {
    const greeting = await session.line();
    if (!greeting.startsWith('* ')) throw new Declined(`does not speak IMAP: ${quote(greeting)}`);
    if (!/^\* OK\b/i.test(greeting)) throw new Declined(`greets with ${quote(greeting)}`);
    session.send('a CAPABILITY\r\n');
    const { untagged } = await answerTo('a', session);
    if (!untagged.some((line) => /^\* CAPABILITY\b.* STARTTLS\b/i.test(line))) {
      throw new Declined('does not offer STARTTLS');
    }
    session.send('b STARTTLS\r\n');
    const { tagged } = await answerTo('b', session);
    if (!/^b OK\b/i.test(tagged)) throw new Declined(`refuses STARTTLS: ${quote(tagged)}`);
  },
};

/** The lines that come before the one with the tag of a command, and that one. */
async function answerTo(tag: string, session: Session) {
  const untagged: string[] = [];
  for (;;) {
    const line = await session.line();
    if (line.startsWith(`${tag} `)) return { untagged, tagged: line };
    if (!line.startsWith('* ')) throw new Declined(`does not speak IMAP: ${quote(line)}`);
    untagged.push(line);
  }
}
