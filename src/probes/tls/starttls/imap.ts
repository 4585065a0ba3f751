import { type Conversation, Declined, type StartTls } from './conversation.ts';
import { quote } from './quote.ts';

/** RFC 3501 section 6.2.1. */
export const imap: StartTls = {
  goodbye: 'x LOGOUT\r\n',
  async ask(talk) {
    const greeting = await talk.line();
    if (!greeting.startsWith('* ')) throw new Declined(`does not speak IMAP: ${quote(greeting)}`);
    if (!/^\* OK\b/i.test(greeting)) throw new Declined(`greets with ${quote(greeting)}`);
    talk.send('a CAPABILITY\r\n');
    const { untagged } = await answerTo('a', talk);
    if (!untagged.some((line) => /^\* CAPABILITY\b.* STARTTLS\b/i.test(line))) {
      throw new Declined('does not offer STARTTLS');
    }
    talk.send('b STARTTLS\r\n');
    const { tagged } = await answerTo('b', talk);
    if (!/^b OK\b/i.test(tagged)) throw new Declined(`refuses STARTTLS: ${quote(tagged)}`);
  },
};

/** The lines that come before the one with the tag of a command, and that one. */
async function answerTo(tag: string, talk: Conversation) {
  const untagged: string[] = [];
  for (;;) {
    const line = await talk.line();
    if (line.startsWith(`${tag} `)) return { untagged, tagged: line };
    if (!line.startsWith('* ')) throw new Declined(`does not speak IMAP: ${quote(line)}`);
    untagged.push(line);
  }
}
