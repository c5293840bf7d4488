import { callCode, type FileCalls, type OpenFile } from '../calls/file-calls.ts';

/** Sets permission bits as far as the file system keeps any: FAT refuses what it can't hold. What came of it shows in the next stat. */
export function setModeIfKept(calls: FileCalls, file: OpenFile, mode: number): void {
  try {
    calls.setFileMode(file, mode);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(callCode(error))) throw error;
  }
}
