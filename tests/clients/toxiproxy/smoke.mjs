// Drives a Toxiproxy server with the stock Node client: `node smoke.mjs http://127.0.0.1:8474`. Exits with 0 when it behaves.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { Toxiproxy } from 'toxiproxy-node-client';

const toxiproxy = new Toxiproxy(process.argv[2]);

const echo = net.createServer(socket => socket.on('error', () => socket.destroy()).pipe(socket));
echo.listen(0, '127.0.0.1');
await once(echo, 'listening');
const upstream = `127.0.0.1:${echo.address().port}`;

/** Milliseconds for one byte to the echo server and back through a proxy; rejects when the connection is refused or cut. */
async function roundTrip(proxy) {
  const [host, port] = proxy.listen.split(':');
  const socket = net.connect({ host, port: Number(port), noDelay: true });
  try {
    await once(socket, 'connect');
    const began = performance.now();
    socket.write('x');
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => { throw new Error('closed'); })]);
    assert.equal(answer.toString(), 'x');
    return performance.now() - began;
  } finally {
    socket.destroy();
  }
}

assert.match(await toxiproxy.getVersion(), /^\{?.*2\./);

const proxy = await toxiproxy.createProxy({ name: 'echo', listen: '127.0.0.1:0', upstream, enabled: true });
assert.equal(proxy.name, 'echo');
assert.match(proxy.listen, /^127\.0\.0\.1:[1-9]\d*$/);
await roundTrip(proxy);
await assert.rejects(toxiproxy.createProxy({ name: 'echo', listen: '127.0.0.1:0', upstream, enabled: true }), /status code 409/);

const toxic = await proxy.addToxic({ name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 150, jitter: 0 } });
assert.deepEqual([toxic.name, toxic.type, toxic.stream, toxic.toxicity, toxic.attributes.latency], ['slow', 'latency', 'downstream', 1, 150]);
assert.ok(await roundTrip(proxy) >= 150);
await assert.rejects(proxy.addToxic({ name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 1, jitter: 0 } }), /status code 409/);
await assert.rejects(proxy.addToxic({ name: 'odd', type: 'no-such-type', stream: 'downstream', toxicity: 1, attributes: {} }), /status code 400/);

const updated = await toxic.update({ attributes: { latency: 300 } });
assert.equal(updated.attributes.latency, 300);
assert.ok(await roundTrip(proxy) >= 300);
assert.equal((await proxy.getToxic('slow')).attributes.latency, 300);
assert.equal((await toxiproxy.get('echo')).name, 'echo');
await updated.remove();
await assert.rejects(proxy.getToxic('slow'), /status code 404/);

await proxy.addToxic({ name: 'cut', type: 'reset_peer', stream: 'downstream', toxicity: 1, attributes: { timeout: 0 } });
await assert.rejects(roundTrip(proxy));
const disabled = await proxy.update({ listen: proxy.listen, upstream, enabled: false });
assert.equal(disabled.enabled, false);
await assert.rejects(roundTrip(proxy));

await toxiproxy.reset();
const again = await toxiproxy.get('echo');
assert.equal(again.enabled, true);
await roundTrip(again);

const populated = await toxiproxy.populate([
  { name: 'echo', listen: again.listen, upstream, enabled: true },
  { name: 'other', listen: '127.0.0.1:0', upstream, enabled: true },
]);
assert.deepEqual(Object.keys(populated).sort(), ['echo', 'other']);
await roundTrip(populated.other);
assert.deepEqual(Object.keys(await toxiproxy.getAll()).sort(), ['echo', 'other']);
await again.remove();
await assert.rejects(toxiproxy.get('echo'), /status code 404/);

console.log('ok');
process.exit(0);
