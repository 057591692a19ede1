import { Module } from '@nestjs/common';
import type { Clock } from '#libs/eventing';
import { ProcessesController } from './processes.controller.js';
import { CLOCK, Processes } from './processes.js';

@Module({
  controllers: [ProcessesController],
  providers: [Processes, { provide: CLOCK, useValue: (() => new Date()) satisfies Clock }],
  exports: [Processes],
})
export class ProcessesModule {}
