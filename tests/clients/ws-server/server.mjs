// A WebSocket server on npm `ws`, as many are written: it echoes, pings, and terminates connections that do not answer.
//   node server.mjs [--heartbeat MS] [--broken no-pong|keeps-dead] [--want HEADER=VALUE] [--subprotocol NAME] [--greeting TEXT]
// Prints {"address":"ws://127.0.0.1:PORT/chat"} once it listens, and ends with its standard input.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values } = parseArgs({
  options: {
    heartbeat: { type: 'string', default: '2000' }, // 0: none; a link with a longer round trip is given up
    broken: { type: 'string' },
    want: { type: 'string' }, // a handshake without this header is refused with 401
    subprotocol: { type: 'string' }, // a handshake that does not offer it is refused with 400
    greeting: { type: 'string' }, // connections whose first message is another one are closed with 4400
  },
});

const http = createServer((_, response) => response.writeHead(404).end());
const server = new WebSocketServer({
  noServer: true,
  autoPong: values.broken !== 'no-pong',
  handleProtocols: offered => (values.subprotocol && offered.has(values.subprotocol) ? values.subprotocol : false),
});

function refusal(request) {
  const [name, value] = values.want?.split('=') ?? [];
  if (name && request.headers[name.toLowerCase()] !== value) return '401 Unauthorized';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(p => p.trim());
  if (values.subprotocol && !offered.includes(values.subprotocol)) return '400 Bad Request';
  if (request.headers.host !== `127.0.0.1:${http.address().port}`) return '421 Misdirected Request';
  return request.url.startsWith('/chat') ? null : '404 Not Found';
}

http.on('upgrade', (request, socket, head) => {
  const status = refusal(request);
  if (status) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  else server.handleUpgrade(request, socket, head, client => server.emit('connection', client));
});

server.on('connection', client => {
  let greeted = !values.greeting;
  client.isAlive = true;
  client.on('pong', () => { client.isAlive = true; });
  client.on('error', () => client.terminate());
  client.on('message', (data, isBinary) => {
    if (!greeted && data.toString() !== values.greeting) return client.close(4400, 'no greeting');
    greeted = true;
    client.send(data, { binary: isBinary });
  });
});

const heartbeat = Number(values.heartbeat);
if (heartbeat > 0) {
  setInterval(() => {
    for (const client of server.clients) {
      if (!client.isAlive && values.broken !== 'keeps-dead') { client.terminate(); continue; }
      client.isAlive = false;
      client.ping();
    }
  }, heartbeat);
}

http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ address: `ws://127.0.0.1:${http.address().port}/chat` })));
process.stdin.on('end', () => process.exit(0)).resume();
