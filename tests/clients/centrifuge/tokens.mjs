// Tokens are issued by the engine: this process never sees the secret.

export class Tokens {
  #output;
  #waiting = new Map();
  #lastId = 0;

  constructor(output) {
    this.#output = output;
  }

  /** Resolves with a token; `purpose` is "connect", "refresh" or "subscribe" (the latter with a channel). */
  request(client, purpose, channel) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#output.write({ ev: 'token', id, client, purpose, channel });
    });
  }

  answer({ id, token, error }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) throw new Error(`no token was asked for with id ${id}`);
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error));
    else waiting.resolve(token);
  }
}
