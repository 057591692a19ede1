// P10's peer: what many Nest services are, an Express controller that validates a body and saves a row. Plain JavaScript has
// no decorators, so they are called.
import 'reflect-metadata';
import { Body, Controller, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { IsDateString, IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

const slug = () => Matches(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);

class FileContract {}
const rules = {
  on: [IsDateString({ strict: true })],
  contract: [slug()],
  title: [IsString(), Length(1, 200)],
  type: [IsIn(['development', 'transfer', 'licence', 'consulting', 'service'])],
  output: [slug()],
  absorbing: [slug()],
  amountFen: [IsInt(), Min(0), Max(Number.MAX_SAFE_INTEGER)],
};
for (const [field, decorators] of Object.entries(rules)) {
  for (const decorate of decorators) decorate(FileContract.prototype, field);
}

class Contract {}
PrimaryGeneratedColumn('uuid')(Contract.prototype, 'id');
Column('text', { unique: true })(Contract.prototype, 'contract');
Column('date')(Contract.prototype, 'on');
Column('bigint')(Contract.prototype, 'amountFen');
for (const field of ['title', 'type', 'output', 'absorbing']) Column('text')(Contract.prototype, field);
Entity('contracts')(Contract);

class ContractsController {
  constructor(contracts) {
    this.contracts = contracts;
  }
  file(body) {
    return this.contracts.save(this.contracts.create(body));
  }
}
InjectRepository(Contract)(ContractsController, undefined, 0);
Body()(ContractsController.prototype, 'file', 0);
Reflect.defineMetadata('design:paramtypes', [FileContract], ContractsController.prototype, 'file');
Post()(ContractsController.prototype, 'file', Object.getOwnPropertyDescriptor(ContractsController.prototype, 'file'));
Controller('contracts')(ContractsController);

class AppModule {}
Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities: [Contract],
      synchronize: true,
      poolSize: Number(process.env.CONNECTIONS),
    }),
    TypeOrmModule.forFeature([Contract]),
  ],
  controllers: [ContractsController],
})(AppModule);

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
process.on('disconnect', () => process.exit(0));
process.send({ url: await app.getUrl() });
