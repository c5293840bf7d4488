/** What a file most likely is, by the end of its name, for a sentence where nothing of it can be shown. */

const endings = {
  pdf: ['pdf'],
  document: ['doc', 'docx', 'odt', 'rtf', 'pages', 'epub'],
  table: ['xls', 'xlsx', 'ods', 'numbers'],
  slides: ['ppt', 'pptx', 'odp', 'key'],
  picture: ['svg', 'heic', 'heif', 'avif', 'tif', 'tiff', 'bmp', 'psd', 'raw', 'cr2', 'nef', 'dng', 'png', 'jpg', 'jpeg', 'gif', 'webp'],
  sound: ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wav', 'aac'],
  film: ['mp4', 'mkv', 'mov', 'avi', 'webm', 'm4v'],
  archive: ['zip', 'gz', 'xz', 'zst', 'bz2', '7z', 'rar', 'tar', 'tgz'],
} as const;

export type FileKind = keyof typeof endings | 'file';

export function fileKind(name: string): FileKind {
  const dot = name.lastIndexOf('.');
  const ending = dot === -1 ? '' : name.slice(dot + 1).toLowerCase();
  const found = Object.entries(endings).find(([, all]) => (all as readonly string[]).includes(ending));
  return found === undefined ? 'file' : (found[0] as FileKind);
}
