// Drives a Toxiproxy server with everything that the stock Node client can do: `node smoke.mjs http://127.0.0.1:8474`.
// Exits with 0 when the server behaves.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { Proxy, Toxic, Toxiproxy } from 'toxiproxy-node-client';

const toxiproxy = new Toxiproxy(process.argv[2]);

const echo = net.createServer({ allowHalfOpen: true }, socket => socket.on('error', () => socket.destroy()).pipe(socket));
echo.listen(0, '127.0.0.1');
await once(echo, 'listening');
const upstream = `127.0.0.1:${echo.address().port}`;

async function connect(proxy) {
  const [host, port] = proxy.listen.split(':');
  const socket = net.connect({ host, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {}); // Whoever waits for the end waits for the close.
  return socket;
}

const closed = socket => new Promise(resolve => socket.once('close', resolve));

/** Sends bytes to the echo server and waits for them; rejects when the connection is cut. Gives milliseconds. */
function echoed(socket, text) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let got = '';
    const onClose = () => reject(new Error('closed'));
    const onData = chunk => {
      got += chunk;
      if (got.length < text.length) return;
      socket.off('data', onData).off('close', onClose);
      if (got === text) resolve(performance.now() - began);
      else reject(new Error('other bytes came back'));
    };
    socket.on('data', onData).once('close', onClose);
    socket.write(text);
  });
}

async function roundTrip(proxy, text = 'x') {
  const socket = await connect(proxy);
  try {
    return await echoed(socket, text);
  } finally {
    socket.destroy();
  }
}

async function version() {
  assert.match(await toxiproxy.getVersion(), /^\{?.*2\./);
}

async function proxies() {
  const proxy = await toxiproxy.createProxy({ name: 'echo', listen: '127.0.0.1:0', upstream, enabled: true });
  assert.ok(proxy instanceof Proxy);
  assert.equal(proxy.name, 'echo');
  assert.match(proxy.listen, /^127\.0\.0\.1:[1-9]\d*$/);
  assert.deepEqual(proxy.toJson(), { name: 'echo', listen: proxy.listen, upstream, enabled: true });
  await roundTrip(proxy);
  await assert.rejects(toxiproxy.createProxy({ name: 'echo', listen: '127.0.0.1:0', upstream }), /status code 409/);
  await assert.rejects(toxiproxy.createProxy({ name: '', listen: '127.0.0.1:0', upstream }), /status code 400/);
  await assert.rejects(toxiproxy.createProxy({ name: 'echo2', listen: proxy.listen, upstream }), /status code 500/);
  await assert.rejects(toxiproxy.get('none'), /status code 404/);

  const disabled = await proxy.update({ listen: proxy.listen, upstream, enabled: false });
  assert.equal(disabled.enabled, false);
  await assert.rejects(roundTrip(proxy), { code: 'ECONNREFUSED' });
  const enabled = await proxy.update({ listen: proxy.listen, upstream, enabled: true });
  const open = await connect(enabled);
  await echoed(open, 'open');
  const dropped = closed(open);
  const moved = await proxy.update({ listen: proxy.listen, upstream: 'somehost:12345', enabled: true });
  assert.deepEqual([moved.enabled, moved.upstream], [true, 'somehost:12345']);
  await dropped; // Another upstream drops connections.
  const back = await proxy.update({ listen: proxy.listen, upstream, enabled: true });
  await roundTrip(back);
  assert.equal((await toxiproxy.get('echo')).upstream, upstream);
  return back;
}

async function toxicsAreMadeReadChangedAndRemoved(proxy) {
  const toxic = await proxy.addToxic({ name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 150, jitter: 0 } });
  assert.ok(toxic instanceof Toxic);
  assert.deepEqual(toxic.toJson(), { name: 'slow', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 150, jitter: 0 } });
  assert.ok(await roundTrip(proxy) >= 150);
  await assert.rejects(proxy.addToxic({ name: 'slow', type: 'latency', stream: 'upstream', attributes: {} }), /status code 409/);
  await assert.rejects(proxy.addToxic({ name: 'odd', type: 'no-such-type', stream: 'downstream', attributes: {} }), /status code 400/);
  await assert.rejects(proxy.addToxic({ name: 'odd', type: 'latency', stream: 'sideways', attributes: {} }), /status code 400/);

  const updated = await toxic.update({ attributes: { latency: 300 } });
  assert.deepEqual(updated.attributes, { latency: 300, jitter: 0 });
  assert.ok(await roundTrip(proxy) >= 300);
  assert.deepEqual((await proxy.getToxic('slow')).attributes, { latency: 300, jitter: 0 });
  assert.equal((await updated.update({ toxicity: 0 })).toxicity, 0);
  await roundTrip(proxy);
  await updated.remove();
  await assert.rejects(proxy.getToxic('slow'), /status code 404/);
  await assert.rejects(updated.remove(), /status code 404/);

  // As the client's own tests do it: a type and attributes, nothing else.
  const plain = await proxy.addToxic({ type: 'latency', attributes: { latency: 1, jitter: 1 } });
  assert.deepEqual([plain.name, plain.stream, plain.toxicity], ['latency_downstream', 'downstream', 1]);
  await plain.remove();
}

