// Hosts the clients of one fleet. The protocol with the engine is described in ../README.md.
import { createInterface } from 'node:readline';
import { FleetClient } from './fleet-client.mjs';
import { Output } from './output.mjs';
import { Tokens } from './tokens.mjs';

const PROTOCOL = 1;

const output = new Output(process.stdout);
const tokens = new Tokens(output);
const clients = new Map();
let dialsInFlight = 50;

const commands = {
  token: message => tokens.answer(message),
  start,
  publish: ({ client, channel, data }) => clientNamed(client).publish(channel, data),
  stop,
};

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
let configured = false;
lines.on('line', line => {
  const message = JSON.parse(line);
  if (!configured) {
    configured = true;
    configure(message);
    return;
  }

  const command = commands[message.cmd];
  if (!command) throw new Error(`unknown command: ${line}`);
  command(message);
});

// The engine is gone, whatever became of it: nothing may be left behind.
lines.on('close', () => process.exit(0));

function configure(config) {
  if (config.protocol !== PROTOCOL) throw new Error(`protocol ${config.protocol} is not spoken here, only ${PROTOCOL}`);
  dialsInFlight = config.dials_in_flight;
  for (const client of config.clients) {
    clients.set(client.name, new FleetClient(client, config.policy, output, tokens));
  }

  setInterval(() => {
    for (const client of clients.values()) client.flush();
  }, config.batch_ms);
  output.write({ ev: 'ready' });
}

function clientNamed(name) {
  const client = clients.get(name);
  if (!client) throw new Error(`no client is named ${name}`);
  return client;
}

// A few at a time: a fleet that dials all at once measures this process' start, not the gateway.
async function start() {
  const waiting = [...clients.values()];
  const dial = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.start();
  };
  await Promise.all(Array.from({ length: dialsInFlight }, dial));
}

function stop() {
  for (const client of clients.values()) client.stop();
  // After the microtasks that report the disconnects.
  setImmediate(() => {
    output.write({ ev: 'stopped' });
    output.end(() => process.exit(0));
  });
}
