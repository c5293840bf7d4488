/** Runs s3rver: `node s3rver-process.ts PORT FOLDER`. The package brings no program of its own. */
import { createRequire } from 'node:module';

interface S3rverOptions {
  readonly address: string;
  readonly port: number;
  readonly directory: string;
  readonly silent: boolean;
  readonly resetOnClose: boolean;
  readonly allowMismatchedSignatures: boolean;
}

const [, , port, directory = ''] = process.argv;
const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (options: S3rverOptions) => { run(): Promise<unknown> };
await new S3rver({
  address: '127.0.0.1',
  port: Number(port),
  directory,
  silent: true,
  resetOnClose: false,
  allowMismatchedSignatures: false,
}).run();