async function bandwidth(proxy) {
  const toxic = await proxy.addToxic({ type: 'bandwidth', stream: 'upstream', attributes: { rate: 100 } });
  assert.deepEqual([toxic.name, toxic.attributes], ['bandwidth_upstream', { rate: 100 }]);
  const took = await roundTrip(proxy, 'b'.repeat(30_000));
  assert.ok(took >= 200, `30 kB at 100 kB/s took ${took} ms`);
  await toxic.remove();
}

async function resetPeer(proxy) {
  const socket = await connect(proxy);
  await echoed(socket, 'before');
  const failed = closed(socket);
  const toxic = await proxy.addToxic({ type: 'reset_peer', attributes: { timeout: 50 } });
  assert.deepEqual(toxic.attributes, { timeout: 50 });
  await failed;
  await toxic.remove();
  await roundTrip(proxy);
}

async function slowClose(proxy) {
  const toxic = await proxy.addToxic({ type: 'slow_close', attributes: { delay: 200 } });
  assert.deepEqual([toxic.name, toxic.attributes], ['slow_close_downstream', { delay: 200 }]);
  const socket = await connect(proxy);
  await echoed(socket, 'x');
  const gone = closed(socket);
  const began = performance.now();
  socket.end();
  await gone;
  const took = performance.now() - began;
  assert.ok(took >= 200, `closing took ${took} ms`);
  await toxic.remove();
}

async function timeout(proxy) {
  const socket = await connect(proxy);
  await echoed(socket, 'before');
  const gone = closed(socket);
  let got = '';
  socket.on('data', chunk => { got += chunk; });
  const toxic = await proxy.addToxic({ type: 'timeout', attributes: { timeout: 100 } });
  assert.deepEqual(toxic.attributes, { timeout: 100 });
  socket.write('swallowed');
  await gone;
  assert.equal(got, '');
  await toxic.remove();

  const held = await connect(proxy);
  const forever = await proxy.addToxic({ type: 'timeout', attributes: { timeout: 0 } });
  const dropped = closed(held);
  await forever.remove(); // Its removal closes what it held.
  await dropped;
  await roundTrip(proxy);
}

async function slicer(proxy) {
  const toxic = await proxy.addToxic({ type: 'slicer', attributes: { average_size: 100, size_variation: 20, delay: 1000 } });
  assert.deepEqual(toxic.attributes, { average_size: 100, size_variation: 20, delay: 1000 });
  const took = await roundTrip(proxy, 's'.repeat(10_000));
  assert.ok(took >= 50, `a hundred slices took ${took} ms`);
  await toxic.remove();
}

async function limitData(proxy) {
  const toxic = await proxy.addToxic({ type: 'limit_data', attributes: { bytes: 42 } });
  assert.deepEqual(toxic.attributes, { bytes: 42 });
  const socket = await connect(proxy);
  const gone = closed(socket);
  let got = 0;
  socket.on('data', chunk => { got += chunk.length; });
  socket.write('l'.repeat(100));
  await gone;
  assert.equal(got, 42);
  await toxic.remove();
}

async function resetAndPopulate(proxy) {
  await proxy.addToxic({ name: 'cut', type: 'reset_peer', attributes: { timeout: 0 } });
  await proxy.update({ listen: proxy.listen, upstream, enabled: false });
  await toxiproxy.reset();
  const again = await toxiproxy.get('echo');
  assert.equal(again.enabled, true);
  await assert.rejects(again.getToxic('cut'), /status code 404/);
  await roundTrip(again);

  const kept = await again.addToxic({ name: 'kept', type: 'latency', attributes: { latency: 1, jitter: 0 } });
  const populated = await toxiproxy.populate([
    { name: 'echo', listen: again.listen, upstream, enabled: true },
    { name: 'other', listen: '127.0.0.1:0', upstream },
  ]);
  assert.deepEqual(Object.keys(populated).sort(), ['echo', 'other']);
  assert.equal((await again.getToxic('kept')).name, kept.name);
  await roundTrip(populated.other);
  const all = await toxiproxy.getAll();
  assert.deepEqual(Object.keys(all).sort(), ['echo', 'other']);
  for (const proxy of Object.values(all)) await proxy.remove();
  await assert.rejects(toxiproxy.get('echo'), /status code 404/);
  assert.deepEqual(await toxiproxy.getAll(), {});
}

await version();
const proxy = await proxies();
await toxicsAreMadeReadChangedAndRemoved(proxy);
await bandwidth(proxy);
await resetPeer(proxy);
await slowClose(proxy);
await timeout(proxy);
await slicer(proxy);
await limitData(proxy);
await resetAndPopulate(proxy);

console.log('ok');
process.exit(0);
