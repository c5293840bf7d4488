import { Failure } from '../base/failure.ts';
import { readU32 } from './u32.ts';

/** `"CCH1" ‖ version u8 ‖ type u8 ‖ epoch u32`: how every sealed object and every pack begins. */
export const objectHeaderBytes = 10;

/** The version that this program writes, and the only one that it reads. */
export const formatVersion = 1;

const magic = Uint8Array.of(0x43, 0x43, 0x48, 0x31);

/** What an object says about itself before anything of it is believed. */
export interface ObjectHeader {
  readonly version: number;
  readonly typeByte: number;
  readonly epoch: number;
}

/** The header's bytes, for the version that this program writes. */
export function objectHeader(typeByte: number, epoch: number): Uint8Array {
  const bytes = new Uint8Array(objectHeaderBytes);
  bytes.set(magic);
  bytes[4] = formatVersion;
  bytes[5] = typeByte;
  new DataView(bytes.buffer).setUint32(6, epoch);
  return bytes;
}

/**
 * Throws E_FORMAT where the bytes don't start like an object of ours, E_DOWNGRADE for any version but this program's.
 * `subject` is the object's name, for the message.
 */
export function readObjectHeader(object: Uint8Array, subject?: string): ObjectHeader {
  const detail = subject === undefined ? {} : { subject };
  if (object.byteLength < objectHeaderBytes || magic.some((byte, index) => object[index] !== byte)) {
    throw new Failure('E_FORMAT', 'not an object of a vault', detail);
  }
  const [, , , , version = 0, typeByte = 0] = object;
  if (version !== formatVersion) {
    throw new Failure('E_DOWNGRADE', `object of version ${version}; this vault has version ${formatVersion}`, detail);
  }
  return { version, typeByte, epoch: readU32(object, 6) };
}
