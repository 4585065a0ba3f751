/**
 * True when Node.js is older than lbcheck needs; the client has then been told so. This stands at the
 * beginning of the bundle, in words that Node.js 10 can read.
 */
module.exports = function isTooOld() {
  if (Number(process.versions.node.split('.')[0]) >= 18) return false;
  const reason = `lbcheck needs Node.js 18 or later, and this is ${process.version}`;
  process.exitCode = 3;
  // biome-ignore lint/style/useNodejsImportProtocol: Node.js 10 does not know node:fs
  if (!require('fs').fstatSync(0).isSocket()) {
    console.log(`UNKNOWN - ${reason}`);
    return true;
  }
  // biome-ignore lint/style/useNodejsImportProtocol: nor node:net
  const client = new (require('net').Socket)({ fd: 0, readable: true, writable: true });
  const leave = () => process.exit(3);
  const answer = () => {
    client.end(
      `HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${
        reason.length + 1
      }\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n${reason}\n`,
    );
    setTimeout(leave, 250);
  };
  // A request that nobody reads would reset the connection, and the answer with it.
  client.on('error', leave).once('data', answer);
  setTimeout(answer, 1000);
  return true;
};
