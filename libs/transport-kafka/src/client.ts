import { Kafka, logLevel, type LogEntry } from 'kafkajs';

// kafkajs says these at ERROR or WARN, yet they are its ordinary course or said twice. A fresh or restarted broker loads its
// coordinators and elects its leaders first. Who wanted a missing topic is told by a rejection. Bounded retries are what the
// sink's new producer after a failure makes safe. That a connection failed, the connection itself has told.
const ORDINARY = new RegExp(
  [
    'coordinator is (loading|not available)',
    'is not the (leader|correct coordinator)',
    'leadership election',
    'does not host this topic',
    'Limiting retries for the idempotent',
    'Failed to connect to seed',
  ].join('|'),
);

/** How long the same line is not said again, in milliseconds: kafkajs repeats itself each second that a broker is down. */
const QUIET_MS = 30_000;

/** How sink and source talk to the brokers. */
export function kafkaClient(options: {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly requestTimeoutMs?: number;
  /** Told of kafkajs's errors and warnings. */
  readonly onLog: (line: string, entry: LogEntry) => void;
}): Kafka {
  const said = new Set<string>();
  let since = 0;
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    // The defaults wait for 30 s, for an answer and between retries: a feed that stands still that long looks broken.
    requestTimeout: options.requestTimeoutMs ?? 5000,
    connectionTimeout: 1000,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, error, broker } = entry.log;
      const words = [`kafka ${entry.label} ${entry.namespace}:`, message, error, broker];
      const line = words
        .filter(Boolean)
        .join(' ')
        .replaceAll(/\s*\n\s*/g, ' ');
      if (Date.now() - since > QUIET_MS) {
        said.clear();
        since = Date.now();
      }
      if (said.has(line) || ORDINARY.test(line)) return;
      said.add(line);
      options.onLog(line, entry);
    },
  });
}
