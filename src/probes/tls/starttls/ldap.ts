import { Declined, type StartTls } from './session.ts';

/** The extended request StartTLS, message 1 (RFC 4511 section 4.14). */
const request = Buffer.concat([
  Buffer.from('301d02010177188016', 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20037'),
]);

/** The unbind request, message 2 (section 4.3). */
const unbind = Buffer.from('30050201024200', 'hex');

const tags = { sequence: 0x30, extendedResponse: 0x78, enumerated: 0x0a };

/** RFC 4511. */
export const ldap: StartTls = {
  goodbye: unbind,
  async ask(session) {
    session.send(request);
    const start = await session.bytes(2);
    if (start[0] !== tags.sequence) {
      throw new Declined(`does not speak LDAP: first bytes ${start.toString('hex')}`);
    }
    const message = await session.bytes(
      await lengthAfter(start[1] ?? 0, (count) => session.bytes(count)),
    );
    const result = resultCode(message);
    if (result === 0) return;
    throw new Declined(
      result === undefined ? 'gives no answer to StartTLS' : `refuses StartTLS: result ${result}`,
    );
  },
};

/** A length in BER, which may have bytes of its own (X.690 section 8.1.3). */
async function lengthAfter(
  first: number,
  more: (count: number) => Promise<Buffer>,
): Promise<number> {
  if (first < 0x80) return first;
  const digits = await more(Math.min(first & 0x7f, 4));
  return digits.reduce((length, digit) => length * 256 + digit, 0);
}

/** The first item of an extended response is its result; a message id of 1 to 4 bytes stands before. */
function resultCode(message: Buffer): number | undefined {
  const response = 2 + (message[1] ?? 0);
  if (message[response] !== tags.extendedResponse) return undefined;
  const first = message[response + 1] ?? 0;
  const content = response + 2 + (first < 0x80 ? 0 : first & 0x7f);
  return message[content] === tags.enumerated ? message[content + 2] : undefined;
}
