// One client of the fleet: the official centrifuge client with its public options, and a report of everything it does.
import { Centrifuge, State } from 'centrifuge';
import { DeliveryBatch } from './delivery-batch.mjs';
import { ending } from './ending.mjs';
import { observedSocket } from './observed-socket.mjs';
import { nowUs } from './output.mjs';

const MAX_RETRY_MS = 2000;

export class FleetClient {
  #name;
  #output;
  #centrifuge;
  #batch;
  #attempt = 0;
  #open = false; // from the start of an attempt until its end has been reported
  #stopping = false;
  #transition = null;
  #failure = null;
  #firstOutcome;
  #settle;

  constructor({ name, url, channels }, policy, output, tokens) {
    this.#name = name;
    this.#output = output;
    this.#batch = new DeliveryBatch(name, output);
    this.#firstOutcome = new Promise(resolve => { this.#settle = resolve; });
    this.#centrifuge = new Centrifuge(url, {
      websocket: observedSocket({ began: () => this.#began(), ended: socket => this.#ended(socket) }),
      name: 'centrifuge-js',
      getToken: () => tokens.request(name, this.#centrifuge.state === State.Connected ? 'refresh' : 'connect'),
      minReconnectDelay: policy.base_ms,
      maxReconnectDelay: policy.cap_ms,
      timeout: policy.connect_timeout_ms,
      maxServerPingDelay: policy.ping_slack_ms,
    });
    this.#centrifuge.on('connecting', context => { this.#transition = context; });
    this.#centrifuge.on('connected', context => this.#connected(context));
    this.#centrifuge.on('disconnected', context => this.#disconnected(context));
    this.#centrifuge.on('error', context => this.#error(context));
    for (const channel of channels) this.#subscribe(channel, policy, tokens);
  }

  /** Connects; resolves when the first attempt has ended in one way or the other. */
  start() {
    this.#centrifuge.connect();
    return this.#firstOutcome;
  }

  stop() {
    this.#stopping = true;
    this.#centrifuge.disconnect();
    this.#settle();
    this.flush();
  }

  flush() {
    this.#batch.flush();
  }

  /** Publishes until it is acknowledged or refused for good: resending is the application's part with this client. */
  async publish(channel, data) {
    for (let delayMs = 100; ; delayMs = Math.min(2 * delayMs, MAX_RETRY_MS)) {
      try {
        await this.#centrifuge.publish(channel, data);
        this.#report({ ev: 'acked', channel, mid: data.mid });
        return;
      } catch (error) {
        const temporary = error.code < 100 || error.temporary;
        if (!temporary || this.#centrifuge.state === State.Disconnected) {
          this.#report({ ev: 'publish_failed', channel, mid: data.mid, code: error.code, message: error.message });
          return;
        }

        // Below 100 it is the client's own code for a lost connection: the next call waits for the next one.
        if (error.code >= 100) await new Promise(resolve => setTimeout(resolve, Math.random() * delayMs));
      }
    }
  }

  #subscribe({ name: channel, needs_token: needsToken }, policy, tokens) {
    const subscription = this.#centrifuge.newSubscription(channel, {
      recoverable: true,
      positioned: true,
      getToken: needsToken ? () => tokens.request(this.#name, 'subscribe', channel) : null,
      minResubscribeDelay: policy.base_ms,
      maxResubscribeDelay: policy.cap_ms,
    });
    subscription.on('subscribed', ({ wasRecovering, recovered, streamPosition }) => this.#report({
      ev: 'subscribed', channel, was_recovering: wasRecovering, recovered, epoch: streamPosition?.epoch, offset: streamPosition?.offset ?? 0,
    }));
    subscription.on('unsubscribed', ({ code, reason }) => {
      if (!this.#stopping) this.#report({ ev: 'unsubscribed', channel, code, reason });
    });
    subscription.on('publication', ({ data }) => this.#delivered(channel, data));
    subscription.on('error', ({ type, error }) => this.#report({ ev: 'error', code: error.code, message: `${channel} ${type}: ${error.message}` }));
    subscription.subscribe();
  }

  #delivered(channel, data) {
    if (!this.#batch.add(channel, data)) this.#report({ ev: 'error', message: `publication on ${channel} without p, n and t` });
  }

  #report(event) {
    this.flush();
    this.#output.write({ ...event, client: this.#name });
  }

  #began() {
    this.#open = true;
    this.#transition = null;
    this.#failure = null;
    this.#report({ ev: 'attempt', attempt: this.#attempt++ });
  }

  #connected({ client }) {
    this.#attempt = 0;
    this.#report({ ev: 'connected', session: client });
    this.#settle();
  }

  #ended(socket) {
    const at = nowUs();
    // The client tells its reasons in events that it raises in this same turn, before or after it lets go of the socket.
    queueMicrotask(() => {
      const told = this.#stopping ? { cause: 'local' } : ending(socket, this.#transition, this.#failure);
      this.#reportEnd(at, told);
    });
  }

  #disconnected(context) {
    this.#transition = context;
    // Given up between two sockets, such as when no token was to be had.
    if (!this.#open && !this.#stopping) this.#reportEnd(nowUs(), { cause: 'refused', reason: context.reason });
  }

  #reportEnd(at, told) {
    this.#open = false;
    const terminal = this.#centrifuge.state === State.Disconnected;
    this.#report({ ev: 'disconnected', at, ...told, terminal });
    this.#settle();
  }

  #error({ type, error }) {
    if (type === 'transport' || type === 'connect') {
      this.#failure = { type, error };
      return;
    }

    this.#report({ ev: 'error', code: error.code, message: `${type}: ${error.message}` });
  }
}
