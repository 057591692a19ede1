import { Module } from '@nestjs/common';
import { LogAlarm } from './alarm.js';
import { ComparedLog } from './compared-log.js';
import { EventLog } from './event-log.js';
import { EventsController } from './events.controller.js';

@Module({
  controllers: [EventsController],
  providers: [EventLog, ComparedLog, LogAlarm],
  exports: [EventLog, LogAlarm],
})
export class LogModule {}
