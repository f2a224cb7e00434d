// The socket that is handed to the centrifuge client (its documented `websocket` option): npm ws behind the members of a
// browser's WebSocket that the client uses, plus a note of when an attempt began and how it ended, which the client's own
// events do not tell. Not a subclass: ws calls its own close() to answer a close frame, which must not look like the client's.
import WebSocket from 'ws';

/**
 * A WebSocket class whose instances report to `watch`: `began()` when dialling, `ended({ by, opened, code, reason, error })`
 * once, when the peer or the network ended it (`by: "peer"`) or when the client closed it (`by: "client"`).
 */
export function observedSocket(watch) {
  return class ObservedSocket {
    onopen = null;
    onmessage = null;
    onerror = null;
    onclose = null;

    #socket;
    #opened = false;
    #error = '';
    #over = false;

    constructor(url, protocols) {
      watch.began();
      this.#socket = new WebSocket(url, protocols);
      this.#socket.onopen = event => {
        this.#opened = true;
        this.onopen?.(event);
      };
      this.#socket.onmessage = event => this.onmessage?.(event);
      this.#socket.onerror = event => {
        this.#error = event.message;
        this.onerror?.(event);
      };
      this.#socket.onclose = event => {
        this.#end('peer', event.code, event.reason);
        this.onclose?.(event);
      };
    }

    send(data) {
      this.#socket.send(data);
    }

    close(code, reason) {
      this.#end('client', code, reason);
      this.#socket.close(code, reason);
    }

    #end(by, code, reason) {
      if (this.#over) return;
      this.#over = true;
      watch.ended({ by, opened: this.#opened, code, reason, error: this.#error });
    }
  };
}
