// Deliveries of one client, gathered by channel and publisher so that a fleet's output stays small.
import { nowUs } from './output.mjs';

export class DeliveryBatch {
  #client;
  #output;
  #open = new Map();

  constructor(client, output) {
    this.#client = client;
    this.#output = output;
  }

  /** Adds one publication of a feed ({ p, n, t }: publisher, counter, due time in microseconds); false if it is no such thing. */
  add(channel, data) {
    const { p, n, t } = data ?? {};
    if (typeof p !== 'string' || !Number.isInteger(n) || !Number.isInteger(t)) return false;
    const key = `${channel}\n${p}`;
    let batch = this.#open.get(key);
    if (!batch) this.#open.set(key, batch = { channel, publisher: p, at: 0, n: [], sent_at: [], us: [] });
    batch.at = nowUs();
    batch.n.push(n);
    batch.sent_at.push(t);
    batch.us.push(batch.at - t);
    return true;
  }

  /** Must come before any other event of the client, so that the order of its events is kept. */
  flush() {
    if (this.#open.size === 0) return;
    for (const batch of this.#open.values()) this.#output.write({ ev: 'delivered', client: this.#client, ...batch });
    this.#open.clear();
  }
}
