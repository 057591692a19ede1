import { Module } from '@nestjs/common';
import { Importables } from './importable.js';
import { ImportRunner } from './import-runner.js';
import { ImportStore } from './import-store.js';
import { ImportsController } from './imports.controller.js';
import { Imports } from './imports.js';

@Module({
  controllers: [ImportsController],
  providers: [ImportStore, Importables, ImportRunner, Imports],
})
export class ImportsModule {}
