import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { explained, type Difference } from './difference.js';

/** Raised wherever a read finds that the store is not what the log says. */
@Injectable()
export class LogAlarm {
  private readonly log = new Logger('log');
  /** For the registry of whoever serves the metrics. */
  readonly differences = new Counter({
    name: 'liandong_log_differences_total',
    help: 'How often a read of the log found store and log to differ',
    registers: [],
  });

  raise(difference: Difference): void {
    const { zh, en } = explained(difference);
    this.differences.inc();
    this.log.error(`${zh} (${en})`);
  }
}
