// Events for the engine: JSON lines with the time of each in microseconds since the epoch.

/** Wall clock read once, then advanced monotonically, like the engine's. */
export function nowUs() {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

export class Output {
  #stream;
  #pending = '';

  constructor(stream) {
    this.#stream = stream;
  }

  /** Writes an event; `at` is now unless the event carries its own. Lines of one turn of the event loop leave in one write. */
  write(event) {
    if (this.#pending === '') setImmediate(() => this.#send());
    this.#pending += JSON.stringify({ at: nowUs(), ...event }) + '\n';
  }

  end(done) {
    const rest = this.#pending;
    this.#pending = '';
    this.#stream.write(rest, done);
  }

  #send() {
    if (this.#pending === '') return;
    this.#stream.write(this.#pending);
    this.#pending = '';
  }
}
