import { quote } from './quote.ts';
import { Declined, type StartTls } from './session.ts';

/** Capabilities of the protocol (MySQL internals, "Capabilities Flags"). */
const capability = { protocol41: 0x200, ssl: 0x800, secureConnection: 0x8000 };

const ours = capability.protocol41 | capability.ssl | capability.secureConnection;
const utf8 = 33;

/** The head of every answer to a greeting: capabilities, the largest packet, the character set. */
const head = Buffer.alloc(32);
head.writeUInt32LE(ours, 0);
head.writeUInt32LE(0xff_ffff, 4);
head.writeUInt8(utf8, 8);

/** MySQL and MariaDB. */
export const mysql: StartTls = {
  /**
   * A login that fails, as a user `lbcheck` without a password. The server counts clients that leave without
   * a login, and shuts out a host that does so too often (max_connect_errors).
   */
  goodbyeInTls: packet(2, Buffer.concat([head, Buffer.from('lbcheck\0\0')])),
  async ask(session) {
    const start = await session.bytes(4);
    if (start[3] !== 0)
      throw new Declined(`does not speak MySQL: ${quote(start.toString('latin1'))}`);
    const greeting = await session.bytes(start.readUIntLE(0, 3));
    const text = quote(greeting.subarray(3).toString('latin1'));
    if (greeting[0] === 0xff) throw new Declined(`greets with the error ${text}`);
    if (greeting[0] !== 10) throw new Declined(`does not speak MySQL 10: ${text}`);
    // Behind the version, which ends with a zero: thread id, 8 bytes of salt, a zero, capabilities.
    const capabilities = greeting.indexOf(0, 1) + 1 + 4 + 8 + 1;
    if (greeting.length < capabilities + 2) throw new Declined('does not speak MySQL: cut off');
    if ((greeting.readUInt16LE(capabilities) & capability.ssl) === 0) {
      throw new Declined('does not offer TLS');
    }
    session.send(packet(1, head));
  },
};

/** A length of 3 bytes and a number before each packet. */
function packet(number: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(number, 3);
  return Buffer.concat([header, payload]);
}
