import { quote } from './quote.ts';
import { Declined, type Session, type StartTls } from './session.ts';

/** RFC 6120 section 5. */
export const xmpp: StartTls = {
  goodbye: '</stream:stream>',
  // Inside TLS a new stream would have to be opened first.
  goodbyeInTls: Buffer.alloc(0),
  async ask(session, { server }) {
    session.send(
      `<?xml version='1.0'?><stream:stream to='${server}' xmlns='jabber:client' ` +
        "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
    );
    const features = await opening(session);
    if (!/<starttls[\s/>]/.test(features)) throw new Declined('does not offer STARTTLS');
    session.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    const answer = await session.until(/>/);
    if (!/^\s*<proceed[\s/>]/.test(answer)) {
      throw new Declined(`refuses STARTTLS: ${quote(answer)}`);
    }
  },
};

/** The server's features, which it lists when it has opened its stream. */
async function opening(session: Session): Promise<string> {
  // As much as has come, which may be one byte.
  const first = await session.until(/\S[^>]{0,60}>?/);
  if (!/^\s*<($|\?|s)/.test(first)) {
    throw new Declined(`does not speak XMPP: ${quote(first)}`);
  }
  const rest = await session.until(/<\/stream:features>|<stream:features\s*\/>|<\/stream:error>/);
  if (rest.endsWith('</stream:error>')) {
    throw new Declined(`ends the stream: ${quote(/<stream:error>.*$/s.exec(rest)?.[0] ?? rest)}`);
  }
  return rest;
}
