// The server's half of RFC 6455, as far as a console needs it: text frames, close, ping.
import { createHash } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** accept answers an upgrade and returns {send(object), close(code), destroy(), onmessage, onclose}. */
export function accept(req, socket) {
  const key = createHash('sha1').update(req.headers['sec-websocket-key'] + GUID).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
  const ws = {
    onmessage() {},
    onclose() {},
    open: true,
    send(data) {
      if (ws.open) socket.write(encode(1, Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))));
    },
    close(code = 1000) {
      const body = Buffer.alloc(2);
      body.writeUInt16BE(code);
      if (ws.open) socket.end(encode(8, body));
      ws.open = false;
    },
    destroy() {
      socket.destroy();
    },
  };
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const frame = decode(rest);
      if (!frame) return;
      rest = rest.subarray(frame.size);
      if (frame.opcode === 1) ws.onmessage(frame.payload.toString('utf8'));
      else if (frame.opcode === 8) ws.close();
      else if (frame.opcode === 9 && ws.open) socket.write(encode(10, frame.payload));
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    ws.open = false;
    ws.onclose();
  });
  return ws;
}

function encode(opcode, payload) {
  const n = payload.length;
  const head = n < 126 ? Buffer.from([0x80 | opcode, n]) : n < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
  if (n >= 126) {
    head[0] = 0x80 | opcode;
    head[1] = n < 65536 ? 126 : 127;
    if (n < 65536) head.writeUInt16BE(n, 2);
    else head.writeBigUInt64BE(BigInt(n), 2);
  }
  return Buffer.concat([head, payload]);
}

function decode(b) {
  if (b.length < 2) return null;
  let n = b[1] & 0x7f;
  let at = 2;
  if (n === 126) {
    if (b.length < 4) return null;
    n = b.readUInt16BE(2);
    at = 4;
  } else if (n === 127) {
    if (b.length < 10) return null;
    n = Number(b.readBigUInt64BE(2));
    at = 10;
  }
  if (b.length < at + 4 + n) return null;
  const mask = b.subarray(at, at + 4);
  const payload = Buffer.from(b.subarray(at + 4, at + 4 + n));
  for (let i = 0; i < n; i++) payload[i] ^= mask[i % 4];
  return { opcode: b[0] & 0xf, payload, size: at + 4 + n };
}
