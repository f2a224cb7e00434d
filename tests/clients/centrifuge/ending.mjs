// Why an attempt or a connection ended, in the words of the journal's client.disconnected.

const NO_STATUS = 1005;
const ABNORMAL = 1006;
const CLIENT_TIMEOUT = 1; // errorCodes.timeout of the centrifuge client
const NO_PING = 2;        // connectingCodes.noPing of the centrifuge client

/**
 * @param socket what the socket saw: { by, opened, code, reason, error }
 * @param transition the context of the client's last "connecting" or "disconnected" event since, or null
 * @param failure the last "error" event of this attempt, or null
 * @returns {{cause: string, code?: number, reason?: string}}
 */
export function ending(socket, transition, failure) {
  if (socket.by === 'peer') return endedByPeer(socket);
  if (transition?.code === NO_PING) return { cause: 'liveness', reason: transition.reason };
  if (transition?.code >= 100) return { cause: 'close', code: transition.code, reason: transition.reason };
  if (failure?.error.code >= 100) return { cause: 'close', code: failure.error.code, reason: failure.error.message };
  const reason = failure?.error.message ?? transition?.reason;
  const timedOut = failure?.error.code === CLIENT_TIMEOUT || /timeout/.test(reason ?? '');
  return { cause: timedOut ? 'timeout' : 'transport', reason };
}

function endedByPeer({ opened, code, reason, error }) {
  const refusal = /^Unexpected server response: (\d+)$/.exec(error);
  if (refusal) return { cause: 'handshake', code: Number(refusal[1]), reason: error };
  if (!opened) return { cause: 'refused', reason: error };
  if (code === ABNORMAL) return { cause: 'transport', reason: error || 'connection closed' };
  return { cause: 'close', code, reason: code === NO_STATUS ? 'no status' : reason };
}
